import { settle, type Callback } from './callback.ts';
import { atCallSite, captureCallSite, errors, type CallSite } from './errors.ts';
import { trackSend } from './reach.ts';
import type { Services } from './services.ts';
import { subscribeTo, type Subscriber, type SubscriberEvent } from './subscribe.ts';

/** A message for the function of a topic of `@events`. */
export interface EventOptions {
  /** As in the manifest. */
  readonly name: string;
  /** Any JSON value; the function gets it from `subscribe`, or as text in `event.Records[0].Sns.Message`. At most 256 KB. */
  readonly payload: unknown;
}

/** A message for the function of a queue of `@queues`. */
export interface QueueOptions extends EventOptions {
  /** How long nobody sees it, 0 to 900; not of a FIFO queue. @default 0 */
  readonly delaySeconds?: number;
  /** Messages of one group of a FIFO queue come in their order. @default the name of the queue */
  readonly groupID?: string;
}

/** What SNS or SQS says of a message that it has taken. */
export interface Published {
  readonly MessageId: string;
  /** Of FIFO queues only. */
  readonly SequenceNumber?: string;
}

interface Publish<Options> {
  (options: Options): Promise<Published>;
  (options: Options, callback: Callback<Published>): undefined;
}

/** `arc.events`. */
export interface Events {
  /**
   * Publishes a message to a topic; resolves once SNS has it, which is before its function runs.
   *
   * @throws {NAME_INVALID} when `name` is no text or empty.
   * @throws {PAYLOAD_INVALID} when `payload` is left out, or no JSON value.
   * @throws {EVENT_UNKNOWN} when the stack has no such topic.
   * @throws {ServiceError} when SNS or SSM refuses.
   */
  readonly publish: Publish<EventOptions>;
  /**
   * Makes a handler that calls a function with the payload of each message. One that fails fails the event, and Lambda
   * tries it twice more.
   */
  readonly subscribe: (subscriber: Subscriber) => (event: SubscriberEvent) => Promise<unknown>;
}

/** `arc.queues`. */
export interface Queues {
  /**
   * Sends a message to a queue; resolves once SQS has it, which is before its function runs.
   *
   * @throws {NAME_INVALID} when `name` is no text or empty.
   * @throws {PAYLOAD_INVALID} when `payload` is left out, or no JSON value.
   * @throws {QUEUE_UNKNOWN} when the stack has no such queue.
   * @throws {ServiceError} when SQS or SSM refuses.
   */
  readonly publish: Publish<QueueOptions>;
  /**
   * Makes a handler that calls a function with the payload of each message of a batch: those of a FIFO queue one after the
   * other, up to the first that fails. Only those that failed come again.
   */
  readonly subscribe: (subscriber: Subscriber) => (event: SubscriberEvent) => Promise<unknown>;
}

/** Makes `arc.events`, which asks `services` for topics. */
export function createEvents(services: () => Promise<Services>): Events {
  return { publish: publisher<EventOptions>('events', services), subscribe: subscribeTo('events') };
}

/** Makes `arc.queues`, which asks `services` for queues. */
export function createQueues(services: () => Promise<Services>): Queues {
  return { publish: publisher<QueueOptions>('queues', services), subscribe: subscribeTo('queues') };
}

type Kind = 'events' | 'queues';

function publisher<Options extends QueueOptions>(kind: Kind, services: () => Promise<Services>): Publish<Options> {
  function publish(options: Options): Promise<Published>;
  function publish(options: Options, callback: Callback<Published>): undefined;
  function publish(options: Options, callback?: Callback<Published>): Promise<Published> | undefined {
    const sending = perform(captureCallSite(publish), () => send(kind, options, services));
    return settle(trackSend(sending), callback);
  }
  return publish;
}

async function perform(site: CallSite, work: () => Promise<Published>): Promise<Published> {
  try {
    return await work();
  } catch (error) {
    throw atCallSite(error, site);
  }
}

/** Callers without types may pass anything, nothing included. */
async function send(
  kind: Kind,
  options: Partial<QueueOptions> | undefined,
  services: () => Promise<Services>,
): Promise<Published> {
  const { name, payload, delaySeconds = 0, groupID }: Partial<QueueOptions> = options ?? {};
  if (typeof name !== 'string' || name === '') throw errors.nameInvalid(kind, name);
  const body = encode(payload);
  const target = valueAt(await services(), [kind, ...name.split('/')]);
  if (target === undefined) throw errors.channelUnknown(kind, name);
  const { publishToTopic, sendToQueue } = await import('./publish-over-http.ts');
  return kind === 'events'
    ? publishToTopic(target, body)
    : sendToQueue(target, { body, delaySeconds, groupId: groupID || name });
}

function encode(payload: unknown): string {
  let text: unknown;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw errors.payloadInvalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (typeof text !== 'string')
    throw errors.payloadInvalid(payload === undefined ? 'undefined' : `a ${typeof payload}`);
  return text;
}

function valueAt(services: Services, [part = '', ...rest]: readonly string[]): string | undefined {
  const value = Object.hasOwn(services, part) ? services[part] : undefined;
  if (typeof value === 'string') return rest.length === 0 ? value : undefined;
  return value === undefined || rest.length === 0 ? undefined : valueAt(value, rest);
}
