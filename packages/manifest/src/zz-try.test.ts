import { test } from 'vitest';
import { interpretManifest } from './manifest.ts';
import { describeProblems } from './describe.ts';
const mb = Number(process.env.MB ?? 1_000_000);
test('time', async () => {
  const bodies: Record<string, string> = {
    brackets: '['.repeat(mb),
    braces: '{'.repeat(mb),
    braces2: '{"a":'.repeat(mb / 5),
    dash: '- '.repeat(mb / 2),
    garbage: '\u00e9'.repeat(mb),
    garbage2: '\u00e9 '.repeat(mb / 2),
    quotes: '"'.repeat(mb),
    q2: '\'"'.repeat(mb / 2),
    openq: '@ws\n"' + '\n\\"'.repeat(mb / 3),
    backs: '@ws\n"' + '\\a'.repeat(mb / 2) + '"',
    ats: '@'.repeat(mb),
    ats2: '@\n'.repeat(mb / 2),
    ats3: '@ws\n'.repeat(mb / 4),
    words: '@ws\n' + 'a\n'.repeat(mb / 2),
    aws: '@aws\n' + 'abcdef\n'.repeat(mb / 7),
    aws2: '@aws\n' + 'timeuot '.repeat(mb / 8),
    spaces: ' '.repeat(mb),
    hash: '#'.repeat(mb),
    nl: '\n'.repeat(mb),
    cr: '\r'.repeat(mb),
    deep: '@ws\n' + Array.from({ length: 1400 }, (_, i) => ' '.repeat(i) + 'a').join('\n'),
    http: '@http\n' + 'get /a\n'.repeat(mb / 7),
    path: '@http\nget ' + '/a'.repeat(mb / 2),
    unknown: Array.from({ length: mb / 8 }, (_, i) => '@x' + i).join('\n'),
    colon: 'a: '.repeat(mb / 3),
    star: '*a '.repeat(mb / 3),
    amp: '&a '.repeat(mb / 3),
    tag: '!!a '.repeat(mb / 4),
    json: JSON.stringify({ ws: Array.from({ length: mb / 8 }, (_, i) => 'r' + i) }),
    jsonmap: JSON.stringify({ ws: Object.fromEntries(Array.from({ length: mb / 8 }, (_, i) => ['r' + i, {}])) }),
    ymap: 'ws:\n' + Array.from({ length: mb / 8 }, (_, i) => '  r' + i + ':').join('\n'),
    commas: '[' + ','.repeat(mb),
    pct: '%'.repeat(mb),
    pipe: '|\n'.repeat(mb / 2),
    q3: '? '.repeat(mb / 2),
    docs: '---\n'.repeat(mb / 4),
    nul: '\0'.repeat(mb),
    alt: '[{'.repeat(mb / 2),
    brk: ']'.repeat(mb),
    indent: Array.from({ length: 1400 }, (_, i) => ' '.repeat(i) + 'a:').join('\n'),
    com: 'a: [\n' + '#\n'.repeat(mb / 2),
    multi: 'a\n'.repeat(mb / 2),
    longq: '"' + 'a\n'.repeat(mb / 2),
    tabs: '\t'.repeat(mb),
    anch: '&a [*a,'.repeat(mb / 8),
    wsn: 'app: a\n' + ' \n'.repeat(mb / 2),
  };
  for (const [name, text] of Object.entries(bodies))
    for (const file of ['app.arc', 'arc.json', 'arc.yaml']) {
      const t = performance.now();
      let r: any;
      try {
        r = await interpretManifest({ file, text });
        describeProblems(r.problems);
      } catch (e) {
        console.log('THROW', name, file, String(e).slice(0, 200));
      }
      const ms = performance.now() - t;
      if (ms > Number(process.env.LIM ?? 700))
        console.log(name, file, Math.round(ms), r?.problems.length, r?.problems[0]?.code);
    }
}, 600000);
