import { setTimeout as pause } from 'node:timers/promises';
import { stillRunning } from '../../test/support/processes.ts';
import { attackOf } from '../attacks/all.ts';
import { faultsOf } from './answers.ts';
import type { Attack } from './attack.ts';
import { perform } from './perform.ts';
import { leaks, settled, type Measurement } from './memory.ts';
import { addressOf, closeScene, factsOf, openScene } from './scene.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first attack. @default 0 */
  readonly from?: number;
  /** Asked before each batch, with how many attacks there have been. */
  readonly isOver: (attacks: number) => boolean;
  /** Of a sandbox that runs already; its own is opened otherwise. */
  readonly url?: string | undefined;
  /** How long to rest before the last measurement; processes that nobody needs end after five minutes. @default 0 */
  readonly restMs?: number;
  /** Longest wait for the echo of the connection that behaves. @default 5000 */
  readonly echoWithinMs?: number;
  /** Told when the attacks are over and the rest begins. */
  readonly onRest?: (restMs: number) => void;
  /** Told as soon as there is something to tell. */
  readonly onFinding: (finding: Finding) => void;
}

/** Something that must not be, and what it came from. */
export interface Finding {
  readonly what: string;
  /** Numbers of the attacks of the seed; several where none of them did it alone. */
  readonly numbers: readonly number[];
  readonly attacks: readonly Attack[];
}

export interface FuzzResult {
  readonly attacks: number;
  readonly byKind: ReadonlyMap<string, number>;
  readonly findings: readonly Finding[];
  readonly slowestEchoMs: number;
  /** After the first attacks and at the end; `undefined` where the target runs somewhere else. */
  readonly before: Measurement | undefined;
  readonly after: Measurement | undefined;
}

const batchSize = 12;
/** Until caches, pools and compiled code are what they will be. */
const warmAttacks = 240;
const mostFindings = 20;
/** A target that keeps ending needs no more proof. */
const mostRestarts = 5;

/** Throws attacks at a sandbox, and looks after each batch whether it is still well. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seed, echoWithinMs = 5000, restMs = 0 } = options;
  const findings: Finding[] = [];
  const byKind = new Map<string, number>();
  let slowestEchoMs = 0;
  let before: Measurement | undefined;
  let scene = await openScene(options.url);
  let number = options.from ?? 0;
  let restarts = 0;

  const isKnown = (what: string) => findings.some((finding) => withoutNumbers(finding.what) === withoutNumbers(what));

  /** The same again says nothing new. */
  function found(what: string, numbers: readonly number[], attacks: readonly Attack[]): void {
    if (isKnown(what)) return;
    findings.push({ what, numbers, attacks });
    options.onFinding({ what, numbers, attacks });
  }

  /** What went wrong while these attacks ran that cannot be laid at one connection's door. */
  async function troubles(): Promise<readonly string[]> {
    const echoMs = await scene.witness.echo(echoWithinMs);
    slowestEchoMs = Math.max(slowestEchoMs, echoMs ?? echoWithinMs);
    return [
      ...scene.target.takeTroubles(),
      ...(echoMs === undefined ? [`no echo within ${echoWithinMs} ms on a connection that did nothing`] : []),
    ];
  }

  async function runBatch(numbers: readonly number[]): Promise<void> {
    const facts = await factsOf(scene);
    const attacks = numbers.map((each) => attackOf(seed, each, facts));
    for (const { kind } of attacks) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    const received = await Promise.all(attacks.map((attack) => perform(attack, addressOf(scene.target))));
    for (const [index, attack] of attacks.entries()) {
      const faults = (received[index] ?? []).flatMap((bytes) => faultsOf(bytes, attack.mayFail));
      for (const what of faults) found(what, numbers.slice(index, index + 1), [attack]);
    }
    const seen = (await troubles()).filter((what) => !isKnown(what));
    if (seen.length > 0) {
      const guilty = await narrow(numbers);
      const blamed = attacks.filter((_, index) => guilty.includes(numbers[index] ?? -1));
      for (const what of seen) found(what, guilty, blamed);
    }
    await heal();
  }

  /** The one attack of a batch that does it alone, or all of them. */
  async function narrow(numbers: readonly number[]): Promise<readonly number[]> {
    for (const each of numbers) {
      // oxlint-disable no-await-in-loop -- one at a time is the point
      await heal();
      await perform(attackOf(seed, each, await factsOf(scene)), addressOf(scene.target));
      if ((await troubles()).length > 0) return [each];
      // oxlint-enable no-await-in-loop
    }
    return numbers;
  }

  /** A target that has ended, or lost the connection that behaves, is opened anew. */
  async function heal(): Promise<void> {
    if (scene.target.isAlive() && scene.witness.isOpen()) return;
    restarts += 1;
    await closeScene(scene);
    scene = await openScene(options.url);
    before = undefined;
  }

  const mayGoOn = () => findings.length < mostFindings && restarts < mostRestarts;

  /** Rests, measures, and names what only shows when memory is cleared. */
  async function measure(): Promise<Measurement | undefined> {
    const measured = await settled(scene.target, before);
    for (const what of scene.target.takeTroubles()) found(what, [], []);
    return measured;
  }

  try {
    let attacks = 0;
    while (!options.isOver(attacks) && mayGoOn()) {
      // oxlint-disable no-await-in-loop -- batch after batch
      if (before === undefined && attacks >= warmAttacks) before = await measure();
      await runBatch(Array.from({ length: batchSize }, (_, index) => number + index));
      // oxlint-enable no-await-in-loop
      number += batchSize;
      attacks += batchSize;
    }
    options.onRest?.(restMs);
    await pause(restMs);
    const after = await measure();
    for (const what of leaks(before, after)) found(what, [], []);
    const children = await scene.target.children();
    await closeScene(scene);
    for (const { command } of await stillRunning(children)) found(`outlived the sandbox: ${command}`, [], []);
    return { attacks, byKind, findings, slowestEchoMs, before, after };
  } finally {
    await closeScene(scene);
  }
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}
