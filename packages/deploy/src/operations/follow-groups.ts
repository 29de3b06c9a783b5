import { isUserError } from '@furrow/protocol';
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
  /** How many lines are reported of those that are there now. */
  readonly most: number;
  /** Ids of lines since then that are known, with their times. */
  readonly seen: ReadonlyMap<string, number>;
}

/**
 * FilterLogEvents may be called some five times a second in an account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html (read 2026-11)
 */
const groupsAtOnce = 2;
/** CloudWatch sorts in what comes late; lines this much older than the newest of their group may still appear. */
const latenessMs = 60_000;

/** Reads groups of lines to their end, all groups together, and goes on from there; no line is reported twice. */
export async function followGroups(logs: Logs, groups: readonly Group[], options: FollowOptions): Promise<void> {
  const { sinceMs, most, isFollowing, pollMs, signal, onEarlier, onLine } = options;
  let cursors: readonly Cursor[] = groups.map((group) => ({ ...group, fromMs: sinceMs, most, seen: new Map() }));
  for (;;) {
    const reads = await mapLimited(cursors, groupsAtOnce, (cursor) =>
      readGroup(logs, cursor, signal).catch((error: unknown) => skippedRound(error, cursor, isFollowing)),
    );
    const shown = choose(reads, most);
    const earlier = reads.reduce((sum, { count }) => sum + count, 0) - shown.length;
    if (earlier > 0) onEarlier(earlier);
    for (const line of shown) onLine(line);
    cursors = reads.map(({ cursor }) => cursor);
    if (!isFollowing || !(await pause(pollMs, signal))) return;
  }
}

/** The newest of what was there at first, and all of what came later; in order. */
function choose(reads: readonly Read[], most: number): readonly FunctionLine[] {
  const first = inOrder(reads.filter(({ isFirst }) => isFirst));
  return inOrder([{ lines: newest(first, most) }, ...reads.filter(({ isFirst }) => !isFirst)]);
}

function inOrder(reads: readonly Pick<Read, 'lines'>[]): readonly FunctionLine[] {
  return reads.flatMap(({ lines }) => lines).toSorted((one, other) => one.atMs - other.atMs);
}

/** Who follows asks again soon anyway, so too many requests are no reason to end. */
function skippedRound(error: unknown, cursor: Cursor, isFollowing: boolean): Read {
  if (!isFollowing || !isUserError(error) || error.code !== 'AWS_THROTTLED') throw error;
  return { cursor, lines: [], count: 0, isFirst: false };
}

interface Read {
  readonly cursor: Cursor;
  /** The newest ones. */
  readonly lines: readonly FunctionLine[];
  /** How many there were. */
  readonly count: number;
  /** Whether the group had not been read before. */
  readonly isFirst: boolean;
}

/** What a group has that has not been seen, page by page; the signal ends it between two. */
async function readGroup(
  logs: Logs,
  { label, group, fromMs, most, seen: known }: Cursor,
  signal: AbortSignal | undefined,
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
  const cursor = { label, group, fromMs: nextMs, most: Number.POSITIVE_INFINITY, seen };
  return { cursor, lines, count, isFirst: most < Number.POSITIVE_INFINITY };
}

function newest<Line>(lines: readonly Line[], most: number): readonly Line[] {
  return lines.length <= most ? lines : lines.slice(lines.length - most);
}

function newestMs(page: readonly LogLine[]): number {
  return page.reduce((most, { atMs }) => Math.max(most, atMs), 0);
}
