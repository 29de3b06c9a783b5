import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `v${index} a`).join('\n');

describe('stage variables', () => {
  test.for([
    { text: 'color blue', variables: { color: 'blue' } },
    { text: 'a 007\nb 1.10\nc true\nd "#1"', variables: { a: '007', b: '1.10', c: 'true', d: '#1' } },
    { text: 'url https://x.example/a?b=c&d=e,f~g_h-i.j', variables: { url: 'https://x.example/a?b=c&d=e,f~g_h-i.j' } },
    { text: 'A_1\n  x', variables: { A_1: 'x' } },
    { text: `${'n'.repeat(64)} ${'v'.repeat(512)}`, variables: { ['n'.repeat(64)]: 'v'.repeat(512) } },
    { text: '', variables: {} },
  ])('$text', async ({ text, variables }) => {
    const data = { app: 'x', ws: true, 'stage-variables': variables };
    for (const [file, manifest] of [
      ['app.arc', `@app\nx\n@ws\n@stage-variables\n${text}`],
      ['arc.json', JSON.stringify(data)],
      ['arc.yaml', JSON.stringify(data)],
    ] as const) {
      const found = await interpretManifest({ file, text: manifest });
      expect(found.problems).toEqual([]);
      expect(found.ok && found.app.stageVariables).toEqual(variables);
    }
  });

  test('numbers and booleans of data count by their text', async () => {
    const text = 'app: x\nws:\nstage-variables:\n  a: 1.10\n  b: true\n  c: 0x10';
    const found = await interpretManifest({ file: 'arc.yaml', text });
    expect(found.ok && found.app.stageVariables).toEqual({ a: '1.10', b: 'true', c: '0x10' });
  });

  test('may be called like what every object has', async () => {
    const found = await interpretManifest({
      file: 'app.arc',
      text: '@app\nx\n@ws\n@stage-variables\n__proto__ a\ntoString b',
    });
    expect(found.ok && Object.entries(found.app.stageVariables)).toEqual([
      ['__proto__', 'a'],
      ['toString', 'b'],
    ]);
  });

  test('are 100 at most', async () => {
    const found = await interpretManifest({ file: 'app.arc', text: `@app\nx\n@ws\n@stage-variables\n${lines(100)}` });
    expect(found.problems).toEqual([]);
  });

  test.for([
    { text: 'a-b x', is: ['STAGE_VARIABLE 5:1+3'] },
    { text: `${'n'.repeat(65)} x`, is: ['STAGE_VARIABLE 5:1+65'] },
    { text: '"" x', is: ['STAGE_VARIABLE 5:1+2'] },
    { text: 'a', is: ['SETTING_VALUE 5:1+1'] },
    { text: 'a x y', is: ['SETTING_VALUE 5:5+1'] },
    { text: 'a\n  x\n  y', is: ['SETTING_VALUE 7:3+1'] },
    { text: 'a x\nb y\na z', is: ['SETTING_TWICE 7:1+1'] },
    ...['""', '"a b"', 'a+b', 'a%20', '"ü"', "'{}'", 'v'.repeat(513)].map((value) => ({
      text: `a ${value}`,
      is: [`SETTING_VALUE 5:3+${value.length}`],
    })),
    { text: lines(102), is: ['STAGE_VARIABLES_MANY 105:1+4'] },
  ])('$text: $is', async ({ text, is }) => {
    const { ok, problems } = await interpretManifest({
      file: 'app.arc',
      text: `@app\nx\n@ws\n@stage-variables\n${text}`,
    });
    expect(ok).toBe(false);
    expect(problems.map(({ code, line, column, length }) => `${code} ${line}:${column}+${length}`)).toEqual(is);
    for (const { message, fix } of problems) expect(`${message} ${fix}`).toMatch(/^\S.+[.?] .+[.?]$/);
  });

  test.for([
    { file: 'app.arc', text: '@app\nx\n@stage-variables\na b', ok: true, is: 'PRAGMA_PLACE 3:1' },
    { file: 'arc.json', text: '{"app":"x","ws":{},\n"stage-variables":false}', ok: false, is: 'DATA_SHAPE 2:1' },
    { file: 'app.arc', text: '@app\nx\n@ws\n@stage-variable\na b', ok: true, is: 'PRAGMA_UNKNOWN 4:1' },
  ])('$text: $is', async ({ file, text, ok, is }) => {
    const found = await interpretManifest({ file, text });
    expect(found.ok).toBe(ok);
    expect(found.problems.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([is]);
  });
});
