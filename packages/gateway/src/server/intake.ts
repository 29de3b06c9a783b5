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

/** Whose messages they are. */
export interface IntakeOwner<Message> {
  readonly shared: SharedIntake;
  /**
   * Tells the bytes of the message itself; it may have come in fewer. `undefined` when it is none that is handled.
   *
   * `onHandled` MUST be called once, at once or later.
   */
  begin(message: Message, onHandled: () => void): number | undefined;
  /** Told when the connection's bytes should be read no longer, and when they should again. */
  onFull(isFull: boolean): void;
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
export function createIntake<Message extends object>(owner: IntakeOwner<Message>): Intake<Message> {
  return new LimitedIntake(owner);
}

/** A class, because every open connection has one. */
class LimitedIntake<Message extends object> implements Intake<Message> {
  readonly #owner: IntakeOwner<Message>;
  #waiting: Message[] = [];
  #running = 0;
  #runningBytes = 0;
  #isFull = false;

  constructor(owner: IntakeOwner<Message>) {
    this.#owner = owner;
  }

  take(message: Message): void {
    if (this.#isFull) {
      this.#waiting.push(message);
      return;
    }
    this.#start(message);
    if (this.#hasRoom()) return;
    this.#isFull = true;
    this.#owner.onFull(true);
  }

  drop(): void {
    this.#waiting = [];
  }

  end(): void {
    this.#startWaiting(() => this.#owner.shared.bytes < intakeLimits.maxSharedBytes);
    this.#waiting = [];
  }

  #hasRoom(): boolean {
    if (this.#running === 0) return true;
    const { maxMessages, maxBytes, maxSharedBytes } = intakeLimits;
    return this.#running < maxMessages && this.#runningBytes < maxBytes && this.#owner.shared.bytes < maxSharedBytes;
  }

  #start(message: Message): void {
    let counted: number | undefined;
    let isHandled = false;
    const bytes = this.#owner.begin(message, () => {
      isHandled = true;
      if (counted === undefined) return;
      this.#count(-1, -counted);
      if (this.#isFull) this.#catchUp();
    });
    if (bytes === undefined || isHandled) return;
    counted = bytes;
    this.#count(1, bytes);
  }

  #count(messages: number, bytes: number): void {
    this.#running += messages;
    this.#runningBytes += bytes;
    this.#owner.shared.bytes += bytes;
  }

  #catchUp(): void {
    this.#startWaiting(() => this.#hasRoom());
    if (this.#waiting.length > 0 || !this.#hasRoom()) return;
    this.#isFull = false;
    this.#owner.onFull(false);
  }

  #startWaiting(isAllowed: () => boolean): void {
    while (isAllowed()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#start(next);
    }
  }
}
