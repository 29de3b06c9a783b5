import type { Aws, LogLine } from '../aws/aws.ts';
import { errors } from '../errors.ts';
import { readResources } from '../plan/parts.ts';
import type { Target } from '../target.ts';
import { mapLimited } from './map-limited.ts';
import { pause } from './pause.ts';

export interface LogsOptions {
  readonly aws: Aws;
  readonly target: Target;
  /** Names of functions, `ws/join`; all for none. */
  readonly functions: readonly string[];
  /** Lines from before are left out; milliseconds since 1970. */
  readonly sinceMs: number;
  /** Whether to go on with what comes later. */
  readonly isFollowing: boolean;
  readonly pollMs: number;
  readonly signal: AbortSignal | undefined;
  readonly onLine: (line: FunctionLine) => void;
}

export interface FunctionLine {
  readonly label: string;
  readonly atMs: number;
  readonly text: string;
}

interface Group {
  readonly label: string;
  readonly group: string;
}

const groupsAtOnce = 5;
const mostLines = 1000;
/** CloudWatch sorts in what comes late; lines this much older than the newest may still appear. */
const latenessMs = 10_000;

/**
 * Reads what functions have printed, oldest first, all functions together.
 *
 * @throws {STACK_MISSING} when nothing is deployed.
 * @throws {FUNCTION_NOT_DEPLOYED} when a function is not in the stack.
 */
export async function readLogs(options: LogsOptions): Promise<void> {
  const { isFollowing, pollMs, signal } = options;
  const groups = await findGroups(options);
  let seen: ReadonlyMap<string, number> = new Map();
  let fromMs = options.sinceMs;
  for (;;) {
    const newest = await readRound(options, { groups, fromMs, seen });
    seen = newest.seen;
    fromMs = newest.fromMs;
    if (!isFollowing) return;
    if (!(await pause(pollMs, signal))) return;
  }
}

/** Reports what has not been seen; of lines that late ones could still stand between, the ids are kept. */
async function readRound(
  { aws, onLine }: LogsOptions,
  { groups, fromMs, seen }: { groups: readonly Group[]; fromMs: number; seen: ReadonlyMap<string, number> },
): Promise<{ readonly seen: ReadonlyMap<string, number>; readonly fromMs: number }> {
  const lines = await mapLimited(groups, groupsAtOnce, ({ group }) =>
    aws.logs.lines(group, { sinceMs: fromMs, most: mostLines }),
  );
  const labels = new Map(groups.map(({ group, label }) => [group, label]));
  const all = lines.flat().toSorted((one, other) => one.atMs - other.atMs);
  const fresh = all.filter((line) => !seen.has(idOf(line)));
  for (const line of fresh) onLine({ label: labels.get(line.group) ?? '', atMs: line.atMs, text: line.text });
  const nextMs = Math.max(fromMs, (all.at(-1)?.atMs ?? 0) - latenessMs);
  const kept = [...seen, ...fresh.map((line) => [idOf(line), line.atMs] as const)];
  return { seen: new Map(kept.filter(([, atMs]) => atMs >= nextMs)), fromMs: nextMs };
}

function idOf({ group, id }: LogLine): string {
  return `${group} ${id}`;
}

async function findGroups({ aws, target, functions }: LogsOptions): Promise<readonly Group[]> {
  const { stackName } = target;
  if ((await aws.stacks.describe(stackName)) === undefined) throw errors.stackMissing(target);
  const template = await aws.stacks.template(stackName);
  const resources = await aws.stacks.resources(stackName);
  const parts = readResources(template);
  const groups = resources.flatMap(({ logicalId, type, physicalId }) => {
    const part = parts.get(logicalId)?.part;
    if (part === undefined || type !== 'AWS::Logs::LogGroup') return [];
    return [{ name: part.name, label: part.label, group: physicalId }];
  });
  const missing = functions.filter((name) => !groups.some((each) => each.name === name));
  if (missing.length > 0) throw errors.functionNotDeployed(missing.map((name) => name.replace(/^\w+\//, '')));
  return functions.length === 0 ? groups : groups.filter(({ name }) => functions.includes(name));
}
