import { cac, type CAC } from 'cac';
import type { UserError } from '@furrow/protocol';
import { nearest } from '@furrow/manifest';
import type { Arguments, Command, Option } from './command.ts';
import { commands } from './commands/all.ts';
import { usageErrors } from './errors.ts';
import { version } from './version.ts';

/**
 * A command line as a command and what it is given; an exit code where help or the version was asked for, which is then
 * printed.
 *
 * @throws {COMMAND_UNKNOWN} {OPTION_UNKNOWN} {OPTION_VALUE} {ARGUMENT_UNUSED}
 */
export function readCommandLine(
  argv: readonly string[],
): { readonly command: Command; readonly input: Arguments } | number {
  const program = createProgram();
  const [first] = argv;
  if (first === undefined || first === 'help') {
    program.outputHelp();
    return first === undefined ? 2 : 0;
  }
  const command = commands.find(({ name, aliases }) => name === first || aliases.includes(first));
  if (command === undefined && !first.startsWith('-')) {
    const names = commands.flatMap(({ name, aliases }) => [name, ...aliases]);
    throw usageErrors.commandUnknown(first, nearest(first, names));
  }
  const { booleans, left } = takeBooleans(command?.options ?? [], argv);
  // cac reads a whole process.argv, program names included; it prints help and version itself.
  const { args, options } = program.parse(['node', 'arc', ...left], { run: false });
  if (options['help'] === true || options['version'] === true) return 0;
  if (command === undefined) throw unknownOption('', first);
  checkOptions(program, command, options, left);
  const typed = { ...options, ...booleans, ...typedTexts(command, options, left) };
  const positional = readWords(command, [args, options['--'] ?? []].flat());
  return { command, input: { positional, options: typed } };
}

/**
 * Options without a value, by their camel-case names, and the words without them. The parser would take the word behind
 * `--dry-run` for its value.
 */
function takeBooleans(options: readonly Option[], argv: readonly string[]) {
  const taking = options.filter(takesValue).flatMap(spellingsOf);
  const names = new Map(
    options
      .filter((option) => !takesValue(option))
      .flatMap((option) => spellingsOf(option).map((spelling) => [spelling, nameOf(option)] as const)),
  );
  const before = beforeDashes(argv);
  // Behind an option that lacks its value a flag stays, or the word after it would become that value.
  const isTaken = (word: string, index: number) =>
    names.has(word) && !taking.includes(before[index - 1] ?? '') && !hasNumber(options, before, index);
  const booleans = Object.fromEntries(before.filter(isTaken).map((word) => [names.get(word) ?? '', true]));
  const left = before.filter((word, index) => !isTaken(word, index));
  return { booleans, left: [...left, ...argv.slice(before.length)] };
}

function takesValue({ flag }: Option): boolean {
  return flag.includes('<');
}

/** `--shuffle [seed]` */
function mayTakeValue({ flag }: Option): boolean {
  return flag.includes('[');
}

/** Whether the word behind an option is the number that it may have: anything but digits could be a folder. */
function hasNumber(options: readonly Option[], words: readonly string[], index: number): boolean {
  const option = options.find((each) => spellingsOf(each).includes(words[index] ?? ''));
  return option !== undefined && mayTakeValue(option) && /^\d+$/.test(words[index + 1] ?? '');
}

/** `-p` and `--production`. */
function spellingsOf({ flag }: Option): readonly string[] {
  return flag.split(/[ ,]+/).filter((word) => word.startsWith('-'));
}

/** `dryRun` */
function nameOf(option: Option): string {
  const longest = spellingsOf(option).at(-1) ?? '';
  return longest.slice(2).replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}

function readWords({ name, parameters }: Command, typed: readonly unknown[]): readonly string[] {
  const words = typed.map(String);
  const most = parameters === '' ? 0 : parameters.includes('...') ? Infinity : 1;
  if (words.length > most) throw usageErrors.argumentUnused(name, words[most] ?? '');
  return words;
}

function createProgram(): CAC {
  const program = cac('arc');
  for (const { name, parameters, aliases, summary, options, examples } of commands) {
    const command = program.command(parameters === '' ? name : `${name} ${parameters}`, summary);
    for (const alias of aliases) command.alias(alias);
    for (const { flag, description } of options) command.option(flag, description);
    for (const example of examples) command.example(`  $ ${example}`);
  }
  program.help();
  program.version(version());
  return program;
}

/** Every option typed must be one of the command's, with a value where it takes one. */
function checkOptions(program: CAC, command: Command, options: Record<string, unknown>, argv: readonly string[]): void {
  for (const word of beforeDashes(argv)) if (word.startsWith('-')) checkSpelling(command, word);
  try {
    program.matchedCommand?.checkOptionValue();
  } catch (error) {
    throw usageErrors.optionValue(command.name, error instanceof Error ? error.message : String(error));
  }
  for (const [name, value] of Object.entries(options)) {
    if (Array.isArray(value) && !isRepeatable(command, name)) {
      throw usageErrors.optionValue(command.name, `--${name} was given ${value.length} times; it takes one value.`);
    }
  }
}

/** A word that begins with a dash is an option of the command, written as it takes its value. */
function checkSpelling(command: Command, word: string): void {
  const spelling = word.replace(/=.*$/s, '');
  const option = command.options.find((each) => spellingsOf(each).includes(spelling));
  if (option === undefined) {
    const known = command.options.flatMap(spellingsOf);
    throw command.hasSecrets === true
      ? usageErrors.optionHidden(command.name, nearest(spelling, known))
      : unknownOption(command.name, spelling, known);
  }
  if (word.includes('=') && !takesValue(option) && !mayTakeValue(option)) {
    throw usageErrors.optionValue(command.name, `${spelling} takes no value.`);
  }
  // The parser would take the next word.
  if (word === `${spelling}=`) {
    throw usageErrors.optionValue(command.name, `${spelling} was given an empty value.`);
  }
}

/**
 * The values of options as they were typed. The parser makes numbers of what looks like one, and `1.50` or `007` is then
 * another text.
 */
function typedTexts(
  command: Command,
  options: Record<string, unknown>,
  argv: readonly string[],
): Record<string, string | readonly string[]> {
  const valued = command.options.filter((option) => takesValue(option) || mayTakeValue(option));
  const entries = valued.flatMap((option) => {
    const name = nameOf(option);
    const texts = textsOf(spellingsOf(option), argv);
    if (!Object.hasOwn(options, name) || texts.length === 0) return [];
    return [[name, texts.length === 1 ? (texts[0] ?? '') : texts] as const];
  });
  return Object.fromEntries(entries);
}

/** `--name one`, `--name=one`, `-n one`. */
function textsOf(spellings: readonly string[], argv: readonly string[]): readonly string[] {
  const words = beforeDashes(argv);
  return words.flatMap((word, index) => {
    const at = word.indexOf('=');
    if (at > 0 && spellings.includes(word.slice(0, at))) return [word.slice(at + 1)];
    const next = words[index + 1];
    return spellings.includes(word) && next !== undefined ? [next] : [];
  });
}

/** What stands behind `--` is words, whatever they begin with. */
function beforeDashes(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

function isRepeatable(command: Command, name: string): boolean {
  const dashed = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const spellings = [`-${dashed}`, `--${dashed}`];
  return (
    name === '--' ||
    command.options.some((option) => option.mayRepeat && spellingsOf(option).some((word) => spellings.includes(word)))
  );
}

function unknownOption(command: string, option: string, known: readonly string[] = ['--help', '--version']): UserError {
  return usageErrors.optionUnknown(command, option, nearest(option, known));
}
