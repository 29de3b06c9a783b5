import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

const arc =
  '@app\ntestapp\n@ws\naction\njoin\n  src lib/join\n@http\nget /\npost /rooms/:id\n@aws\nmemory 256\npolicies\n  a\n  b';
const same = [
  {
    file: 'arc.json',
    text: `{
  "app": "testapp",
  "ws": ["action", { "join": { "src": "lib/join" } }],
  "http": [["get", "/"], ["post", "/rooms/:id"]],
  "aws": { "memory": 256, "policies": ["a", "b"] }
}`,
  },
  {
    file: 'package.json',
    text: `{
\t"name": "other",
\t"deep": [[[[[[[[{}]]]]]]]],
\t"architect": {
\t\t"app": ["testapp"],
\t\t"ws": { "action": {}, "join": { "src": "lib/join" } },
\t\t"http": { "/": { "method": "get" }, "/rooms/:id": { "method": "post" } },
\t\t"aws": [["memory", 256], ["policies", "a", "b"]]
\t}
}`,
  },
  {
    file: 'arc.yaml',
    text: `app: testapp
ws:
  - action
  - join:
      src: lib/join
http:
  - get: /
  - post /rooms/:id
aws:
  memory: 256
  policies: [a, b]
`,
  },
];

async function read(file: string, text: string) {
  const { problems, ...rest } = await interpretManifest({ file, text });
  const app = 'app' in rest ? rest.app : undefined;
  return { app, problems: problems.map(({ code, line, column, length }) => `${code} ${line}:${column}+${length}`) };
}

describe('the same app', () => {
  test.for(same)('in $file', async ({ file, text }) => {
    const expected = await read('app.arc', arc);
    expect(await read(file, text)).toEqual({ app: { ...expected.app, file }, problems: [] });
  });

  test.for(['null', '{}', '[]', 'true', '~', ''])('ws: %s is a @ws without custom routes', async (value) => {
    const { app, problems } = await read('arc.yaml', `app: x\nws: ${value}`);
    expect(problems).toEqual([]);
    expect(app?.ws).toHaveLength(3);
  });

  test.for([
    { text: 'app: x\nws:\n  join:\n  leave: ~', labels: ['join', 'leave'] },
    { text: 'app: x\nws: [1, true, 1.10]', labels: ['1', 'true', '1.10'] },
    { text: 'app: x\nws: [.inf, .nan, 0x10]', labels: ['.inf', '.nan', '0x10'] },
  ])('$text', async ({ text, labels }) => {
    const { app, problems } = await read('arc.yml', text);
    expect(problems).toEqual([]);
    expect(app?.functions.slice(3).map(({ label }) => label)).toEqual(labels);
  });

  test('__proto__ is a name', async () => {
    const { app } = await read('arc.json', '{"app":"x","ws":{"__proto__":{"src":"lib/a"}}}');
    expect(app?.functions.at(-1)).toMatchObject({ label: '__proto__', sourceDir: 'lib/a' });
    expect(await read('arc.json', '{"app":"x","__proto__":{}}')).toMatchObject({
      problems: ['PRAGMA_UNKNOWN 1:12+11'],
    });
  });

  test.for([
    { text: '{"app":"x","static":false}', isServed: false },
    { text: '{"app":"x","static":true}', isServed: true },
    { text: '{"app":"x","static":{"folder":"dist"}}', isServed: true },
  ])('$text', async ({ text, isServed }) => {
    expect((await read('arc.json', text)).app?.static.isServed).toBe(isServed);
  });
});

