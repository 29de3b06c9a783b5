import type { Callback } from './callback.ts';

/** One change of a table's stream: `eventName` is `INSERT`, `MODIFY` or `REMOVE`. */
export interface StreamRecord {
  readonly eventName?: string;
  readonly [member: string]: unknown;
}

/** What a handler does with one change: returns a promise, or calls back. */
export type OnRecord = (record: StreamRecord, callback: Callback<unknown>) => unknown;

/** A handler of a stream; its result is that of each record, in their order. */
export type StreamHandler = (event: { readonly Records: readonly StreamRecord[] }) => Promise<unknown[]>;

type Wrap = (onRecord: OnRecord) => StreamHandler;

/** Handlers that see only some changes, as Architect had them before `@tables-streams`. */
export interface StreamHandlers {
  readonly insert: Wrap;
  readonly modify: Wrap;
  readonly update: Wrap;
  readonly remove: Wrap;
  readonly destroy: Wrap;
  readonly all: Wrap;
  readonly save: Wrap;
  readonly change: Wrap;
}

export const streamHandlers: StreamHandlers = {
  insert: handlerFor('INSERT'),
  modify: handlerFor('MODIFY'),
  update: handlerFor('MODIFY'),
  remove: handlerFor('REMOVE'),
  destroy: handlerFor('REMOVE'),
  all: handlerFor('INSERT', 'MODIFY', 'REMOVE'),
  save: handlerFor('INSERT', 'MODIFY'),
  change: handlerFor('INSERT', 'REMOVE'),
};

function handlerFor(...eventNames: readonly string[]): Wrap {
  return (onRecord) => (event) =>
    Promise.all(
      event.Records.map(async (record) =>
        eventNames.includes(record.eventName ?? '') ? settled(onRecord, record) : undefined,
      ),
    );
}

/** Waits for the callback, or for the promise where there is one. */
function settled(onRecord: OnRecord, record: StreamRecord): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = onRecord(record, (error, result) => {
      if (error) reject(error);
      else resolve(result);
    });
    if (returned instanceof Promise) returned.then(resolve, reject);
  });
}
