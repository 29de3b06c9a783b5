import { limits } from '@furrow/protocol';

/** What clients may have on the way to their answers. Whoever has more is not read until handlers have caught up. */
export const intakeLimits = {
  /** Messages of one connection: as many as Lambda runs at once for a whole account. */
  maxMessages: 1000,
  /** Bytes of one connection: 32 of the longest messages. */
  maxBytes: 32 * limits.maxMessageBytes,
  /** Bytes of all connections together. Beyond it one that has nothing on the way may still send one message. */
  maxSharedBytes: 256 * limits.maxMessageBytes,
} as const;

/** What all connections of a gateway have on the way. */
export interface SharedIntake {
  bytes: number;
}

export interface IntakeOptions<Message> {
  readonly shared: SharedIntake;
  /**
   * Tells the bytes of the message itself; it may have come in fewer. `undefined` when it is none that is handled.
   *
   * `onHandled` MUST be called once, at once or later.
   */
  readonly begin: (message: Message, onHandled: () => void) => number | undefined;
  /** Told when the connection's bytes should be read no longer, and when they should again. */
  readonly onFull: (isFull: boolean) => void;
}

/** Lets the messages of one connection begin at once, in their order, up to the limits. */
export interface Intake<Message> {
  take(message: Message): void;
  /** What waits never begins. */
  drop(): void;
  /** The connection has ended: what had been read of it begins now, unless there is too much of all. */
  end(): void;
}

/** What waits had been read already when the limit was reached: less than a read brings, 64 KB. */
export function createIntake<Message extends object>({
  shared,
  begin,
  onFull,
}: IntakeOptions<Message>): Intake<Message> {
  let waiting: Message[] = [];
  let running = 0;
  let runningBytes = 0;
  let isFull = false;

  function hasRoom(): boolean {
    if (running === 0) return true;
    const { maxMessages, maxBytes, maxSharedBytes } = intakeLimits;
    return running < maxMessages && runningBytes < maxBytes && shared.bytes < maxSharedBytes;
  }

  function start(message: Message): void {
    let counted: number | undefined;
    let isHandled = false;
    const bytes = begin(message, () => {
      isHandled = true;
      if (counted === undefined) return;
      count(-1, -counted);
      if (isFull) catchUp();
    });
    if (bytes === undefined || isHandled) return;
    counted = bytes;
    count(1, bytes);
  }

  function count(messages: number, bytes: number): void {
    running += messages;
    runningBytes += bytes;
    shared.bytes += bytes;
  }

  function catchUp(): void {
    startWaiting(hasRoom);
    if (waiting.length > 0 || !hasRoom()) return;
    isFull = false;
    onFull(false);
  }

  function startWaiting(isAllowed: () => boolean): void {
    while (isAllowed()) {
      const next = waiting.shift();
      if (next === undefined) return;
      start(next);
    }
  }

  return {
    take(message) {
      if (isFull) {
        waiting.push(message);
        return;
      }
      start(message);
      if (hasRoom()) return;
      isFull = true;
      onFull(true);
    },
    drop() {
      waiting = [];
    },
    end() {
      startWaiting(() => shared.bytes < intakeLimits.maxSharedBytes);
      waiting = [];
    },
  };
}