describe('places and problems', () => {
  test.for([
    { file: 'arc.json', text: '', problems: ['MANIFEST_EMPTY 1:1+1'] },
    { file: 'arc.json', text: '{}', problems: ['MANIFEST_EMPTY 1:1+1'] },
    { file: 'arc.json', text: 'null', problems: ['MANIFEST_EMPTY 1:1+1'] },
    { file: 'arc.yaml', text: '# c\n', problems: ['MANIFEST_EMPTY 1:1+1'] },
    { file: 'package.json', text: '{"arc":null}', problems: ['MANIFEST_EMPTY 1:1+1'] },
    { file: 'arc.json', text: '[]', problems: ['DATA_SHAPE 1:1+2'] },
    { file: 'package.json', text: '{"arc":"x"}', problems: ['DATA_SHAPE 1:8+3'] },
    { file: 'arc.json', text: '{"app":"x",\n"ws":false}', problems: ['DATA_SHAPE 2:1+4'] },
    { file: 'arc.json', text: '{"app":"x","ws":[null]}', problems: ['DATA_SHAPE 1:18+4'] },
    { file: 'arc.json', text: '{"app":"x","ws":[[]]}', problems: ['DATA_SHAPE 1:18+2'] },
    { file: 'arc.json', text: '{"app":"x","http":[["get",["/"]]]}', problems: ['DATA_SHAPE 1:27+5'] },
    {
      file: 'arc.json',
      text: '{"app":"x","ws":[{"a":{"b":{"c":{"d":{}}}}}]}',
      problems: ['SETTING_UNKNOWN 1:24+3', 'DATA_SHAPE 1:38+2'],
    },
    { file: 'arc.json', text: '{"app":"x","ws":["a","a"]}', problems: ['ROUTE_TWICE 1:22+3'] },
    { file: 'arc.json', text: '{"app":"x","ws":{"a":{},"a":{}}}', problems: ['ROUTE_TWICE 1:25+3'] },
    { file: 'arc.json', text: '{"app":"x","app":"y"}', problems: ['PRAGMA_TWICE 1:12+5', 'APP_NAME 1:18+3'] },
    { file: 'arc.json', text: '{"app":"x","ws":{"join":"lib"}}', problems: ['ROUTE_LINE 1:25+5'] },
    { file: 'arc.json', text: '{"app":"x",\n"aws":{"memory":"big"}}', problems: ['SETTING_VALUE 2:17+5'] },
    { file: 'arc.json', text: '{"app":"x","ws":[{"a":{"src":"a\\\\b"}}]}', problems: ['PATH_INVALID 1:30+6'] },
    { file: 'arc.json', text: "{'app':'x'}", problems: ['DATA_SYNTAX 1:2+1'] },
    {
      file: 'package.json',
      text: '{"architect":{"app":"y"},\n"arc":{"app":"x"}}',
      problems: ['MANIFEST_IGNORED 1:2+11'],
    },
    { file: 'arc.yaml', text: 'app: x\nws:\n  - a\n  - a\n', problems: ['ROUTE_TWICE 4:5+1'] },
    { file: 'arc.yaml', text: 'app: x\r\nws:\r\n  - $a', problems: ['ROUTE_RESERVED 3:5+2'] },
    { file: 'arc.yaml', text: 'app: x\nws: [', problems: ['DATA_SYNTAX 2:6+1'] },
    { file: 'arc.yaml', text: 'app: &a x\nws: [*a]', problems: ['DATA_SHAPE 2:6+2'] },
    { file: 'arc.yaml', text: 'app: x\nws: *a', problems: ['DATA_SHAPE 2:5+2'] },
    { file: 'arc.yaml', text: 'app: x\n*a : y', problems: [expect.stringContaining('DATA_S')] },
    { file: 'arc.yaml', text: 'app: x\n? [a]\n: b', problems: ['DATA_SHAPE 2:3+3'] },
    { file: 'arc.yaml', text: 'app: x\nws:\n  ? [a]\n  : b', problems: ['DATA_SHAPE 3:5+3'] },
    { file: 'arc.yaml', text: 'app: !!binary aGk=', problems: ['APP_MISSING 1:1+3', 'DATA_SHAPE 1:15+4'] },
    { file: 'arc.yaml', text: '{app: x}\n--- {}', problems: ['DATA_SYNTAX 2:1+6'] },
    { file: 'arc.yaml', text: '['.repeat(1000), problems: ['DATA_SYNTAX 1:1+1'] },
    { file: 'arc.yaml', text: '- '.repeat(1000), problems: ['DATA_SYNTAX 1:1+1'] },
    { file: 'arc.yaml', text: '#'.repeat(300_000), problems: ['DATA_SYNTAX 1:1+1'] },
  ])('$file $problems', async ({ file, text, problems }) => {
    expect((await read(file, text)).problems).toEqual(problems);
  });
});
