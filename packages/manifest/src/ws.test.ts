import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

async function read(text: string, file = 'app.arc', configs: Readonly<Record<string, string>> = {}) {
  return interpretManifest({
    file,
    text,
    configs: Object.entries(configs).map(([sourceDir, config]) => ({
      sourceDir,
      file: `${sourceDir}/config.arc`,
      text: config,
    })),
  });
}

async function appOf(...task: Parameters<typeof read>) {
  const found = await read(...task);
  expect(found.problems).toEqual([]);
  if (!found.ok) throw new Error('Expected an app.');
  return found.app;
}

/** As `CODE line:column+length message`, the way out after it. */
async function problemsOf(...task: Parameters<typeof read>) {
  const { problems } = await read(...task);
  return problems.map(({ code, line, column, length, message, fix }) => ({
    is: `${code} ${line}:${column}+${length}`,
    says: `${message} ${fix}`,
  }));
}

describe('lifecycle handlers that an app does without', () => {
  test.for([
    { text: 'connect false', keys: ['$default', '$disconnect'] },
    { text: '$connect false\ndisconnect false', keys: ['$default'] },
    { text: 'default false\njoin', keys: ['$connect', '$disconnect', 'join'] },
    { text: 'connect false\ndefault false\ndisconnect false\njoin', keys: ['join'] },
    { text: 'connect true\n  src lib/a\ndefault true', keys: ['$connect', '$default', '$disconnect'] },
  ])('$text', async ({ text, keys }) => {
    const { ws, functions } = await appOf(`@app\nx\n@ws\n${text}`);
    expect(ws?.map(({ routeKey }) => routeKey)).toEqual(keys);
    expect(functions.map(({ name }) => name)).toEqual(ws?.map(({ functionName }) => functionName));
    const lines = text.split('\n').filter((line) => !line.startsWith(' ') || line.includes('src'));
    expect(functions.some(({ sourceDir }) => sourceDir === 'lib/a')).toBe(lines.includes('  src lib/a'));
  });

  test.for([
    { file: 'arc.json', text: '{"app":"x","ws":{"connect":false,"join":{}}}' },
    { file: 'arc.json', text: '{"app":"x","ws":[["connect",false],"join"]}' },
    { file: 'arc.json', text: '{"app":"x","ws":[{"connect":false},"join"]}' },
    { file: 'arc.yaml', text: 'app: x\nws:\n  connect: false\n  default: true\n  join:' },
    { file: 'app.arc', text: '@app\nx\n@ws\njoin\nconnect "false"' },
  ])('$file: $text', async ({ file, text }) => {
    const { ws } = await appOf(text, file);
    expect(ws?.map(({ routeKey }) => routeKey)).toEqual(['$default', '$disconnect', 'join']);
  });

  test.for([
    {
      text: 'join false',
      is: ['ROUTE_LINE 4:6+5'],
      says: 'Remove the line: only connect, default and disconnect are there without one.',
    },
    { text: 'connect no', is: ['ROUTE_LINE 4:9+2'], says: 'Write one route a line.' },
    { text: 'connect false x', is: ['ROUTE_LINE 4:9+5'], says: 'does not belong' },
    { text: 'connect false\nconnect', is: ['ROUTE_TWICE 5:1+7'], says: '"connect" is already a route (line 4).' },
    { text: 'connect false\n  src a', is: ['ROUTE_LINE 5:3+3'], says: '"connect" is left out, so it has no "src".' },
    {
      text: '$connect false\n  authorizer',
      is: ['ROUTE_LINE 5:3+10'],
      says: '"$connect" is left out, so it has no "authorizer". Remove "false", or what is below it.',
    },
    {
      text: 'connect false\ndefault false\ndisconnect false',
      is: ['ROUTES_NONE 3:1+3'],
      says: 'No route of @ws is left. Leave one of them in, or remove @ws.',
    },
  ])('$text: $is', async ({ text, is, says }) => {
    const problems = await problemsOf(`@app\nx\n@ws\n${text}`);
    expect(problems.map((each) => each.is)).toEqual(is);
    expect(problems[0]?.says).toContain(says);
  });
});

