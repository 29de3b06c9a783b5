import { refused, type Outcome } from './outcome.ts';

/** What DynamoDB has and this one does not; the rest are told that there is no such operation. */
const others: Readonly<Record<string, string>> = {
  ...each('PartiQL', ['BatchExecuteStatement', 'ExecuteStatement', 'ExecuteTransaction']),
  ...each('backups', [
    'CreateBackup',
    'DeleteBackup',
    'DescribeBackup',
    'DescribeContinuousBackups',
    'ListBackups',
    'RestoreTableFromBackup',
    'RestoreTableToPointInTime',
    'UpdateContinuousBackups',
  ]),
  ...each('exports and imports', [
    'DescribeExport',
    'DescribeImport',
    'ExportTableToPointInTime',
    'ImportTable',
    'ListExports',
    'ListImports',
  ]),
  ...each('global tables', [
    'CreateGlobalTable',
    'DescribeGlobalTable',
    'DescribeGlobalTableSettings',
    'DescribeTableReplicaAutoScaling',
    'ListGlobalTables',
    'UpdateGlobalTable',
    'UpdateGlobalTableSettings',
    'UpdateTableReplicaAutoScaling',
  ]),
  ...each('Kinesis streams', [
    'DescribeKinesisStreamingDestination',
    'DisableKinesisStreamingDestination',
    'EnableKinesisStreamingDestination',
    'UpdateKinesisStreamingDestination',
  ]),
  ...each('contributor insights', [
    'DescribeContributorInsights',
    'ListContributorInsights',
    'UpdateContributorInsights',
  ]),
  ...each('resource policies', ['DeleteResourcePolicy', 'GetResourcePolicy', 'PutResourcePolicy']),
  ...each('the limits of an account', ['DescribeLimits']),
  ...each('endpoint discovery', ['DescribeEndpoints']),
};

function each(what: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, what]));
}

/** The refusal of an operation that there is not. */
export function notOffered(operation: string): Outcome {
  const what = Object.hasOwn(others, operation) ? others[operation] : undefined;
  if (what === undefined) return refused('UnknownOperationException', `DynamoDB has no operation ${operation}.`);
  return refused(
    'UnknownOperationException',
    `The sandbox's DynamoDB does not offer ${operation} (${what}). With --external-db another DynamoDB is used.`,
  );
}
