import { faults } from './errors.ts';
import { nearest } from './nearest.ts';
import type { Report } from './report.ts';
import type { Item, Pragma } from './tree.ts';

const ofManifest = [
  'app',
  'aws',
  'events',
  'http',
  'indexes',
  'plugins',
  'queues',
  'scheduled',
  'shared',
  'stage-variables',
  'static',
  'streams',
  'tables',
  'tables-indexes',
  'tables-streams',
  'views',
  'ws',
];
const ofFunction = ['aws', 'arc'];
const ofPreferences = ['create', 'env', 'sandbox', 'sandbox-start', 'sandbox-startup'];
const notRun = ['cdn', 'macros', 'proxy'];
/** What a plugin's own pragma may be a misspelling of: nobody misses `@app` in silence, and @api is close to it. */
const mistakable = ofManifest.filter((name) => name !== 'app');

/** The pragmas that `place` may hold, by name. Says a word about each of the others; a repeated one is an error. */
export function selectPragmas(
  pragmas: readonly Pragma[],
  place: 'manifest' | 'function',
  report: Report,
): ReadonlyMap<string, Pragma> {
  const known = place === 'manifest' ? ofManifest : ofFunction;
  const selected = new Map<string, Pragma & { readonly items: Item[] }>();
  const hasPlugins = pragmas.some(({ name, items }) => name === 'plugins' && items.length > 0);
  for (const pragma of pragmas) {
    const { name, at, items } = pragma;
    const earlier = selected.get(name);
    if (earlier !== undefined) {
      report.add(faults.pragmaTwice(at, name, earlier.at.line));
      // Their items are checked together, so that a second one hides no problem.
      for (const item of items) earlier.items.push(item);
    } else if (known.includes(name)) selected.set(name, { ...pragma, items: [...items] });
    else warn(pragma, { known, hasPlugins }, report);
  }
  return selected;
}

interface Place {
  readonly known: readonly string[];
  /** Plugins bring pragmas of their own, which only they know. */
  readonly hasPlugins: boolean;
}

function warn({ name, at }: Pragma, { known, hasPlugins }: Place, report: Report): void {
  // A pragma without a name was reported when it was read.
  if (name === '') return;
  if (notRun.includes(name)) report.add(faults.pragmaNotRun(at, name));
  else if (ofPreferences.includes(name)) report.add(faults.pragmaPreference(at, name));
  else if (ofFunction.includes(name))
    report.add(faults.pragmaPlace(at, name, 'config.arc in the folder of a function'));
  else if (ofManifest.includes(name)) report.add(faults.pragmaPlace(at, name, 'the manifest of the app'));
  else if (known === ofFunction) report.add(faults.pragmaUnknown(at, name, ofFunction));
  else if (!hasPlugins) report.add(faults.pragmaUnknown(at, name, [...ofManifest, ...notRun]));
  else if (nearest(name, mistakable) !== undefined) report.add(faults.pragmaUnknown(at, name, mistakable));
}
