import type { AccessRules, HttpAnswer, LocalRequest } from '@furrow/gateway';
import { parseSchedule, type App } from '@furrow/manifest';
import type { Clock, Invoke, OnEvent } from '@furrow/protocol';
import type { BackgroundRun } from './channel.ts';
import type { ChannelPlan } from './channels.ts';
import { openExchange, type Exchange } from './exchange.ts';
import { answerInvoke } from './invoke.ts';
import { listenForMessages, type BusPort } from './listen.ts';
import { accountId } from './names.ts';
import { nextRunMs } from './next-run.ts';

export interface BusOptions {
  readonly stackName: string;
  readonly region: string;
  readonly access: AccessRules;
  readonly invoke: Invoke;
  /** Whether schedules run by the clock. Otherwise they run by hand alone. */
  readonly runsSchedules: boolean | undefined;
  readonly clock: Clock;
  /** It MUST return at once. */
  readonly onEvent: (event: Parameters<OnEvent>[0] | BackgroundRun) => void;
}

/** Where handlers find SNS and SQS on this machine. */
export type BusEndpoints = Pick<BusPort, 'port' | 'snsUrl' | 'sqsUrl'>;

/** `@events`, `@queues` and `@scheduled` of an app, on this machine. */
export interface Bus {
  /** Takes a manifest, the first or another; resolves once its topics and queues can be asked. */
  readonly follow: (app: App) => Promise<void>;
  /** `undefined` while the app has neither topics nor queues. */
  readonly endpoints: BusEndpoints | undefined;
  /** What `arc deploy` would keep in SSM: the ARN of each topic, the URL of each queue, by the names below the stack's. */
  parameters(): ReadonlyMap<string, string>;
  /** Answers `POST /_arc/invoke/events/likes`; `undefined` for other paths. */
  readonly service: (request: LocalRequest) => HttpAnswer | undefined;
  /** Lets what runs end, up to `graceMs`; what waits is lost, and said. */
  close(graceMs: number): Promise<void>;
}

export function createBus(options: BusOptions): Bus {
  const { clock, onEvent } = options;
  const exchange = openExchange({
    ...options,
    place: { region: options.region, accountId },
    onRun: onEvent,
    onNotice: (text) => onEvent({ type: 'notice', atMs: clock.now(), text }),
  });
  let port: BusPort | undefined;
  let callOffs: readonly (() => void)[] = [];

  async function follow(app: App): Promise<void> {
    exchange.follow(app);
    for (const callOff of callOffs) callOff();
    callOffs = options.runsSchedules === true ? startSchedules(exchange, clock) : [];
    const isAsked = app.events.length > 0 || app.queues.length > 0;
    if (isAsked && port === undefined) port = await listenForMessages({ ...options, exchange, now: clock.now });
  }

  return {
    follow,
    get endpoints() {
      return port;
    },
    parameters: () =>
      new Map(
        exchange.plans.flatMap((plan) => {
          const value = parameterOf(plan, port);
          return value === undefined ? [] : [[`${plan.kind}/${plan.name}`, value] as const];
        }),
      ),
    service: (request) => answerInvoke(request, exchange),
    async close(graceMs) {
      for (const callOff of callOffs) callOff();
      await Promise.all([port?.close(), endedWithin(exchange.close(), graceMs, clock)]);
      const { count } = exchange;
      if (count === 0) return;
      const which =
        count === 1
          ? '1 message of events, queues or schedules was'
          : `${count} messages of events, queues or schedules were`;
      onEvent({ type: 'notice', atMs: clock.now(), text: `${which} not worked off and lost.` });
    },
  };
}

function parameterOf(plan: ChannelPlan, port: BusPort | undefined): string | undefined {
  if (plan.kind === 'events') return plan.arn;
  return plan.kind === 'queues' ? port?.queueUrl(plan) : undefined;
}

function nothing(): void {}

/** No timer may be longer; a longer wait is made of several. */
const longestMs = 24 * 3_600_000;

function startSchedules(exchange: Exchange, clock: Clock): readonly (() => void)[] {
  return exchange.plans.flatMap(({ expression, target: { functionName } }) => {
    const schedule = expression === undefined ? undefined : parseSchedule(expression);
    if (schedule === undefined || schedule.type === 'invalid') return [];
    let callOff = nothing;
    const waitUntil = (atMs: number) => {
      const leftMs = atMs - clock.now();
      callOff = clock.after(Math.min(Math.max(leftMs, 0), longestMs), () => {
        if (leftMs <= longestMs) fire(atMs);
        else waitUntil(atMs);
      });
    };
    const fire = (atMs: number) => {
      exchange.publish(functionName, { body: '' });
      // What a sleeping machine has missed is not made up for.
      plan(Math.max(atMs, clock.now()));
    };
    const plan = (afterMs: number) => {
      const atMs = nextRunMs(schedule, afterMs);
      if (atMs !== undefined) waitUntil(atMs);
    };
    plan(clock.now());
    return [() => callOff()];
  });
}

function endedWithin(work: Promise<void>, graceMs: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const callOff = clock.after(graceMs, resolve);
    void work.finally(() => {
      callOff();
      resolve();
    });
  });
}
