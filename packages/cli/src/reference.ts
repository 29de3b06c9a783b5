import type { Command } from './command.ts';

/** The reference page of the command line, from the same table as its help. Pure. */
export function describeCommands(commands: readonly Command[]): string {
  return [
    '# The command line',
    '',
    'Printed from the commands themselves; a test compares.',
    '',
    'Exit codes: 0 done, 1 something a person must mend, 2 wrong use. `arc --version` prints the version,',
    '`arc <command> --help` the help of a command.',
    ...commands.flatMap(describeCommand),
    '',
  ].join('\n');
}

function describeCommand({ name, parameters, aliases, summary, options, examples }: Command): string[] {
  return [
    '',
    `## arc ${name}${parameters === '' ? '' : ` ${parameters}`}`,
    '',
    `${summary}.${aliases.length === 0 ? '' : ` Also: ${aliases.map((alias) => `\`arc ${alias}\``).join(', ')}.`}`,
    '',
    '| option | |',
    '| --- | --- |',
    ...options.map(({ flag, description }) => `| \`${flag}\` | ${description} |`),
    '',
    '```',
    ...examples,
    '```',
  ];
}
