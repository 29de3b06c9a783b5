import type { StaticSettings } from './app.ts';
import { faults } from './errors.ts';
import { readFolder } from './folders.ts';
import type { Report } from './report.ts';
import type { Item, Pragma } from './tree.ts';
import { oneValue, readSettings } from './values.ts';

const defaultFolder = 'public';
const notRun = ['prefix', 'fingerprint', 'ignore', 'prune', 'spa', 'compression', 'staging', 'production'];

/** Reads `@static`. Files are served when the app has pages at all, unless it says `false`. */
export function readStatic(pragma: Pragma | undefined, hasHttp: boolean, report: Report): StaticSettings {
  if (pragma === undefined) return { isServed: hasHttp, folder: defaultFolder };
  const settings = readSettings(
    pragma.items.filter((item) => !isSwitch(item)),
    { known: ['folder', ...notRun], owner: '@static', report },
  );
  for (const key of notRun) {
    const setting = settings.get(key);
    if (setting !== undefined) report.add(faults.settingNotRun(setting.key.at, key, '@static'));
  }
  const setting = settings.get('folder');
  const word = setting === undefined ? undefined : oneValue(setting, report);
  const isOff = pragma.isOff || pragma.items.some((item) => isSwitch(item) && item.words[0].text === 'false');
  return {
    isServed: !isOff,
    folder: (word === undefined ? undefined : readFolder(word, report)) ?? defaultFolder,
  };
}

function isSwitch({ words, children }: Item): boolean {
  return words.length === 1 && children.length === 0 && ['true', 'false'].includes(words[0].text);
}
