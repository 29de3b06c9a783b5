import { portOf } from '@furrow/executor';

/** Full names and values. */
export type Parameters = ReadonlyMap<string, string>;

export interface ParameterFacts {
  readonly stackName: string;
  /** `http://localhost:3333/testing` */
  readonly managementUrl: string;
  /** `ws://localhost:3333/testing` */
  readonly webSocketUrl: string;
  readonly port: number;
  /** Where static files are, absolute; `undefined` when the app has none. */
  readonly staticDir: string | undefined;
  /** The tables' names in the database, by their names in the manifest. */
  readonly tables: ReadonlyMap<string, string>;
  /** Where DynamoDB answers, for an app with tables. */
  readonly tablesUrl: string;
  /** Topics and queues, by their names below the stack's. */
  readonly messages: ReadonlyMap<string, string>;
  /** Where Architect's library publishes; `undefined` for an app without events and queues. */
  readonly messagesPort: number | undefined;
}

/** The file beside the manifest that holds parameters of the app's own. */
export const parametersFile = '.parameters.json';

/** What `arc deploy` would make of this app on AWS, with local values. */
export function appParameters({ stackName, staticDir, tables, messages, ...facts }: ParameterFacts): Parameters {
  const ports = {
    http: facts.port,
    _arc: facts.port,
    ...(tables.size > 0 && { tables: portOf(facts.tablesUrl) }),
    ...(facts.messagesPort !== undefined && { events: facts.messagesPort, queues: facts.messagesPort }),
  };
  return new Map([
    [`/${stackName}/ws/https`, `${facts.managementUrl}/@connections`],
    [`/${stackName}/ws/wss`, facts.webSocketUrl],
    ...(staticDir === undefined
      ? []
      : ([
          [`/${stackName}/static/bucket`, staticDir],
          [`/${stackName}/static/fingerprint`, 'false'],
        ] as const)),
    ...[...tables].map(([name, physicalName]) => [`/${stackName}/tables/${name}`, physicalName] as const),
    ...[...messages].map(([name, value]) => [`/${stackName}/${name}`, value] as const),
    // Where Architect's own library looks for its sandbox.
    [`/${stackName}/ARC_SANDBOX/ports`, JSON.stringify(ports)],
  ]);
}

export interface OwnParameters {
  readonly parameters: Parameters;
  /** Names that are left out, or the whole file; one text each. */
  readonly faults: readonly string[];
}

/** What a standard parameter holds (SSM quotas). */
const maxValueLength = 4096;

/**
 * Parameters of the app's own: `{ "stripe/key": "abc" }` is `/[StackName]/stripe/key`.
 *
 * Names are below the stack's, because a function may read no others on AWS either.
 */
export function parseOwnParameters(text: string, stackName: string): OwnParameters {
  const read = parseObject(text);
  if (read === undefined) return { parameters: new Map(), faults: [text.trim().slice(0, 40)] };
  return {
    parameters: new Map(read.filter(isGood).map(([name, value]) => [`/${stackName}/${name}`, String(value)])),
    faults: read.filter((entry) => !isGood(entry)).map(([name]) => name),
  };
}

function isGood([name, value]: readonly [string, unknown]): boolean {
  const isName = /^[\w.-]+(?:\/[\w.-]+)*$/.test(name);
  return isName && typeof value === 'string' && value !== '' && value.length <= maxValueLength;
}

/** The members of a JSON object; a file that is not there is an empty one. */
function parseObject(text: string): readonly (readonly [string, unknown])[] | undefined {
  if (text.trim() === '') return [];
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}
