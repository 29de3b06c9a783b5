import type { Random } from './random.ts';

/** What one connection does, in this order. */
export type Step =
  | { readonly type: 'write'; readonly bytes: Buffer }
  | { readonly type: 'wait'; readonly ms: number }
  /** Until the head of an answer has come, or the connection has ended. */
  | { readonly type: 'awaitHead' }
  /** Reads nothing from here on. */
  | { readonly type: 'stopReading' }
  /** Nothing more is written; answers are still read. */
  | { readonly type: 'end' }
  /** Ends the TCP connection at once, with a reset. */
  | { readonly type: 'reset' };

export interface Script {
  readonly transport: 'tcp' | 'tls';
  readonly steps: readonly Step[];
}

/** One thing that is thrown at the target: data alone, so that it can be kept and thrown again. */
export interface Attack {
  readonly kind: string;
  /** All at once. */
  readonly scripts: readonly Script[];
  /** It asks for handlers that fail, so an answer may say so. */
  readonly mayFail: boolean;
}

/** What attacks need to know of the target. */
export interface Facts {
  /** `localhost:40123` */
  readonly host: string;
  readonly stage: string;
  readonly hasTls: boolean;
  /** Of an open connection that may be written to and closed. */
  readonly victimId: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export type AttackMaker = (random: Random, facts: Facts) => Attack;

export function write(bytes: Buffer | string): Step {
  return { type: 'write', bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes };
}
export const wait = (ms: number): Step => ({ type: 'wait', ms });
export const awaitHead: Step = { type: 'awaitHead' };

/** How a client goes away: mostly without a word. */
export function leave(random: Random): readonly Step[] {
  return random.pick<readonly Step[]>([[{ type: 'reset' }], [{ type: 'end' }], [{ type: 'end' }], []]);
}

/** Some attacks come through TLS, where the target has it. */
export function transportFor(random: Random, { hasTls }: Facts): Script['transport'] {
  return hasTls && random.chance(0.15) ? 'tls' : 'tcp';
}

/** An attack as text that can be read back: bytes as base64. */
export function attackToJson(attack: Attack): string {
  return JSON.stringify(attack, (_, value: unknown) => {
    const isBytes = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer';
    return isBytes && 'data' in value && Array.isArray(value.data)
      ? { base64: Buffer.from(value.data).toString('base64') }
      : value;
  });
}

export function attackFromJson(text: string): Attack {
  return JSON.parse(text, (_, value: unknown) => {
    const isBytes = typeof value === 'object' && value !== null && 'base64' in value;
    return isBytes && typeof value.base64 === 'string' ? Buffer.from(value.base64, 'base64') : value;
  });
}
