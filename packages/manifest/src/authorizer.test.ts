import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

async function appOf(text: string, file = 'app.arc') {
  const found = await interpretManifest({ file, text });
  expect(found.problems).toEqual([]);
  if (!found.ok) throw new Error('Expected an app.');
  return found.app;
}

const token = 'route.request.querystring.token';
const header = 'route.request.header.Authorization';

describe('an authorizer', () => {
  test.for([
    { below: `authorizer ${token}`, sources: [token] },
    { below: `authorizer ${token} ${header}`, sources: [token, header] },
    { below: `authorizer\n    ${token}\n    ${header}`, sources: [token, header] },
    { below: `authorizer ${token}\n    ${header}`, sources: [token, header] },
    { below: 'authorizer', sources: [] },
    { below: 'authorizer true', sources: [] },
    { below: `src lib/connect\n  authorizer ${token}`, sources: [token] },
    ...[
      'route.request.header.Sec-WebSocket-Protocol',
      'route.request.header.x_y.z',
      'route.request.querystring.a-b',
      'stageVariables.color',
      'context.identity.sourceIp',
      'context.stage',
    ].map((source) => ({ below: `authorizer ${source}`, sources: [source] })),
  ])('$below', async ({ below, sources }) => {
    const app = await appOf(`@app\nx\n@stage-variables\ncolor blue\n@ws\nconnect\n  ${below}`);
    expect(app.authorizer).toEqual({ functionName: 'ws/authorizer', identitySources: sources });
    expect(app.functions.map(({ name }) => name)).toEqual([
      'ws/authorizer',
      'ws/connect',
      'ws/default',
      'ws/disconnect',
    ]);
    expect(app.functions[0]).toMatchObject({ kind: 'ws', label: 'authorizer', sourceDir: 'src/ws/authorizer' });
    expect(app.ws?.map(({ functionName }) => functionName)).not.toContain('ws/authorizer');
  });

  test.for([
    { file: 'arc.json', text: `{"app":"x","ws":{"connect":{"authorizer":"${token}"}}}`, sources: [token] },
    {
      file: 'arc.json',
      text: `{"app":"x","ws":{"connect":{"authorizer":["${token}","${header}"]}}}`,
      sources: [token, header],
    },
    { file: 'arc.json', text: '{"app":"x","ws":{"connect":{"authorizer":[]}}}', sources: [] },
    { file: 'arc.json', text: '{"app":"x","ws":{"connect":{"authorizer":true}}}', sources: [] },
    { file: 'arc.json', text: `{"app":"x","ws":[{"connect":[["authorizer","${token}"]]}]}`, sources: [token] },
    { file: 'arc.yaml', text: `app: x\nws:\n  $connect:\n    authorizer: ${token}`, sources: [token] },
    {
      file: 'arc.yaml',
      text: `app: x\nws:\n  connect:\n    authorizer:\n      - ${token}\n      - ${header}`,
      sources: [token, header],
    },
    { file: 'arc.yaml', text: 'app: x\nws:\n  connect:\n    authorizer:', sources: [] },
  ])('$file: $text', async ({ file, text, sources }) => {
    expect((await appOf(text, file)).authorizer?.identitySources).toEqual(sources);
  });

  test('is nobody when nothing is said', async () => {
    expect((await appOf('@app\nx\n@ws\nconnect\nauthorizer')).authorizer).toBeUndefined();
  });

  test('has a config file of its own', async () => {
    const found = await interpretManifest({
      file: 'app.arc',
      text: '@app\nx\n@ws\nconnect\n  authorizer',
      configs: [{ sourceDir: 'src/ws/authorizer', file: 'src/ws/authorizer/config.arc', text: '@aws\ntimeout 2' }],
    });
    expect(found.ok && found.app.functions.map(({ settings }) => settings.timeout)).toEqual([2, 5, 5, 5]);
  });
});

describe('what an authorizer is refused for', () => {
  const ways = 'Write route.request.header.NAME, route.request.querystring.NAME, stageVariables.NAME or context.NAME;';
  test.for([
    ...[
      'token',
      'route.request.header.',
      'route.request.body.token',
      'context.',
      'stageVariables.a-b',
      'false',
      '""',
    ].map((source) => ({
      text: `connect\n  authorizer ${source}`,
      is: `SETTING_VALUE 5:14+${source.length}`,
      says: `"${source.replaceAll('"', '')}" is no identity source of a web socket. ${ways}`,
    })),
    {
      text: 'connect\n  authorizer $request.header.Auth',
      is: 'SETTING_VALUE 5:14+20',
      says: 'Write route.request.header.Auth, which is how web sockets say it.',
    },
    {
      text: 'connect\n  authorizer method.request.querystring.t',
      is: 'SETTING_VALUE 5:14+28',
      says: 'Write route.request.querystring.t, which is how web sockets say it.',
    },
    {
      text: `connect\n  authorizer ${token} ${token}`,
      is: 'SETTING_VALUE 5:46+31',
      says: `"${token}" is named twice. Remove one of them.`,
    },
    {
      text: 'connect\n  authorizer stageVariables.colour',
      is: 'SETTING_VALUE 5:14+21',
      says: 'There is no stage variable "colour", so nobody would be let in. Add "colour" and its value below @stage-variables.',
    },
    {
      text: 'connect\n  authorizer context.identity.colour',
      is: 'SETTING_VALUE 5:14+23',
      says: 'No event has "context.identity.colour", so nobody would be let in. Write context. and one of these: apiId, ',
    },
    { text: 'connect\n  authorizer\n  authorizer', is: 'SETTING_TWICE 6:3+10', says: 'already set (line 5)' },
    {
      text: 'join\n  authorizer',
      is: 'SETTING_PLACE 5:3+10',
      says: 'An authorizer is asked when a client connects, never for "join". Move "authorizer" below connect.',
    },
    { text: 'default\n  src a\n  authorizer x', is: 'SETTING_PLACE 6:3+10', says: 'never for "default"' },
    {
      text: 'connect authorizer',
      is: 'ROUTE_LINE 4:9+10',
      says: 'Write "authorizer" on the line below connect, indented.',
    },
    {
      text: 'connect\n  authorizer\nauthorizer',
      is: 'ROUTE_NAME 6:1+10',
      says: '"authorizer" is what the authorizer is called (line 5). Give the route another name.',
    },
    {
      text: 'connect\n  authorizer\nauthorizer\n  src lib/a',
      is: 'ROUTE_NAME 6:1+10',
      says: 'Give the route another name.',
    },
    { text: 'connect\n  authorizer\nAuthorizer', is: 'ROUTE_FOLDER 6:1+10', says: 'would share the folder' },
    { text: 'connect\n  authoriser', is: 'SETTING_UNKNOWN 5:3+10', says: 'Did you mean authorizer?' },
  ])('$text: $is', async ({ text, is, says }) => {
    const { ok, problems } = await interpretManifest({ file: 'app.arc', text: `@app\nx\n@ws\n${text}` });
    expect(ok).toBe(false);
    expect(problems.map(({ code, line, column, length }) => `${code} ${line}:${column}+${length}`)).toEqual([is]);
    expect(`${problems[0]?.message} ${problems[0]?.fix}`).toContain(says);
  });
});
