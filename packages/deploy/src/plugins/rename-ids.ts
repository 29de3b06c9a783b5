import type { Template } from '../template/template.ts';

/**
 * Gives texts of templates the logical ids that another template has for the same things: a stack that Architect has deployed
 * keeps its ids. Pure.
 */
export function renameIds(from: Template, to: Template): (templateText: string) => string {
  const wanted = idsOf(to);
  const renames = new Map(
    [...idsOf(from)].flatMap(([thing, id]) => {
      const other = wanted.get(thing);
      return other === undefined || other === id ? [] : [[id, other] as const];
    }),
  );
  if (renames.size === 0) return (text) => text;
  // Ids are letters and digits: whole words, in references and in texts that hold some.
  return (text) => text.replaceAll(/[A-Za-z0-9]+/g, (word) => renames.get(word) ?? word);
}

/** Ids by what they are for; what is there more than once has none. */
function idsOf({ Resources }: Template): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const twice = new Set<string>();
  for (const [id, { Type, Metadata }] of Object.entries(Resources)) {
    const thing = JSON.stringify([Type, Metadata?.['Furrow']]);
    if (ids.has(thing)) twice.add(thing);
    ids.set(thing, id);
  }
  return new Map([...ids].filter(([thing]) => !twice.has(thing)));
}