describe('settings of routes', () => {
  const manifest =
    '@app\nx\n@ws\nconnect\n  authorizer\njoin\n@http\nget /\n@aws\nrouteResponse true\nthrottlingRateLimit 10';
  const settingsBy = async (configs: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      (await appOf(manifest, 'app.arc', configs)).functions.map(({ label, settings }) => [
        label,
        [settings.routeResponse, settings.throttlingRateLimit, settings.throttlingBurstLimit],
      ]),
    );

  test('of @aws are those of every route, and of no other function', async () => {
    expect(await settingsBy()).toEqual({
      authorizer: [false, undefined, undefined],
      connect: [false, 10, undefined],
      default: [true, 10, undefined],
      disconnect: [false, 10, undefined],
      join: [true, 10, undefined],
      'get /': [false, undefined, undefined],
    });
  });

  test('of a config file are those of one route', async () => {
    const own = await settingsBy({
      'src/ws/join': '@aws\nrouteResponse false\nthrottlingBurstLimit 5',
      'src/ws/connect': '@aws\nthrottlingRateLimit 0.25',
    });
    expect(own).toMatchObject({
      join: [false, 10, 5],
      connect: [false, 0.25, undefined],
      default: [true, 10, undefined],
    });
  });

  test('what @aws says is known apart from what a route says', async () => {
    const { routeThrottle } = await appOf(manifest, 'app.arc', { 'src/ws/join': '@aws\nthrottlingRateLimit 5' });
    expect(routeThrottle).toEqual({ throttlingRateLimit: 10, throttlingBurstLimit: undefined });
  });

  test.for([
    { folder: 'http/get-index', line: 'routeResponse true', says: 'is for routes of messages, and "get /" is none.' },
    { folder: 'http/get-index', line: 'throttlingRateLimit 1', says: 'is for routes of @ws, and "get /" is none.' },
    { folder: 'http/get-index', line: 'throttlingBurstLimit 1', says: 'is for routes of @ws, and "get /" is none.' },
    { folder: 'ws/authorizer', line: 'throttlingRateLimit 1', says: 'is for routes of @ws, and "authorizer" is none.' },
    {
      folder: 'ws/authorizer',
      line: 'routeResponse true',
      says: 'is for routes of messages, and "authorizer" is none.',
    },
    { folder: 'ws/connect', line: 'routeResponse true', says: 'is for routes of messages, and "connect" is none.' },
    {
      folder: 'ws/disconnect',
      line: 'routeResponse false',
      says: 'is for routes of messages, and "disconnect" is none.',
    },
  ])('$line in src/$folder is refused', async ({ folder, line, says }) => {
    const [key = ''] = line.split(' ');
    const problems = await problemsOf(manifest, 'app.arc', { [`src/${folder}`]: `@aws\n${line}` });
    expect(problems).toMatchObject([
      {
        is: `SETTING_PLACE 2:1+${key.length}`,
        says: `"${key}" ${says} Remove it, or move it to the config file of such a route.`,
      },
    ]);
  });

  test('a folder that a route shares with a page may have them', async () => {
    const text = '@app\nx\n@ws\njoin\n  src lib/a\n@http\nget /\n  src lib/a';
    const { functions } = await appOf(text, 'app.arc', { 'lib/a': '@aws\nrouteResponse true' });
    expect(functions.filter(({ settings }) => settings.routeResponse).map(({ label }) => label)).toEqual(['join']);
  });
});

describe('what selects the route', () => {
  test.for([
    '$request.body.action',
    '$request.body.meta.action',
    '"$request.body.kinds[0]"',
    '"$request.body[\'a b\']"',
    '"${request.body.action}"',
    '"${request.body.service}/${request.body.action}"',
    '"${request.body.action}-${request.body.nope}"',
    'action',
    String.raw`"\\$default"`,
  ])('%s', async (written) => {
    const { routeSelectionExpression } = await appOf(`@app\nx\n@ws\n@aws\nrouteSelectionExpression ${written}`);
    const meant = written.replaceAll('"', '').replaceAll(String.raw`\\`, '\\');
    expect(routeSelectionExpression).toBe(meant);
    const data = JSON.stringify({ app: 'x', ws: true, aws: { routeSelectionExpression: meant } });
    expect((await appOf(data, 'arc.json')).routeSelectionExpression).toBe(meant);
    expect((await appOf(data, 'arc.yaml')).routeSelectionExpression).toBe(meant);
  });
});
