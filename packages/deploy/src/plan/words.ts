/** Properties of functions and tables as people call them. */
const properties: Readonly<Record<string, string>> = {
  Code: 'code',
  MemorySize: 'memory',
  Timeout: 'timeout',
  Runtime: 'runtime',
  Handler: 'handler',
  Environment: 'variables',
  Layers: 'layers',
  Role: 'role',
  Architectures: 'architecture',
  EphemeralStorage: 'storage',
  ReservedConcurrentExecutions: 'concurrency',
  LoggingConfig: 'log group',
  Tags: 'tags',
  TimeToLiveSpecification: 'time to live',
  GlobalSecondaryIndexes: 'indexes',
  AttributeDefinitions: 'attributes',
  PointInTimeRecoverySpecification: 'point-in-time recovery',
  SSESpecification: 'encryption',
  KeySchema: 'keys',
};

const kinds: Readonly<Record<string, string>> = {
  api: 'APIs',
  deployment: 'deployment and stage',
  stage: 'deployment and stage',
  logs: 'log group',
  log: 'log group',
  logGroup: 'log group',
  LogGroup: 'log group',
  role: 'roles',
  parameter: 'parameters',
  static: 'static files',
};

/** `MemorySize` is `memory`; a name that is not known stays. */
export function propertyWords(property: string): string {
  return Object.hasOwn(properties, property) ? (properties[property] ?? property) : property;
}

/** A kind of resource, or of part, as people call it: `LogGroup` is `log group`. */
export function resourceWords(kind: string): string {
  if (Object.hasOwn(kinds, kind)) return kinds[kind] ?? kind;
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}
