import type { Random } from '../support/random.ts';

/** Values for `action` and around it, as JSON text. */
const actions = [
  '"echo"',
  '"answer"',
  '"throw"',
  '"slow"',
  '"nope"',
  '"$connect"',
  '"$default"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"\\u0065cho"',
  '"echo\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '""',
  '1',
  '1.0',
  '-0',
  '1e400',
  '9007199254740993',
  '1e-400',
  'true',
  'null',
  '{}',
  '[]',
  '["echo"]',
  '{"action":"echo"}',
  'NaN',
  'undefined',
  "'echo'",
];

const wholes: readonly ((action: string) => string)[] = [
  (action) => `{"action":${action}}`,
  (action) => `{"action":${action},"action":"echo"}`,
  (action) => `{"action":"echo","action":${action}}`,
  (action) => `{"__proto__":{"action":${action}}}`,
  (action) => `{"constructor":{"prototype":{"action":${action}}}}`,
  (action) => `[{"action":${action}}]`,
  (action) => ` \n\t{ "action" :${action} } `,
  (action) => `{"action":${action}`,
  (action) => `{"action":${action}}}`,
  (action) => `\uFEFF{"action":${action}}`,
  (action) => `{action:${action}}`,
  (action) => `{"act\\u0069on":${action}}`,
  (action) => action,
];

/** Texts that are deep, long or many. */
const heavy: readonly (() => string)[] = [
  () => '['.repeat(100_000),
  () => '{"a":'.repeat(20_000),
  () => `{"a":${'['.repeat(60_000)}${']'.repeat(60_000)},"action":"echo"}`,
  () => `{"action":"${'a'.repeat(100_000)}"}`,
  () => `{${'"a":1,'.repeat(18_000)}"action":"echo"}`,
  () => `{"action":"echo","n":${'9'.repeat(100_000)}}`,
  () => `"${'\\u0000'.repeat(20_000)}"`,
  () => `${' '.repeat(130_000)}{}`,
  () => '\\'.repeat(100_000),
];

/** A message as a client might send that means harm; now and then longer than a frame may be. */
export function message(random: Random): Buffer {
  if (random.chance(0.08)) return Buffer.from(random.pick(heavy)());
  if (random.chance(0.02)) return Buffer.from('{"action":"hang"}');
  if (random.chance(0.03)) return Buffer.from('{"action":"big"}');
  return Buffer.from(random.pick(wholes)(random.pick(actions)));
}
