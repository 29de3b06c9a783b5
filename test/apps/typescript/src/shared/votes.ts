import arc from '@architect/functions'
import { Choice, type Tally } from './choices'

export class Votes {
  private constructor(private readonly tables: Awaited<ReturnType<typeof arc.tables>>) {}

  static async open(): Promise<Votes> {
    return new Votes(await arc.tables())
  }

  async count(choice: Choice): Promise<void> {
    await this.tables.votes.update({
      Key: { choice },
      UpdateExpression: 'ADD votes :one',
      ExpressionAttributeValues: { ':one': 1 },
    })
  }

  async tally(): Promise<Tally> {
    const { Items } = await this.tables.votes.scan({ ConsistentRead: true })
    const counted: Partial<Tally> = Object.fromEntries(Items.map(({ choice, votes }) => [choice, votes]))
    return { [Choice.Tea]: 0, [Choice.Coffee]: 0, ...counted }
  }

  async everyone(): Promise<string[]> {
    const { Items } = await this.tables.connections.scan({ ConsistentRead: true })
    return Items.map(({ id }) => id as string)
  }

  async here(id: string): Promise<void> {
    await this.tables.connections.put({ id })
  }

  async gone(id: string): Promise<void> {
    await this.tables.connections.delete({ id })
  }
}
