/**
 * What SNS and SQS take at once.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (read 2026-11)
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (read 2026-11)
 */
export const maxMessageBytes = { events: 256 * 1024, queues: 1024 * 1024 } as const;

/**
 * Why SQS does not take an id of a group or against duplicates, in its words; `undefined` when it does.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html (read 2026-11)
 */
export function faultOfId(name: 'MessageGroupId' | 'MessageDeduplicationId', id: string): string | undefined {
  // Letters, digits and all punctuation of ASCII: whatever can be printed, but for the space.
  if (/^[!-~]{1,128}$/.test(id)) return undefined;
  const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  return `Value ${id} for parameter ${name} is invalid. Reason: ${reason}`;
}

/** Something that was published, until a function has taken it. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  /** By their names; empty for most. */
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sentAtMs: number;
  /** Of SNS only. */
  readonly subject?: string | undefined;
  /** Messages of one group keep their order in a FIFO queue. */
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  readonly sequenceNumber?: string | undefined;
}

export interface MessageAttribute {
  /** `String`, `Number`, `Binary`, or one of those with a suffix. */
  readonly type: string;
  /** Base64 where it is binary. */
  readonly value: string;
}

/** A message that a function is given, and how often that was tried. */
export interface Received extends Message {
  /** From 1. */
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number;
}
