import { cac, type CAC } from 'cac';
import { isUserError, type UserError } from '@furrow/protocol';
import type { Command } from './command.ts';
import { commands } from './commands/all.ts';
import { isUsageError, usageErrors } from './errors.ts';
import { nearest } from '@furrow/manifest';
import { version } from './version.ts';
import type { World } from './world.ts';

/** Runs one command line. Resolves with the exit code: 0 done, 1 a person must mend something, 2 wrong use. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  try {
    return await run(argv, world);
  } catch (error) {
    if (!isUserError(error)) throw error;
    world.writeError(describeError(error));
    return isUsageError(error) ? 2 : 1;
  }
}

async function run(argv: readonly string[], world: World): Promise<number> {
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
  // cac reads a whole process.argv, program names included; it prints help and version itself.
  const { args, options } = program.parse(['node', 'arc', ...argv], { run: false });
  if (options['help'] === true || options['version'] === true) return 0;
  if (command === undefined) throw unknownOption('', first);
  checkOptions(program, command, options, argv);
  const typed = { ...options, ...typedTexts(command, options, argv) };
  const positional = readWords(command, [args, options['--'] ?? []].flat());
  return command.run({ positional, options: typed }, world);
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
  const typed = beforeDashes(argv)
    .filter((word) => /^-./.test(word))
    .map((word) => word.replace(/=.*$/s, ''));
  const known = command.options.flatMap(({ flag }) => flag.match(/--?[a-zA-Z][\w-]*/g) ?? []);
  for (const option of typed) {
    const negated = option.replace(/^--no-/, '--');
    if (known.includes(option) || known.includes(negated)) continue;
    throw command.hasSecrets === true
      ? usageErrors.optionHidden(command.name, nearest(option, known))
      : unknownOption(command.name, option, known);
  }
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

/**
 * The values of options as they were typed. The parser makes numbers of what looks like one, and `1.50` or `007` is then
 * another text.
 */
function typedTexts(
  command: Command,
  options: Record<string, unknown>,
  argv: readonly string[],
): Record<string, string | readonly string[]> {
  const taking = command.options.filter(({ flag }) => flag.includes('<'));
  const entries = taking.flatMap(({ flag }) => {
    const spellings = flag.split(/[ ,]+/).filter((word) => word.startsWith('-'));
    const name = (spellings.at(-1) ?? '')
      .slice(2)
      .replaceAll(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
    const texts = textsOf(spellings, argv);
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
    command.options.some(
      ({ flag, mayRepeat }) => mayRepeat && flag.split(/[ ,]+/).some((word) => spellings.includes(word)),
    )
  );
}

function unknownOption(command: string, option: string, known: readonly string[] = ['--help', '--version']): UserError {
  return usageErrors.optionUnknown(command, option, nearest(option, known));
}

/** `CODE  message`, then the way out. */
export function describeError({ code, message, fix }: UserError): string {
  return `${code}  ${message}\nFix: ${fix}\n`;
}
