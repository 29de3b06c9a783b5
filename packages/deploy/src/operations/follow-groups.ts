import type { LogLine, Logs } from '../aws/aws.ts';
import { mapLimited } from './map-limited.ts';
import { pause } from './pause.ts';

export interface FollowOptions {
  /** Lines from before are left out; milliseconds since 1970. */
  readonly sinceMs: number;
  /** How many lines are reported of what is there already, the newest; `Infinity` for all. */
  readonly most: number;
  /** Whether to go on with what comes later. */
  readonly isFollowing: boolean;
  readonly pollMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called before the first line when older ones are left out. */
  readonly onEarlier: (count: number) => void;
  readonly onLine: (line: FunctionLine) => void;
}

export interface FunctionLine {
  readonly label: string;
  readonly atMs: number;
  readonly text: string;
}

export interface Group {
  readonly label: string;
  readonly group: string;
}

/** A group, and how far it has been read. */
interface Cursor extends Group {
  readonly fromMs: number;
  /** Ids of lines since then that are known, with their times. */
  readonly seen: ReadonlyMap<string, number>;
}

const groupsAtOnce = 5;
/** CloudWatch sorts in what comes late; lines this much older than the newest of their group may still appear. */
const latenessMs = 60_000;

/** Reads groups of lines to their end, all groups together, and goes on from there; no line is reported twice. */
export async function followGroups(logs: Logs, groups: readonly Group[], options: FollowOptions): Promise<void> {
  const { sinceMs, isFollowing, pollMs, signal, onEarlier, onLine } = options;
  let cursors: readonly Cursor[] = groups.map((group) => ({ ...group, fromMs: sinceMs, seen: new Map() }));
  let { most } = options;
  for (;;) {
    const reads = await mapLimited(cursors, groupsAtOnce, (cursor) => readGroup(logs, cursor, { most, signal }));
    const fresh = reads.flatMap(({ lines }) => lines).toSorted((one, other) => one.atMs - other.atMs);
    const shown = fresh.slice(Math.max(0, fresh.length - most));
    const earlier = reads.reduce((sum, { count }) => sum + count, 0) - shown.length;
    if (earlier > 0) onEarlier(earlier);
    for (const line of shown) onLine(line);
    cursors = reads.map(({ cursor }) => cursor);
    most = Number.POSITIVE_INFINITY;
    if (!isFollowing || !(await pause(pollMs, signal))) return;
  }
}

interface Read {
  readonly cursor: Cursor;
  /** The newest ones. */
  readonly lines: readonly FunctionLine[];
  /** How many there were. */
  readonly count: number;
}

/** What a group has that has not been seen, page by page; the signal ends it between two. */
async function readGroup(
  logs: Logs,
  { label, group, fromMs, seen: known }: Cursor,
  { most, signal }: Pick<FollowOptions, 'most' | 'signal'>,
): Promise<Read> {
  let lines: readonly FunctionLine[] = [];
  let count = 0;
  let nextMs = fromMs;
  let seen = new Map(known);
  let after: string | undefined;
  do {
    const page = await logs.page(group, { sinceMs: fromMs, after });
    const fresh = page.lines.filter(({ id }) => !seen.has(id));
    count += fresh.length;
    lines = newest([...lines, ...fresh.map(({ atMs, text }) => ({ label, atMs, text }))], most);
    nextMs = Math.max(nextMs, newestMs(page.lines) - latenessMs);
    seen = new Map([...seen, ...fresh.map(({ id, atMs }) => [id, atMs] as const)].filter(([, atMs]) => atMs >= nextMs));
    after = signal?.aborted === true ? undefined : page.next;
  } while (after !== undefined);
  return { cursor: { label, group, fromMs: nextMs, seen }, lines, count };
}

function newest<Line>(lines: readonly Line[], most: number): readonly Line[] {
  return lines.length <= most ? lines : lines.slice(lines.length - most);
}

function newestMs(page: readonly LogLine[]): number {
  return page.reduce((most, { atMs }) => Math.max(most, atMs), 0);
}
