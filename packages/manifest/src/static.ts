import type { StaticSettings } from './app.ts';
import { readFolder } from './folders.ts';
import type { Report } from './report.ts';
import { bucketName, readWith, type Readers } from './settings.ts';
import type { Item, Pragma } from './tree.ts';
import { oneOf, oneValue, readSettings, textLike, textList, trueOrFalse } from './values.ts';

/** What is never meant for browsers, as in Architect; `static.json` is written anew by a deploy. */
const neverSent = ['.DS_Store', 'node_modules', 'readme.md', 'static.json'];
const switches = ['true', 'false', 'disable', 'disabled'];

const readers: Readers<Omit<StaticSettings, 'isServed' | 'folder'>> = {
  prefix: textLike(
    /^(?!\.)[\w.-]+(?:\/(?!\.)[\w.-]+)*$/,
    'what every key begins with, such as assets or v1/assets: letters, digits, "-", "_", "." and "/" between parts',
  ),
  ignore: textList(/^[^\p{C}]+$/u, 'a part of the names of files that are left out'),
  fingerprint: oneOf<StaticSettings['fingerprint']>(
    ({ text }) => (text === 'external' ? { value: text } : booleanOf(text)),
    'true, false or external',
  ),
  spa: trueOrFalse,
  compression: oneOf<StaticSettings['compression']>(({ text }) => {
    if (text === 'br' || text === 'gzip') return { value: text };
    const isOn = booleanOf(text);
    return isOn && { value: isOn.value ? 'br' : undefined };
  }, 'br, gzip, true or false'),
  prune: trueOrFalse,
  staging: bucketName,
  production: bucketName,
};

const defaults: Omit<StaticSettings, 'isServed'> = {
  folder: 'public',
  prefix: undefined,
  ignore: neverSent,
  fingerprint: false,
  spa: false,
  compression: undefined,
  prune: false,
  staging: undefined,
  production: undefined,
};

/** Reads `@static`. Files are served when the app has pages at all, unless it says `false`. */
export function readStatic(pragma: Pragma | undefined, hasHttp: boolean, report: Report): StaticSettings {
  if (pragma === undefined) return { ...defaults, isServed: hasHttp };
  const settings = readSettings(
    pragma.items.filter((item) => !isSwitch(item)),
    { known: ['folder', ...Object.keys(readers)], owner: '@static', report },
  );
  const setting = settings.get('folder');
  const word = setting === undefined ? undefined : oneValue(setting, report);
  const isOff = pragma.isOff || pragma.items.some((item) => isSwitch(item) && item.words[0].text !== 'true');
  const said = readWith(readers, settings, { report, region: undefined });
  return {
    ...defaults,
    ...said,
    ignore: [...neverSent, ...(said.ignore ?? [])],
    isServed: !isOff,
    folder: (word === undefined ? undefined : readFolder(word, report, { mayLeave: true })) ?? defaults.folder,
  };
}

function booleanOf(text: string): { readonly value: boolean } | undefined {
  return text === 'true' || text === 'false' ? { value: text === 'true' } : undefined;
}

function isSwitch({ words, children }: Item): boolean {
  return words.length === 1 && children.length === 0 && switches.includes(words[0].text);
}
