/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What makes one JSON value of another, so that the same can be done to a third that is like the first. */
export type Change =
  | { readonly type: 'value'; readonly value: Json }
  | { readonly type: 'gone' }
  | { readonly type: 'appended'; readonly items: readonly Json[] }
  | { readonly type: 'members'; readonly members: ReadonlyMap<string, Change> };

/** What differs; `undefined` when nothing does. A list that has more at its end is told as what was added. Pure. */
export function findChange(before: Json | undefined, after: Json | undefined): Change | undefined {
  if (isSame(before, after)) return undefined;
  if (after === undefined) return { type: 'gone' };
  if (isList(before) && isList(after) && before.every((item, index) => isSame(item, after[index]))) {
    return { type: 'appended', items: after.slice(before.length) };
  }
  if (!isRecord(before) || !isRecord(after)) return { type: 'value', value: after };
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const members = [...keys].flatMap((key) => {
    const change = findChange(before[key], after[key]);
    return change === undefined ? [] : [[key, change] as const];
  });
  return { type: 'members', members: new Map(members) };
}

/** Does to a value what was done to another. Pure; `undefined` is a value that is gone. */
export function applyChange(value: Json | undefined, change: Change): Json | undefined {
  if (change.type === 'value') return change.value;
  if (change.type === 'gone') return undefined;
  if (change.type === 'appended') return [...(isList(value) ? value : []), ...change.items];
  const entries = new Map(Object.entries(isRecord(value) ? value : {}));
  for (const [key, member] of change.members) {
    const next = applyChange(entries.get(key), member);
    if (next === undefined) entries.delete(key);
    else entries.set(key, next);
  }
  return Object.fromEntries(entries);
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value);
}
