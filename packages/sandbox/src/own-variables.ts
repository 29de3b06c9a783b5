import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isOurVariable, isReservedVariable } from '@furrow/executor';
import { loadPreferences, preferenceFiles, type SandboxPreferences } from '@furrow/manifest';
import { parseDotEnv } from './dot-env.ts';

export interface OwnVariablesOptions {
  readonly projectDir: string;
  /** The developer's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of `.env` that is no variable, or one that no app may set. */
  readonly onFault: (file: string, expected: string, text: string) => void;
  /** What of the preferences has no effect, as a sentence. */
  readonly onNotice: (text: string) => void;
}

/** The app's own variables and preferences, from `.env` and `preferences.arc`. */
export interface OwnVariables {
  /**
   * What functions get. With `.env`, even an empty one, `@env testing` says nothing, as in Architect.
   *
   * @param ofPlugins what they get unless the app itself says it.
   */
  read(ofPlugins?: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>>;
  /** What `@sandbox` says. */
  readSandbox(): Promise<SandboxPreferences>;
  /** Absolute paths of all files that could say something. */
  readonly files: readonly string[];
}

export function createOwnVariables({ projectDir, env, onFault, onNotice }: OwnVariablesOptions): OwnVariables {
  const homeDir = env['HOME'] || env['USERPROFILE'] || homedir();
  const dotEnv = join(projectDir, '.env');
  let said = new Set<string>();
  /** What `@sandbox` said when the sandbox was started. */
  let atStart: string | undefined;

  /** Says what is new among the faults: the files are read again with every change of the app. */
  async function load() {
    const preferences = await loadPreferences(projectDir, homeDir);
    const texts = preferences.faults.map(({ file, line, message }) => `${file}, line ${line}: ${message}`);
    const settings = JSON.stringify(preferences.sandbox);
    atStart ??= settings;
    if (settings !== atStart) texts.push('What @sandbox says now takes effect when the sandbox is started again.');
    for (const text of texts) if (!said.has(text)) onNotice(text);
    said = new Set(texts);
    return preferences;
  }

  async function read(ofPlugins: Readonly<Record<string, string>> = {}): Promise<Readonly<Record<string, string>>> {
    return { ...allowed(ofPlugins, '@plugins'), ...(await readOwn()) };
  }

  async function readOwn(): Promise<Readonly<Record<string, string>>> {
    // A file that is not there leaves it to the preferences.
    const [preferences, text] = await Promise.all([load(), readFile(dotEnv, 'utf8').catch(() => {})]);
    if (text === undefined) return allowed(preferences.variables ?? {}, '@env');
    const { variables, faults } = parseDotEnv(text);
    for (const fault of faults) onFault('.env', 'NAME=value', fault);
    return allowed(variables, '.env');
  }

  function allowed(variables: Readonly<Record<string, string>>, file: string): Record<string, string> {
    const entries = Object.entries(variables);
    const refused = entries.filter(([name]) => isOurVariable(name) || isReservedVariable(name));
    for (const [name] of refused) onFault(file, 'a name that an app may set', name);
    return Object.fromEntries(entries.filter((entry) => !refused.includes(entry)));
  }

  return {
    read,
    readSandbox: async () => (await load()).sandbox,
    files: [dotEnv, ...[projectDir, homeDir].flatMap((folder) => preferenceFiles.map((name) => join(folder, name)))],
  };
}
