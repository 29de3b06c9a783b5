/** Chances that come the same for the same seed. */
export interface Random {
  /** A whole number, both ends included. */
  readonly int: (min: number, max: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** True in this share of the cases, 0 to 1. */
  readonly chance: (share: number) => boolean;
  /** `min` to `max` times what `make` makes. */
  readonly list: <T>(min: number, max: number, make: (index: number) => T) => T[];
  readonly bytes: (length: number) => Buffer;
}

/**
 * Chances of a stream of a seed; streams of one seed have nothing in common.
 *
 * @see https://prng.di.unimi.it/splitmix64.c (public domain; here with 32 bits, as in MurmurHash3's finalizer), read 2026-11
 */
export function createRandom(seed: number, stream: number): Random {
  let state = mix(seed) ^ mix(stream + 0x9e37_79b9);
  function next(): number {
    state = (state + 0x9e37_79b9) | 0;
    return mix(state) >>> 0;
  }
  const int = (min: number, max: number) => min + Math.floor((next() / 0x1_0000_0000) * (max - min + 1));
  return {
    int,
    pick(items) {
      const item = items[int(0, items.length - 1)];
      // An item may be `undefined` itself.
      if (items.length === 0) throw new Error('There is nothing to pick from.');
      return item as (typeof items)[number]; // oxlint-disable-line typescript/no-unsafe-type-assertion -- the index is inside
    },
    chance: (share) => next() / 0x1_0000_0000 < share,
    list: (min, max, make) => Array.from({ length: int(min, max) }, (_, index) => make(index)),
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(0, 255))),
  };
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
