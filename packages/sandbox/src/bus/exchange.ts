import { createHash, randomUUID } from 'node:crypto';
import type { App } from '@furrow/manifest';
import type { Clock, Invoke } from '@furrow/protocol';
import { channelsOf, type ChannelPlan } from './channels.ts';
import { openChannel, type BackgroundRun, type Channel } from './channel.ts';
import type { Place } from './event-shapes.ts';
import type { Message } from './message.ts';

/** What someone publishes. */
export type Draft = Pick<Message, 'body'> &
  Partial<Pick<Message, 'attributes' | 'subject' | 'groupId' | 'deduplicationId'>> & {
    /** Of queues; 0 to 900. @default 0 */
    readonly delaySeconds?: number | undefined;
  };

export type Accepted =
  | { readonly type: 'accepted'; readonly messageId: string; readonly sequenceNumber?: string | undefined }
  /** No room: what is there has to be worked off first. */
  | { readonly type: 'full' }
  | { readonly type: 'unknown' };

export interface ExchangeOptions {
  readonly stackName: string;
  readonly place: Place;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly onRun: (run: BackgroundRun) => void;
  /** Something that a developer should know, a sentence. */
  readonly onNotice: (text: string) => void;
}

/** All topics, queues and schedules of an app, and the messages in them. */
export interface Exchange {
  /** Takes another manifest; what waits in what is still there stays. */
  follow(app: App): void;
  readonly plans: readonly ChannelPlan[];
  /** Hands a message to the channel of a function: `events/likes`. */
  publish(functionName: string, draft: Draft): Accepted;
  /** Messages that wait, or are with a function. */
  readonly count: number;
  close(): Promise<void>;
}

const maxMessages = 10_000;
const maxBytes = 64 * 1024 * 1024;
/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html (read 2026-11) */
const deduplicationMs = 5 * 60_000;

interface Seen {
  readonly accepted: Extract<Accepted, { type: 'accepted' }>;
  readonly atMs: number;
}

interface Line {
  plan: ChannelPlan;
  readonly channel: Channel;
  /** What a FIFO queue got in the last five minutes, the oldest first. */
  readonly seen: Map<string, Seen>;
  sequence: bigint;
}

export function openExchange(options: ExchangeOptions): Exchange {
  const { clock, onNotice } = options;
  let lines = new Map<string, Line>();
  const gone = new Set<Promise<void>>();

  function follow(app: App): void {
    const before = lines;
    lines = new Map(
      channelsOf(app, options).map((plan) => {
        const line = before.get(plan.target.functionName);
        if (line === undefined) return [plan.target.functionName, openLine(plan)] as const;
        line.plan = plan;
        line.channel.setTarget(plan.target);
        return [plan.target.functionName, line] as const;
      }),
    );
    for (const [name, { channel }] of before) if (!lines.has(name)) gone.add(channel.close());
  }

  function openLine(plan: ChannelPlan): Line {
    return { plan, channel: openChannel(plan.target, options), seen: new Map(), sequence: 0n };
  }

  function publish(functionName: string, draft: Draft): Accepted {
    const line = lines.get(functionName);
    if (line === undefined) return { type: 'unknown' };
    const repeated = line.plan.isFifo ? seenBefore(line, draft) : undefined;
    if (repeated !== undefined) return repeated;
    const bytes = [...lines.values()].reduce((sum, { channel }) => sum + channel.bytes, Buffer.byteLength(draft.body));
    if (line.channel.count >= maxMessages || bytes > maxBytes) return { type: 'full' };
    const message = toMessage(line, draft, clock.now());
    const { messageId, sequenceNumber, deduplicationId } = message;
    const accepted = { type: 'accepted', messageId, sequenceNumber } as const;
    if (deduplicationId !== undefined) line.seen.set(deduplicationId, { accepted, atMs: clock.now() });
    line.channel.add(message, (draft.delaySeconds ?? 0) * 1000);
    return accepted;
  }

  /** SQS says that it has taken what it drops. */
  function seenBefore({ plan, seen }: Line, draft: Draft): Accepted | undefined {
    const oldestMs = clock.now() - deduplicationMs;
    for (const [id, { atMs }] of seen) {
      if (atMs > oldestMs && seen.size <= maxMessages) break;
      seen.delete(id);
    }
    const found = seen.get(deduplicationIdOf(draft));
    if (found !== undefined)
      onNotice(
        `${plan.target.label} drops a message that equals one of the last five minutes, as SQS does with a FIFO queue. "fifo false" keeps it.`,
      );
    return found?.accepted;
  }

  return {
    follow,
    get plans() {
      return [...lines.values()].map(({ plan }) => plan);
    },
    publish,
    get count() {
      return [...lines.values()].reduce((sum, { channel }) => sum + channel.count, 0);
    },
    async close() {
      await Promise.all([...gone, ...[...lines.values()].map(({ channel }) => channel.close())]);
    },
  };
}

function toMessage(line: Line, draft: Draft, nowMs: number): Message {
  const { body, attributes = {}, subject, groupId } = draft;
  const message = { messageId: randomUUID(), body, attributes, subject, sentAtMs: nowMs };
  if (!line.plan.isFifo) return { ...message, groupId };
  line.sequence += 256n;
  const sequenceNumber = String(18_870_000_000_000_000_000n + line.sequence);
  return { ...message, groupId: groupId ?? '', deduplicationId: deduplicationIdOf(draft), sequenceNumber };
}

/** The body is what counts where no id was given. */
function deduplicationIdOf({ deduplicationId, body }: Draft): string {
  return deduplicationId ?? createHash('sha256').update(body).digest('hex');
}
