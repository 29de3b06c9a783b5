import { UserError } from '@furrow/protocol';
import { nearest } from './nearest.ts';
import type { Fault } from './report.ts';
import type { Place } from './tree.ts';

/** A fault that refuses the app. */
export function error(code: string, at: Place, message: string, fix: Fault['fix']): Fault {
  return { severity: 'error', code, at, message, fix };
}

/** A fault that is said, and the app runs. */
export function warning(code: string, at: Place, message: string, fix: Fault['fix']): Fault {
  return { severity: 'warning', code, at, message, fix };
}

/** Settings that only some functions may have, where those are not all routes of `@ws`. */
const takers: Readonly<Record<string, string>> = { routeResponse: 'routes of messages', fifo: 'queues' };

const maxQuoted = 60;

/** A word of the user in double quotes: cut when long, control characters replaced. */
export function quote(text: string): string {
  const printable = text.slice(0, maxQuoted).replaceAll(/\p{C}/gu, '?');
  return `"${printable}${text.length > maxQuoted ? '...' : ''}"`;
}

/** `Did you mean X?` when there is one, else the other way out. Put off, because it is slow and most are never shown. */
function suggest(word: string, known: readonly string[], otherwise: string, mark = ''): () => string {
  return () => {
    const candidate = nearest(word, known);
    return candidate === undefined ? otherwise : `Did you mean ${mark}${candidate}?`;
  };
}

