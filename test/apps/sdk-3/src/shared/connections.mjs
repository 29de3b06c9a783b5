import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb'
import { SSMClient, GetParametersByPathCommand } from '@aws-sdk/client-ssm'

const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const ssm = new SSMClient({})

// once per warm function
const tables = await lookUpTables()
const TableName = tables.connections
const pk = 'connections'

async function lookUpTables() {
  const Path = `/${process.env.ARC_STACK_NAME}/tables`
  const { Parameters } = await ssm.send(new GetParametersByPathCommand({ Path, Recursive: true }))
  return Object.fromEntries(Parameters.map(({ Name, Value }) => [Name.split('/').at(-1), Value]))
}

export async function add(connectionId, topic) {
  const Item = { pk, sk: connectionId, topic, createdAt: new Date().toISOString() }
  await dynamodb.send(new PutCommand({ TableName, Item }))
}

export async function remove(connectionId) {
  await dynamodb.send(new DeleteCommand({ TableName, Key: { pk, sk: connectionId } }))
}

export async function* all() {
  const pages = paginateQuery(
    { client: dynamodb },
    { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk }, ConsistentRead: true },
  )
  for await (const { Items } of pages) yield* Items
}
