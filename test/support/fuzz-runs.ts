/**
 * How often a property is tried, for fast-check's `assert`: `numRuns` times from a fixed seed, as CI does it.
 *
 * `FUZZ_RUNS=100` tries a hundred times as often, from another seed each time; fast-check prints the one that failed.
 * `FUZZ_SEED` starts from that one.
 */
export function fuzzRuns(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  const { FUZZ_RUNS: times, FUZZ_SEED: seed } = process.env;
  const own = times === undefined ? 20_261_123 : Math.floor(Math.random() * 0x7fff_ffff);
  return { numRuns: numRuns * Number(times ?? 1), seed: seed === undefined ? own : Number(seed) };
}
