import { describe, expect, test } from 'vitest';
import { readCommandLine } from './command-line.ts';
import { commands } from './commands/all.ts';

const booleans = commands.flatMap(({ name, parameters, options }) =>
  options
    .filter(({ flag }) => !/[<[]/.test(flag))
    .flatMap(({ flag }) => {
      const spellings = flag.split(', ');
      const words = (spellings.at(-1) ?? '').split('-').filter((word) => word !== '');
      const option = words.map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('');
      return spellings.map((spelling) => ({ name, spelling, option, takesWords: parameters !== '' }));
    }),
);

function read(argv: readonly string[]) {
  const line = readCommandLine(argv);
  if (typeof line === 'number') throw new Error(`It ended with ${line}.`);
  return line.input;
}

describe('a flag without a value leaves the word behind it alone', () => {
  test.for(booleans.filter(({ takesWords }) => takesWords))('arc $name $spelling', ({ name, spelling, option }) => {
    const expected = { positional: ['production'], options: { [option]: true } };
    for (const typed of [
      [spelling, 'production'],
      ['production', spelling],
      [spelling, spelling, 'production'],
    ]) {
      expect(read([name, ...typed])).toMatchObject(expected);
    }
  });

  test.for(booleans)('arc $name $spelling=true', ({ name, spelling }) => {
    for (const value of ['true', 'false', 'production', '']) {
      expect(() => readCommandLine([name, `${spelling}=${value}`])).toThrow(
        expect.objectContaining({ code: 'OPTION_VALUE', message: `arc ${name}: ${spelling} takes no value.` }),
      );
    }
  });

  test.for(booleans)('arc $name -- $spelling', ({ name, spelling, option, takesWords }) => {
    if (!takesWords) return;
    const { positional, options } = read([name, '--', spelling]);
    expect(positional).toEqual([spelling]);
    expect(options).not.toHaveProperty(option);
  });
});

describe('a flag whose value may be left out', () => {
  test.for<{ argv: string[]; folder?: string; shuffle: unknown }>([
    { argv: ['--shuffle'], shuffle: true },
    { argv: ['--shuffle', 'app'], folder: 'app', shuffle: true },
    { argv: ['app', '--shuffle'], folder: 'app', shuffle: true },
    { argv: ['--shuffle', '7'], shuffle: '7' },
    { argv: ['--shuffle', '007', 'app'], folder: 'app', shuffle: '007' },
    { argv: ['--shuffle=7', 'app'], folder: 'app', shuffle: '7' },
    { argv: ['--shuffle=many', 'app'], folder: 'app', shuffle: 'many' },
    { argv: ['--shuffle', '--quiet', '7'], folder: '7', shuffle: true },
    { argv: ['--shuffle', '--', '7'], folder: '7', shuffle: true },
  ])('arc sandbox $argv', ({ argv, folder, shuffle }) => {
    expect(read(['sandbox', ...argv])).toMatchObject({
      positional: folder === undefined ? [] : [folder],
      options: { shuffle },
    });
  });

  test.for([['--shuffle='], ['--shuffle=1', '--shuffle=2']])('arc sandbox %s is refused', (argv) => {
    expect(() => readCommandLine(['sandbox', ...argv])).toThrow(expect.objectContaining({ code: 'OPTION_VALUE' }));
  });
});

describe('no word is swallowed', () => {
  test.for([
    { argv: ['deploy', '--name', '--dry-run', 'production'], code: 'OPTION_VALUE' },
    { argv: ['deploy', '-n', '-p', 'production'], code: 'OPTION_VALUE' },
    { argv: ['deploy', '--name=', 'production'], code: 'OPTION_VALUE' },
    { argv: ['deploy', '-', 'production'], code: 'OPTION_UNKNOWN' },
    { argv: ['deploy', '---dry-run', 'production'], code: 'OPTION_UNKNOWN' },
    { argv: ['deploy', '--dryRun', 'production'], code: 'OPTION_UNKNOWN' },
    { argv: ['deploy', '-py', 'production'], code: 'OPTION_UNKNOWN' },
    { argv: ['deploy', '--no-dry-run', 'production'], code: 'OPTION_UNKNOWN' },
  ])('arc $argv is $code', ({ argv, code }) => {
    expect(() => readCommandLine(argv)).toThrow(expect.objectContaining({ code }));
  });

  test('values and flags together', () => {
    const argv = ['deploy', '--dry-run', 'production', '-n', 'one', '--prune', '--tags', 'a=1', '-t=b=2', '-y'];
    expect(read(argv)).toMatchObject({
      positional: ['production'],
      options: { dryRun: true, name: 'one', prune: true, tags: ['a=1', 'b=2'], yes: true },
    });
  });
});