/** What can be wrong in the text of a manifest. */
export const faults = {
  characterUnknown: (at: Place, text: string) =>
    error(
      'CHARACTER_UNKNOWN',
      at,
      `${quote(text)} may only stand inside quotes.`,
      text.startsWith('\\') ? 'Write "/" between folders.' : 'Remove it, or put the word in quotes.',
    ),
  stringOpen: (at: Place, mark: string) =>
    error('STRING_OPEN', at, `This text starts with ${mark} and never ends.`, `Add a ${mark} where the text ends.`),
  stringJoined: (at: Place, rest: string) =>
    error(
      'STRING_JOINED',
      at,
      `${quote(rest)} follows a closing quote without a space.`,
      'Put a space between them, or everything inside the quotes.',
    ),
  escapeUnknown: (at: Place, written: string) =>
    error(
      'ESCAPE_UNKNOWN',
      at,
      `${quote(written)} means nothing inside quotes.`,
      'Write "\\\\" for a backslash; \\n, \\r, \\t and escaped quotes are the others.',
    ),
  pragmaName: (at: Place, blob: string) =>
    error(
      'PRAGMA_NAME',
      at,
      `${quote(blob)} is not the name of a pragma.`,
      'Write "@" and letters, digits, "-" or "_", such as @ws.',
    ),
  pragmaIndented: (at: Place, name: string) =>
    error('PRAGMA_INDENTED', at, `"@${name}" does not start its line.`, 'Remove the space before it.'),
  pragmaMissing: (at: Place) =>
    error('PRAGMA_MISSING', at, 'No pragma was found.', 'Put the name of a pragma, such as @app, above this line.'),
  contentBeforePragma: (at: Place) =>
    error(
      'CONTENT_BEFORE_PRAGMA',
      at,
      'This stands before the first pragma.',
      'Move it below the pragma it belongs to.',
    ),
  pragmaTwice: (at: Place, name: string, line: number) =>
    error('PRAGMA_TWICE', at, `"@${name}" is already declared (line ${line}).`, `Move its lines below line ${line}.`),
  indentMixed: (at: Place) =>
    error(
      'INDENT_MIXED',
      at,
      'This line is indented like none of the lines above.',
      'Indent it as far as the lines it belongs with.',
    ),
  manifestEmpty: (at: Place) =>
    error('MANIFEST_EMPTY', at, 'The file says nothing.', 'Write @app, and a name on the next line.'),
  manifestIgnored: (at: Place, ignored: readonly string[]) =>
    warning(
      'MANIFEST_IGNORED',
      at,
      `${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} ignored, because this is read first.`,
      'Keep one of them.',
    ),
  problemsMore: (at: Place, count: number) =>
    error('PROBLEMS_MORE', at, `And ${count} more.`, 'Mend those above first.'),

  dataSyntax: (at: Place, why: string) => error('DATA_SYNTAX', at, why, 'Correct the file from here on.'),
  dataShape: (at: Place, why: string, fix: string) => error('DATA_SHAPE', at, why, fix),

  pragmaUnknown: (at: Place, name: string, known: readonly string[]) =>
    warning(
      'PRAGMA_UNKNOWN',
      at,
      `"@${name}" is not a pragma.`,
      suggest(name, known, `Remove it; the pragmas are ${known.map((each) => `@${each}`).join(', ')}.`, '@'),
    ),
  pragmaNotRun: (at: Place, name: string) =>
    warning('PRAGMA_NOT_RUN', at, `"@${name}" is not run yet.`, 'Remove it, or keep it for Architect.'),
  pragmaPreference: (at: Place, name: string) =>
    warning('PRAGMA_PREFERENCE', at, `"@${name}" is a preference.`, 'Move it to preferences.arc.'),
  pragmaPlace: (at: Place, name: string, place: string) =>
    warning('PRAGMA_PLACE', at, `"@${name}" says nothing here.`, `Move it to ${place}.`),

  appMissing: (at: Place) => error('APP_MISSING', at, 'The app has no name.', 'Add @app, and a name on the next line.'),
  appName: (at: Place, why: string) =>
    error('APP_NAME', at, why, 'Write one name: a small letter, then letters, digits, "-" or "_".'),

  routeTwice: (at: Place, label: string, line: number) =>
    error('ROUTE_TWICE', at, `${quote(label)} is already a route (line ${line}).`, 'Remove one of them.'),
  routeFolder: (at: Place, task: { label: string; other: string; line: number; folder: string }) =>
    error(
      'ROUTE_FOLDER',
      at,
      `${quote(task.label)} would share the folder ${task.folder} with ${quote(task.other)} (line ${task.line}).`,
      'Rename one, or give it a folder of its own with "src".',
    ),
  routeName: (at: Place, why: string) =>
    error('ROUTE_NAME', at, why, 'Use letters, digits, "-", "_", ".", and "/" between parts.'),
  routeReserved: (at: Place, name: string) =>
    error(
      'ROUTE_RESERVED',
      at,
      `${quote(name)} begins with "$", which API Gateway keeps for itself.`,
      suggest(name, ['$connect', '$default', '$disconnect'], 'Remove the "$".'),
    ),
  routeAuthorizer: (at: Place, name: string, line: number) =>
    error(
      'ROUTE_NAME',
      at,
      `${quote(name)} is what the authorizer is called (line ${line}).`,
      'Give the route another name.',
    ),
  routesNone: (at: Place) =>
    error('ROUTES_NONE', at, 'No route of @ws is left.', 'Leave one of them in, or remove @ws.'),
  routeLine: (at: Place, why: string, fix: string) => error('ROUTE_LINE', at, why, fix),
  httpMethod: (at: Place, method: string, known: readonly string[]) =>
    error(
      'HTTP_METHOD',
      at,
      `${quote(method)} is not a method.`,
      suggest(method, known, `The methods are ${known.join(', ')}.`),
    ),
  httpPath: (at: Place, path: string, why: string) =>
    error('HTTP_PATH', at, `${quote(path)} ${why}.`, 'Write a path such as /, /rooms, /rooms/:id or /files/*.'),

  backgroundName: (at: Place, why: string) =>
    error('BACKGROUND_NAME', at, why, 'Use 1 to 240 letters, digits, "-", "_", "." and "/".'),
  backgroundTwice: (at: Place, { name, noun, line }: { name: string; noun: string; line: number }) =>
    error(
      'BACKGROUND_TWICE',
      at,
      `${quote(name)} is already declared as ${noun} (line ${line}).`,
      'Remove one of them.',
    ),
  backgroundLine: (at: Place, why: string, fix: string) => error('BACKGROUND_LINE', at, why, fix),
  schedule: (at: Place, why: string, fix: string) => error('SCHEDULE_EXPRESSION', at, why, fix),

  tableName: (at: Place, why: string) =>
    error('TABLE_NAME', at, why, 'Use 3 to 255 letters, digits, "-", "_" and ".".'),
  tableTwice: (at: Place, name: string, line: number) =>
    error('TABLE_TWICE', at, `${quote(name)} is already a table (line ${line}).`, 'Remove one of them.'),
  tableLine: (at: Place, why: string, fix: string) => error('TABLE_LINE', at, why, fix),
  tableKey: (at: Place, why: string, fix: string) => error('TABLE_KEY', at, why, fix),
  tableUnknown: (at: Place, name: string, known: readonly string[]) =>
    error(
      'TABLE_UNKNOWN',
      at,
      `${quote(name)} is not a table of this app.`,
      suggest(name, known, 'Declare it below @tables, or remove the index.'),
    ),
  streamTable: (at: Place, name: string, known: readonly string[]) =>
    error(
      'TABLE_UNKNOWN',
      at,
      `${quote(name)} is not a table of this app.`,
      suggest(name, known, 'Declare it below @tables, or name another with "table".'),
    ),
  indexTwice: (at: Place, name: string, line: number) =>
    error(
      'INDEX_TWICE',
      at,
      `${quote(name)} is already an index of this table (line ${line}).`,
      'Give one of them another "name".',
    ),
  indexesMany: (at: Place, name: string, most: number) =>
    error('INDEXES_MANY', at, `${quote(name)} has more than ${most} indexes.`, `Keep ${most} at most.`),

  functionUnknown: (at: Place, is: { label: string; pragma: string; known: readonly string[] }) =>
    error(
      'FUNCTION_UNKNOWN',
      at,
      `${quote(is.label)} is not a function of ${is.pragma}.`,
      suggest(is.label, is.known, `Declare it below ${is.pragma}, or remove it here.`),
    ),
  pathInvalid: (at: Place, path: string, why: string) =>
    error('PATH_INVALID', at, `${quote(path)} ${why}.`, 'Write a folder of the project, such as src/rooms.'),
  pathOutside: (at: Place, path: string) =>
    error(
      'PATH_OUTSIDE',
      at,
      `${quote(path)} leaves the project.`,
      'Write a folder of the project, such as src/rooms.',
    ),

  /** What is like none of them may be for a plugin, or for a version of Architect; the rest is a slip. */
  settingUnknown: (
    at: Place,
    { key, owner, known, isSlip }: { key: string; owner: string; known: readonly string[]; isSlip: boolean },
  ) =>
    (isSlip ? error : warning)(
      'SETTING_UNKNOWN',
      at,
      `${quote(key)} is not a setting of ${owner}${isSlip ? '' : ', and is passed over'}.`,
      suggest(key, known, known.length === 1 ? `The only one is ${known[0]}.` : `They are ${known.join(', ')}.`),
    ),
  settingTwice: (at: Place, key: string, line: number) =>
    error('SETTING_TWICE', at, `${quote(key)} is already set (line ${line}).`, 'Remove one of them.'),
  settingValue: (at: Place, why: string, fix: string) => error('SETTING_VALUE', at, why, fix),
  concurrencyLow: (at: Place, is: { provisionedConcurrency: number; concurrency: number }) =>
    error(
      'CONCURRENCY_LOW',
      at,
      `"provisionedConcurrency" is ${is.provisionedConcurrency}, and "concurrency" reserves ${is.concurrency}.`,
      'Reserve as many as are kept warm, or leave out one of them.',
    ),
  settingNotRun: (at: Place, key: string, owner: string) =>
    warning('SETTING_NOT_RUN', at, `"${key}" of ${owner} is not run yet.`, 'Remove it, or keep it for Architect.'),
  settingPlace: (at: Place, key: string) =>
    error('SETTING_PLACE', at, `"${key}" is a setting of the whole app.`, 'Move it to @aws of the manifest.'),
  settingOfRoutes: (at: Place, key: string, label: string) =>
    error(
      'SETTING_PLACE',
      at,
      `"${key}" is for ${takers[key] ?? 'routes of @ws'}, and ${quote(label)} is none.`,
      `Remove it, or move it to the config file of such a ${key === 'fifo' ? 'queue' : 'route'}.`,
    ),
  authorizerPlace: (at: Place, label: string) =>
    error(
      'SETTING_PLACE',
      at,
      `An authorizer is asked when a client connects, never for ${quote(label)}.`,
      'Move "authorizer" below connect.',
    ),
  stageVariableName: (at: Place, name: string) =>
    error(
      'STAGE_VARIABLE',
      at,
      `${quote(name)} is no name for a stage variable.`,
      'Use 1 to 64 letters, digits and "_".',
    ),
  stageVariablesMany: (at: Place, most: number) =>
    error('STAGE_VARIABLES_MANY', at, `There are more than ${most} stage variables.`, `Keep ${most} at most.`),
  stageVariablesUnused: (at: Place) =>
    warning('PRAGMA_PLACE', at, '"@stage-variables" says nothing without @ws.', 'Add @ws, or remove it.'),
  runtimeDeprecated: (at: Place, runtime: string, instead: string) =>
    warning('RUNTIME_DEPRECATED', at, `AWS no longer supports ${runtime}.`, `Use ${instead}.`),
  runtimeCustom: (at: Place, runtime: string, known: readonly string[]) =>
    warning(
      'RUNTIME_CUSTOM',
      at,
      `${quote(runtime)} is not a runtime of Lambda.`,
      suggest(runtime, known, 'Use one such as nodejs24.x, unless something of yours knows it.'),
    ),
  layersMany: (at: Place, count: number, most: number) =>
    error('LAYERS_MANY', at, `${count} layers are too many.`, `Keep ${most} at most.`),
  layerRegion: (at: Place, region: string, expected: string) =>
    error('LAYER_REGION', at, `This layer is in ${region}, the app in ${expected}.`, `Use a layer in ${expected}.`),
};

/** What `loadApp` throws. */
export const errors = {
  manifestMissing: (projectDir: string, looked: readonly string[]) =>
    new UserError({
      code: 'MANIFEST_MISSING',
      message: `No manifest in ${projectDir}. Looked for ${looked.join(', ')}.`,
      fix: 'Run "arc init".',
    }),
  fileUnreadable: (file: string, cause: unknown) =>
    new UserError({
      code: 'MANIFEST_UNREADABLE',
      message: `${file} could not be read${cause instanceof Error ? ` (${cause.message})` : ''}.`,
      fix: 'Check who may read the file.',
      cause,
    }),
};
