import type { FunctionSettings, Queue } from './app.ts';
import { readBackground, refuseRest, type BackgroundDraft } from './background.ts';
import { faults } from './errors.ts';
import type { Report } from './report.ts';
import type { Pragma } from './tree.ts';
import { trueOrFalse, wholeNumber, type Reader, type Setting } from './values.ts';

/** What is said of a queue below its name; `undefined` where it is not. */
export interface QueueDraft extends BackgroundDraft {
  readonly fifo: boolean | undefined;
  readonly batchSize: Said | undefined;
  readonly batchWindow: Said | undefined;
}

interface Said {
  readonly value: number;
  readonly setting: Setting;
}

/** What Lambda takes of a FIFO queue at once, and of any that it does not wait for. */
const mostAtOnce = 10;
/** @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html (read 2026-11) */
const maxBatchSize = 10_000;
const maxBatchWindowSeconds = 300;

const readers = {
  fifo: trueOrFalse,
  batchSize: wholeNumber(1, maxBatchSize, ' (messages)'),
  batchWindow: wholeNumber(0, maxBatchWindowSeconds, ' (seconds)'),
} as const;

/** Reads `@queues`: a queue and its function a line. */
export function readQueues(pragma: Pragma | undefined, report: Report): readonly QueueDraft[] {
  if (pragma === undefined) return [];
  const lines = readBackground(pragma, { kind: 'queues', noun: 'queue', known: Object.keys(readers) }, report);
  return lines.map((line) => {
    refuseRest(line, 'queue', report);
    const { draft, settings } = line;
    return {
      ...draft,
      fifoByDefault: true,
      routeSettings: ['fifo'],
      fifo: valueOf(readers.fifo, settings.get('fifo'), report),
      batchSize: saidOf(readers.batchSize, settings.get('batchSize'), report),
      batchWindow: saidOf(readers.batchWindow, settings.get('batchWindow'), report),
    };
  });
}

/** A queue as the app has it, `settings` being those of its function. */
export function queueOf(draft: QueueDraft, settings: Pick<FunctionSettings, 'fifo'>): Queue {
  return {
    name: draft.ownName,
    functionName: draft.name,
    isFifo: draft.fifo ?? settings.fifo,
    batchSize: draft.batchSize?.value ?? mostAtOnce,
    batchWindowSeconds: draft.batchWindow?.value ?? 0,
  };
}

/** Says which batches Lambda would not make. Whether a queue is FIFO is known when the config files are. */
export function checkBatches(draft: QueueDraft, { isFifo, batchWindowSeconds }: Queue, report: Report): void {
  const { batchSize, batchWindow } = draft;
  const isLarge = batchSize !== undefined && batchSize.value > mostAtOnce;
  if (isFifo && isLarge) {
    const why = `"batchSize" is ${batchSize.value}, and a FIFO queue gives ${mostAtOnce} at once.`;
    report.add(faults.settingValue(placeOf(batchSize), why, `Write ${mostAtOnce} or less, or "fifo false" below it.`));
  } else if (isLarge && batchWindowSeconds === 0) {
    const why = `"batchSize" is ${batchSize.value}, and more than ${mostAtOnce} are only waited for with "batchWindow".`;
    report.add(faults.settingValue(placeOf(batchSize), why, 'Write "batchWindow 1" below it, or 10 or less.'));
  }
  if (isFifo && batchWindow !== undefined && batchWindowSeconds > 0) {
    const why = 'Nothing waits for a fuller batch of a FIFO queue.';
    report.add(faults.settingValue(placeOf(batchWindow), why, 'Remove "batchWindow", or write "fifo false" below it.'));
  }
}

function placeOf({ setting: { key, values } }: Said) {
  return values[0]?.at ?? key.at;
}

function saidOf(read: Reader<number>, setting: Setting | undefined, report: Report): Said | undefined {
  const value = valueOf(read, setting, report);
  return setting === undefined || value === undefined ? undefined : { value, setting };
}

function valueOf<T>(read: Reader<T>, setting: Setting | undefined, report: Report): T | undefined {
  return setting === undefined ? undefined : read(setting, { report, region: undefined })?.value;
}
