import { fileURLToPath } from 'node:url';
import { UserError } from '@furrow/protocol';
import { error, quote, warning } from '../errors.ts';
import type { Place } from '../tree.ts';
import { libraryMissingFix } from './library-missing.ts';

const pluginFix = 'Mend the plugin, or what it asks for; docs/guide/plugins.md says what plugins are given.';

const lineOfFile = String.raw`(?:file:\/\/)?(?:\/|[A-Za-z]:[\\/]).+:\d+`;
/** Code that Node cannot parse is not on the stack: its line stands above all else. */
const unparsed = new RegExp(`^(${lineOfFile})\n`);
const frame = new RegExp(String.raw`^\s+at (?:async )?(?:.* \()?(${lineOfFile}:\d+)\)?$`, 'm');
const ownFolder = fileURLToPath(new URL('.', import.meta.url));

/** What an error of somebody else's code says, with the first place of theirs that it names. */
function reasonOf(cause: unknown, line?: string): string {
  if (!(cause instanceof Error)) return String(cause);
  const stack = cause.stack ?? '';
  const place = unparsed.exec(stack)?.[1] ?? line ?? frame.exec(stack)?.[1];
  const isTheirs = place !== undefined && !pathOf(place).startsWith(ownFolder);
  return `${cause.name}: ${cause.message}${isTheirs ? ` (${place})` : ''}`;
}

function pathOf(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}

interface PluginFailure {
  readonly name: string;
  readonly what: string;
  readonly error: unknown;
  /** Where its code cannot be parsed, if the error does not say it. */
  readonly line?: string | undefined;
}

/** What can be wrong of `@plugins`, and of what plugins give. */
export const pluginFaults = {
  pluginLine: (at: Place, text: string) =>
    error(
      'PLUGIN_LINE',
      at,
      `${quote(text)} does not belong beside the name of a plugin.`,
      'Write one plugin a line, and "src" with its file on the line below, indented.',
    ),
  pluginTwice: (at: Place, name: string, line: number) =>
    error('PLUGIN_TWICE', at, `${quote(name)} is already a plugin (line ${line}).`, 'Remove one of them.'),
  pluginMissing: (at: Place, name: string, looked: readonly string[]) =>
    error(
      'PLUGIN_MISSING',
      at,
      `The plugin ${quote(name)} was not found. Looked for ${looked.join(', ')}.`,
      'Install its package, or write "src" and its file on the line below, indented.',
    ),
  pluginFailed: (at: Place, { name, what, error: cause, line }: PluginFailure) =>
    error(
      'PLUGIN_FAILED',
      at,
      `The plugin ${quote(name)} ${what}: ${reasonOf(cause, line)}`,
      libraryMissingFix(cause) ?? pluginFix,
    ),
  pluginEmpty: (at: Place, name: string, file: string) =>
    error(
      'PLUGIN_EMPTY',
      at,
      `The plugin ${quote(name)} (${file}) has no hook.`,
      'Export an object with set, deploy or sandbox, and functions in it.',
    ),
  pluginHook: (at: Place, { name, hook, why }: { name: string; hook: string; why: string }) =>
    error(
      'PLUGIN_HOOK',
      at,
      `${hook} of the plugin ${quote(name)} ${why}.`,
      'Mend the plugin; docs/guide/plugins.md says what each hook gives.',
    ),
  pluginProxy: (at: Place, name: string) =>
    warning(
      'PLUGIN_HOOK_NOT_RUN',
      at,
      `set.proxy of the plugin ${quote(name)} is not run.`,
      'Declare the routes below @http, or keep the plugin for Architect.',
    ),
};

/** What commands throw when a plugin fails while they run. */
export const pluginErrors = {
  pluginFailed: (is: { plugin: string; hook: string; file: string }, cause: unknown) =>
    new UserError({
      code: 'PLUGIN_FAILED',
      message: `The plugin ${quote(is.plugin)} failed in ${is.hook} (${is.file}): ${reasonOf(cause)}`,
      fix: libraryMissingFix(cause) ?? pluginFix,
      cause,
    }),
  pluginHook: (is: { plugin: string; hook: string; file: string }, why: string) =>
    new UserError({
      code: 'PLUGIN_HOOK',
      message: `${is.hook} of the plugin ${quote(is.plugin)} (${is.file}) ${why}.`,
      fix: 'Mend the plugin; docs/guide/plugins.md says what each hook gives.',
    }),
};
