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
  TimeToLiveSpecification: 'time to live',
  GlobalSecondaryIndexes: 'indexes',
  AttributeDefinitions: 'attributes',
  PointInTimeRecoverySpecification: 'point-in-time recovery',
  SSESpecification: 'encryption',
  KeySchema: 'keys',
};

/** Kinds of parts as people call one of them. */
const kinds: Readonly<Record<string, string>> = {
  alias: 'provisioned concurrency',
  api: 'API',
  deadletters: 'dead-letter queue',
  logs: 'log group',
  response: 'route response',
  rule: 'schedule',
  source: 'event source',
  static: 'static files',
};

/** What belongs to the whole app, all of a kind together. */
const groups: Readonly<Record<string, string>> = {
  api: 'APIs',
  deployment: 'deployment and stage',
  stage: 'deployment and stage',
  role: 'roles',
  parameter: 'parameters',
  static: 'static files',
};

/** The order in which the parts of one thing are named; others follow. */
const order = [
  'function',
  'table',
  'authorizer',
  'route',
  'integration',
  'response',
  'topic',
  'queue',
  'rule',
  'permission',
];

/** `MemorySize` is `memory`; a name that is not known stays. */
export function propertyWords(property: string): string {
  return Object.hasOwn(properties, property) ? (properties[property] ?? property) : property;
}

/** One part of a kind: `logs` is `log group`. */
export function partWords(part: string): string {
  return Object.hasOwn(kinds, part) ? (kinds[part] ?? part) : part;
}

/** All parts of a kind: `api` is `APIs`. */
export function groupWords(part: string): string {
  return Object.hasOwn(groups, part) ? (groups[part] ?? part) : part;
}

/** A type of resource that no part explains: `AWS::Logs::LogGroup` is `LogGroup`. */
export function typeWords(type: string): string {
  return type.split('::').at(-1) ?? type;
}

/** Words for parts, each once, the most telling first. */
export function sortParts(parts: readonly string[]): readonly string[] {
  return [...new Set(parts)].toSorted((one, other) => rank(one) - rank(other));
}

function rank(part: string): number {
  return order.includes(part) ? order.indexOf(part) : order.length;
}
