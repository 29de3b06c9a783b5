import type { FunctionEvent, FunctionFailure } from './invocation.ts';

interface Stamped {
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** A run of a function, or what came of it where there was none. */
export interface FunctionRun {
  readonly durationMs: number;
  /** What the function got, as JSON text; absent when none ran. */
  readonly event?: string | undefined;
  /** What it returned; absent when it failed. */
  readonly result?: unknown;
  /** Why the function failed, where it did; `refused` texts are here too. */
  readonly failure?: FunctionFailure | undefined;
}

type Ran = Stamped & FunctionRun;

/** What may still be running when a handler has returned: timers, requests without an answer, sockets that connect. */
export type LeftWork = 'setTimeout' | 'setInterval' | 'fetch' | 'request' | 'socket';

/** Everything a gateway can report. The log, the metrics and the devtools read this one union. */
export type GatewayEvent =
  | (Ran & {
      readonly type: 'connect';
      readonly connectionId: string;
      /** 101 when the connection is open, else the status that the handshake got. */
      readonly statusCode: number;
      readonly origin: string | undefined;
      /** The run of the authorizer, where one was asked; the other fields are of `$connect`. */
      readonly authorizer?: FunctionRun | undefined;
    })
  | (Omit<Ran, 'event'> & {
      readonly type: 'message';
      /** What the function got, see `eventText`; absent when none ran. */
      readonly event?: FunctionEvent | undefined;
      readonly connectionId: string;
      /** Empty when the app has no route for it. */
      readonly routeKey: string;
      readonly body: string;
      /** What the gateway itself sent to the client, as on AWS; absent when nothing. */
      readonly errorFrame?: string | undefined;
      /** What a two-way route sent to the client: the body of its result; absent when nothing. */
      readonly answer?: string | undefined;
    })
  | (Ran & {
      readonly type: 'disconnect';
      readonly connectionId: string;
      readonly code: number;
      readonly reason: string;
    })
  | (Ran & {
      readonly type: 'http';
      readonly method: string;
      readonly path: string;
      /** `GET /rooms/{id}`; absent for files and unknown paths. */
      readonly routeKey: string | undefined;
      readonly statusCode: number;
    })
  | (Stamped & {
      readonly type: 'output';
      readonly functionName: string;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
      /** Of the event that printed it, as in `context.awsRequestId`; absent where that is not known. */
      readonly requestId?: string | undefined;
    })
  | (Stamped & {
      /** A handler failed outside of any event, for instance in a timer after its answer. */
      readonly type: 'stray';
      readonly functionName: string;
      readonly failure: FunctionFailure;
    })
  | (Stamped & {
      /** A function returned and left work running, which on AWS waits for its next event (fact H11); said once a place. */
      readonly type: 'leftBehind';
      readonly functionName: string;
      readonly work: LeftWork;
      /** The author's line that began it, relative to the project: `src/ws/default/index.js:12`; absent in code of packages. */
      readonly place?: string | undefined;
    })
  | (Stamped & {
      /** Something is not as the app asks for, and goes on all the same: another version of a language. Said once. */
      readonly type: 'notice';
      readonly text: string;
    })
  | (Stamped & {
      /** The gateway refused a request before any function saw it. */
      readonly type: 'refused';
      readonly what: string;
      readonly statusCode: number;
      readonly why: string;
    })
  | (Stamped & {
      /** A client broke RFC 6455 or a limit; its connection is closed with `code`. */
      readonly type: 'violation';
      readonly connectionId: string;
      readonly code: number;
      readonly why: string;
    });

/** One door for what happens. It MUST return at once and MUST NOT throw. */
export type OnEvent = (event: GatewayEvent) => void;
