import type { Fields } from './draft.ts';

export const keepNothing = 'no-cache, no-store, must-revalidate, max-age=0, s-maxage=0';
const keepForADay = 'max-age=86400';

/** Headers that are ours to fill in; whoever wrote them with capitals meant the same. */
const settled = new Set(['content-type', 'cache-control', 'content-encoding']);

/**
 * The headers of an answer: what middleware gave, with a content type and a cache rule.
 *
 * A `content-type` counts before everything else, but one with capitals only where nothing else says a type: so it is in
 * Architect's library.
 */
export function settleHeaders(fields: Fields, shortcutType: string | undefined): Fields {
  const given = Object.entries({ ...Object(fields['headers']) }).filter(([, value]) => value !== undefined);
  const others = given.filter(([name]) => !settled.has(name.toLowerCase()));
  const find = (lowerCase: string) =>
    text((given.find(([name]) => name === lowerCase) ?? given.find(([name]) => name.toLowerCase() === lowerCase))?.[1]);
  const exact = text(given.find(([name]) => name === 'content-type')?.[1]);
  const type = shortcutType ?? (text(fields['type']) || find('content-type') || 'application/json; charset=utf8');
  const isFleeting = ['text/html', 'application/json', 'application/vnd.api+json'].some((one) => type.includes(one));
  const fallback = isFleeting || fields['location'] ? keepNothing : keepForADay;
  const encoding = find('content-encoding');
  return {
    'content-type': exact || type,
    ...Object.fromEntries(others),
    'cache-control': text(fields['cacheControl']) || find('cache-control') || fallback,
    ...(encoding !== '' && { 'content-encoding': encoding }),
    ...(fields['cors'] ? { 'access-control-allow-origin': '*' } : {}),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
