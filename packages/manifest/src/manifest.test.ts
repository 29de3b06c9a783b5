import { describe, expect, test } from 'vitest';
import type { App } from './app.ts';
import { interpretManifest, type ConfigText } from './manifest.ts';

const layer = 'arn:aws:lambda:us-west-2:123456789012:layer:tools:3';

async function appOf(text: string, file = 'app.arc', configs: readonly ConfigText[] = []): Promise<App> {
  const read = await interpretManifest({ file, text, configs });
  expect(read.problems).toEqual([]);
  if (!read.ok) throw new Error('Expected an app.');
  return read.app;
}

/** What is wrong in a text, as `CODE line:column+length`. */
async function problemsOf(text: string, file = 'app.arc'): Promise<readonly string[]> {
  const { problems } = await interpretManifest({ file, text });
  return problems.map(({ code, line, column, length }) => `${code} ${line}:${column}+${length}`);
}

describe('an app', () => {
  test('of the guide', async () => {
    const app = await appOf('@app\ntestapp\n\n@ws\n# no further config required\n\n@http\nget /\n');
    expect(app).toMatchObject({
      name: 'testapp',
      file: 'app.arc',
      ws: [
        { routeKey: '$connect', functionName: 'ws/connect' },
        { routeKey: '$default', functionName: 'ws/default' },
        { routeKey: '$disconnect', functionName: 'ws/disconnect' },
      ],
      http: [{ method: 'get', path: '/', functionName: 'http/get-index' }],
      static: { isServed: true, folder: 'public' },
      sharedFolder: 'src/shared',
      viewsFolder: 'src/views',
      region: undefined,
      profile: undefined,
      bucket: undefined,
      autoDeploy: false,
      routeSelectionExpression: '$request.body.action',
      authorizer: undefined,
      stageVariables: {},
      routeThrottle: { throttlingRateLimit: undefined, throttlingBurstLimit: undefined },
      tables: [],
    });
    expect(app.functions.map(({ label, sourceDir }) => `${label}: ${sourceDir}`)).toEqual([
      'connect: src/ws/connect',
      'default: src/ws/default',
      'disconnect: src/ws/disconnect',
      'get /: src/http/get-index',
    ]);
  });

  test('of custom routes keeps their order, lifecycle first', async () => {
    const app = await appOf('@app\nx\n@ws\naction\nstatus\njoin\ndefault\nconnected\ndisconnected\n');
    expect(app.ws?.map(({ routeKey }) => routeKey)).toEqual([
      '$connect',
      '$default',
      '$disconnect',
      'action',
      'status',
      'join',
      'connected',
      'disconnected',
    ]);
    expect(app.http).toBeUndefined();
    expect(app.static.isServed).toBe(false);
  });

  test('without routes has no functions', async () => {
    expect(await appOf('@app\nx')).toMatchObject({ ws: undefined, http: undefined, functions: [] });
  });

  test('gets the defaults', async () => {
    const { functions } = await appOf('@app\nx\n@ws\n@http\npost /a\nany /b');
    expect(functions[0]?.settings).toEqual({
      timeout: 5,
      memory: 1152,
      runtime: 'nodejs24.x',
      command: [],
      architecture: 'arm64',
      handler: 'index.handler',
      storage: 512,
      concurrency: undefined,
      'environment-concurrency': 1,
      fifo: false,
      provisionedConcurrency: undefined,
      layers: [],
      policies: [],
      routeResponse: false,
      throttlingRateLimit: undefined,
      throttlingBurstLimit: undefined,
      logRetention: 30,
      external: [],
      shared: true,
      views: false,
      env: true,
    });
    expect(functions.map(({ settings }) => settings.views)).toEqual([false, false, false, false, true]);
  });
});

describe('@ws', () => {
  test.for([
    { why: '$ of the lifecycle', text: '$connect\n$default\n$disconnect', labels: [] },
    { why: 'numbers and booleans', text: '1\ntrue\n007', labels: ['1', 'true', '007'] },
    { why: 'parts', text: 'rooms/join\nrooms.leave\na-b_c', labels: ['rooms/join', 'rooms.leave', 'a-b_c'] },
    {
      why: 'names of objects',
      text: '__proto__\nconstructor\ntoString',
      labels: ['__proto__', 'constructor', 'toString'],
    },
    { why: '255 characters', text: 'a'.repeat(255), labels: ['a'.repeat(255)] },
    {
      why: 'the same letters in another case, with a folder',
      text: 'join\nJoin\n  src src/upper',
      labels: ['join', 'Join'],
    },
  ])('$why', async ({ text, labels }) => {
    const { functions } = await appOf(`@app\nx\n@ws\n${text}`);
    expect(functions.map(({ label }) => label)).toEqual(['connect', 'default', 'disconnect', ...labels]);
  });

  test.for([
    { src: 'lib/join', folder: 'lib/join' },
    { src: './lib//join/', folder: 'lib/join' },
    { src: 'a/../b', folder: 'b' },
    { src: '"a b"', folder: 'a b' },
    { src: 'src/ws/default', folder: 'src/ws/default' },
  ])('src $src', async ({ src, folder }) => {
    const { functions } = await appOf(`@app\nx\n@ws\njoin\n  src ${src}\nconnect\n  src ${src}`);
    expect(functions.map(({ sourceDir }) => sourceDir)).toEqual([
      folder,
      'src/ws/default',
      'src/ws/disconnect',
      folder,
    ]);
  });
});

describe('@http', () => {
  test.for([
    { route: 'get /', name: 'get-index' },
    { route: 'any /*', name: 'any-catchall' },
    { route: 'get /foo-bar/:id', name: 'get-foo_bar-000id' },
    { route: 'post /ws-env', name: 'post-ws_env' },
    { route: 'put /a.b/_c/d', name: 'put-a_b-_c-d' },
    { route: 'delete /files/*', name: 'delete-files-catchall' },
    { route: 'head /a', name: 'head-a' },
    { route: 'options /a', name: 'options-a' },
    { route: 'patch /A', name: 'patch-A' },
  ])('$route lives in $name', async ({ route, name }) => {
    const { functions } = await appOf(`@app\nx\n@http\n${route}`);
    expect(functions).toMatchObject([
      { name: `http/${name}`, kind: 'http', label: route, sourceDir: `src/http/${name}` },
    ]);
  });

  test('routes that would share a folder have functions of their own when they have folders of their own', async () => {
    const paths = ['/a-b', '/a_b', '/a.b', '/:id', '/000id', '/x/*', '/x/catchall', '/', '/index'];
    const lines = paths.map((path, index) => `get ${path}\n  src lib/${index}`);
    const { functions } = await appOf(`@app\nx\n@http\n${lines.join('\n')}`);
    expect(new Set(functions.map(({ name }) => name)).size).toBe(paths.length);
    const plain = ['get-a_b', 'get-000id', 'get-x-catchall', 'get-index'].map((name) => `http/${name}`);
    expect(functions.map(({ name }) => name).filter((name) => plain.includes(name))).toEqual(plain);
  });

  test.for([
    { why: 'a tuple with src', text: 'get /a\n  src lib/a' },
    { why: 'a path with its method and src', text: '/a\n  method get\n  src lib/a' },
  ])('$why', async ({ text }) => {
    const { functions, http } = await appOf(`@app\nx\n@http\n${text}`);
    expect(http).toEqual([{ method: 'get', path: '/a', functionName: 'http/get-a' }]);
    expect(functions[0]?.sourceDir).toBe('lib/a');
  });
});

describe('@aws', () => {
  test('for the app and for every function', async () => {
    const text = `@app\nx\n@ws\n@aws
region eu-central-1
profile work
bucket my-bucket.x
apigateway httpv2
autoDeploy true
routeSelectionExpression "\${request.body.service}/\${request.body.action}"
routeResponse true
throttlingRateLimit 12.5
throttlingBurstLimit 0
logRetention 14
external "@scope/native" sharp
runtime nodejs22.x
command python3 -u main.py
memory 0x400
timeout "30"
storage 1024
architecture x86_64
concurrency 3
environment-concurrency 100
provisionedConcurrency 2
handler lib/main.run
policies one
policy arn:aws:iam::aws:policy/Two
layers
  arn:aws:lambda:eu-central-1:123456789012:layer:a:1
layer arn:aws:lambda:eu-central-1:123456789012:layer:b:2`;
    const app = await appOf(text);
    expect(app).toMatchObject({
      region: 'eu-central-1',
      profile: 'work',
      bucket: 'my-bucket.x',
      autoDeploy: true,
      routeSelectionExpression: '${request.body.service}/${request.body.action}',
      routeThrottle: { throttlingRateLimit: 12.5, throttlingBurstLimit: 0 },
    });
    expect(app.functions[2]?.settings).toEqual({
      timeout: 30,
      memory: 1024,
      runtime: 'nodejs22.x',
      command: ['python3', '-u', 'main.py'],
      architecture: 'x86_64',
      handler: 'lib/main.run',
      storage: 1024,
      concurrency: 3,
      'environment-concurrency': 100,
      fifo: false,
      provisionedConcurrency: 2,
      layers: [
        'arn:aws:lambda:eu-central-1:123456789012:layer:a:1',
        'arn:aws:lambda:eu-central-1:123456789012:layer:b:2',
      ],
      policies: ['one', 'arn:aws:iam::aws:policy/Two'],
      routeResponse: false,
      throttlingRateLimit: 12.5,
      throttlingBurstLimit: 0,
      logRetention: 14,
      external: ['@scope/native', 'sharp'],
      shared: true,
      views: false,
      env: true,
    });
  });

  test.for([
    { written: 'node', runtime: 'nodejs24.x' },
    { written: 'nodejs', runtime: 'nodejs24.x' },
    { written: 'python', runtime: 'python3.13' },
    { written: 'python3.12', runtime: 'python3.12' },
    { written: 'provided.al2023', runtime: 'provided.al2023' },
    { written: 'ruby3.4', runtime: 'ruby3.4' },
    { written: 'dotnet8', runtime: 'dotnet8' },
    { written: 'java21', runtime: 'java21' },
  ])('runtime $written', async ({ written, runtime }) => {
    const { functions } = await appOf(`@app\nx\n@ws\n@aws\nruntime ${written}`);
    expect(functions[0]?.settings.runtime).toBe(runtime);
  });
});

/** A config file of the function `join`. */
const config = (text: string, file = 'config.arc'): ConfigText => ({
  sourceDir: 'src/ws/join',
  file: `src/ws/join/${file}`,
  text,
});

describe('the config file of a function', () => {
  const manifest = '@app\nx\n@ws\njoin\n@aws\nmemory 256\nconcurrency 5\nregion us-west-2';

  test('overrides @aws for that function only', async () => {
    const text =
      '@aws\ntimeout 60\nconcurrency unthrottled\nprovisionedConcurrency disabled\n@arc\nshared false\nviews true\nenv false\nexternal\n  sharp';
    const { functions } = await appOf(manifest, 'app.arc', [config(text)]);
    expect(functions.at(-1)?.settings).toMatchObject({
      timeout: 60,
      memory: 256,
      concurrency: undefined,
      provisionedConcurrency: undefined,
      shared: false,
      views: true,
      env: false,
      external: ['sharp'],
    });
    expect(functions[0]?.settings).toMatchObject({
      external: [],
      timeout: 5,
      memory: 256,
      concurrency: 5,
      shared: true,
    });
  });

  test.for([
    { file: 'arc.json', text: '{"aws":{"timeout":60},"arc":{"env":false}}' },
    { file: 'config.yaml', text: 'aws:\n  timeout: 60\narc:\n  env: false' },
    { file: '.arc-config', text: '@aws\ntimeout 60\n@arc\nenv false' },
  ])('may be $file', async ({ file, text }) => {
    const { functions } = await appOf(manifest, 'app.arc', [config(text, file)]);
    expect(functions.at(-1)?.settings).toMatchObject({ timeout: 60, env: false });
  });

  test('may be empty', async () => {
    await appOf(manifest, 'app.arc', [config('# nothing yet')]);
  });

  test.for([
    { text: 'timeout 60', problem: 'PRAGMA_MISSING 1:1' },
    { text: '@aws\ntimeout 0', problem: 'SETTING_VALUE 2:9' },
    { text: '@aws\nregion us-east-1', problem: 'SETTING_PLACE 2:1' },
    { text: '@aws\nautoDeploy true', problem: 'SETTING_PLACE 2:1' },
    { text: '@aws\nexternal sharp', problem: 'SETTING_UNKNOWN 2:1' },
    { text: '@aws\nlayers arn:aws:lambda:us-east-1:123456789012:layer:a:1', problem: 'LAYER_REGION 2:8' },
    { text: '@arc\nshared yes', problem: 'SETTING_VALUE 2:8' },
    { text: '@arc\nshard true', problem: 'SETTING_UNKNOWN 2:1' },
    { text: '@arc\nignoreDependencies true', problem: 'SETTING_NOT_RUN 2:1' },
    { text: '@ws\njoin', problem: 'PRAGMA_PLACE 1:1' },
    { text: '@asw\ntimeout 5', problem: 'PRAGMA_UNKNOWN 1:1' },
    { text: '{', file: 'arc.json', problem: 'DATA_SYNTAX 1:2' },
    { text: 'aws: false', file: 'config.yml', problem: 'DATA_SHAPE 1:1' },
  ])('$text: $problem', async ({ text, file, problem }) => {
    const { problems } = await interpretManifest({ file: 'app.arc', text: manifest, configs: [config(text, file)] });
    expect(problems.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([problem]);
    expect(problems[0]?.file).toBe(`src/ws/join/${file ?? 'config.arc'}`);
  });

  test('is checked even when the manifest is wrong', async () => {
    const text = `${manifest}\ntimeuot 5`;
    const { ok, problems } = await interpretManifest({ file: 'app.arc', text, configs: [config('@aws\nmemory 1')] });
    expect(ok).toBe(false);
    expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'app.arc SETTING_UNKNOWN',
      'src/ws/join/config.arc SETTING_VALUE',
    ]);
  });
});

describe('what a manifest is refused for', () => {
  test.for([
    // The text
    { text: '', codes: ['MANIFEST_EMPTY 1:1+1'] },
    { text: '\uFEFF# only a comment\n', codes: ['MANIFEST_EMPTY 1:1+1'] },
    { text: 'testapp', codes: ['PRAGMA_MISSING 1:1+7'] },
    { text: 'y\n@app\nx', codes: ['CONTENT_BEFORE_PRAGMA 1:1+1'] },
    { text: '@app\nx\n  @ws', codes: ['PRAGMA_INDENTED 3:3+3'] },
    { text: '@app\nx\n@\nget /', codes: ['PRAGMA_NAME 3:1+1'] },
    { text: '@app\nx\n@ws\na\n@ws\na', codes: ['PRAGMA_TWICE 5:1+3', 'ROUTE_TWICE 6:1+1'] },
    { text: '@app\nx\n@ws\njo<in', codes: ['CHARACTER_UNKNOWN 4:3+1'] },
    { text: '@app\nx\n@ws\n"join', codes: ['STRING_OPEN 4:1+5'] },
    { text: '@app\nx\n@ws\n"join"x', codes: ['STRING_JOINED 4:7+1'] },
    { text: '@app\nx\n@ws\n"jo\\in"', codes: ['ESCAPE_UNKNOWN 4:1+7'] },
    { text: '@app\nx\n@ws\n"a\nb"', codes: ['ROUTE_NAME 4:1+2'] },
    { text: '@app\nx\n@ws\na\n    src b\n  src c', codes: ['INDENT_MIXED 6:3+3'] },
    // @app
    { text: '@ws', codes: ['APP_MISSING 1:1+1'] },
    { text: '@ws\n@app', codes: ['APP_MISSING 2:1+4'] },
    { text: '@app\nx y', codes: ['APP_NAME 2:3+1'] },
    { text: '@app\nx\ny', codes: ['APP_NAME 3:1+1'] },
    { text: '@app\nx\n  y', codes: ['APP_NAME 3:3+1'] },
    { text: '@app\nTestapp', codes: ['APP_NAME 2:1+7'] },
    { text: '@app\nmy.app', codes: ['APP_NAME 2:1+6'] },
    { text: '@app\n42', codes: ['APP_NAME 2:1+2'] },
    { text: `@app\n${'a'.repeat(101)}`, codes: ['APP_NAME 2:1+101'] },
    // @ws
    { text: '@app\nx\n@ws\na\nb\na', codes: ['ROUTE_TWICE 6:1+1'] },
    { text: '@app\nx\n@ws\nconnect\n$connect', codes: ['ROUTE_TWICE 5:1+8'] },
    { text: '@app\nx\n@ws\njoin\nJoin', codes: ['ROUTE_FOLDER 5:1+4'] },
    { text: '@app\nx\n@ws\nDefault', codes: ['ROUTE_FOLDER 4:1+7'] },
    { text: '@app\nx\n@ws\n$conect', codes: ['ROUTE_RESERVED 4:1+7'] },
    { text: '@app\nx\n@ws\na:b', codes: ['ROUTE_NAME 4:1+3'] },
    { text: `@app\nx\n@ws\n${'a'.repeat(256)}`, codes: ['ROUTE_NAME 4:1+256'] },
    { text: '@app\nx\n@ws\n""', codes: ['ROUTE_NAME 4:1+2'] },
    ...['../a', 'a/..', '.', './a', '/a', 'a/', 'a//b'].map((name) => ({
      text: `@app\nx\n@ws\n${name}`,
      codes: [`ROUTE_NAME 4:1+${name.length}`],
    })),
    { text: '@app\nx\n@ws\njoin leave', codes: ['ROUTE_LINE 4:6+5'] },
    { text: '@app\nx\n@ws\njoin src lib/join', codes: ['ROUTE_LINE 4:6+3'] },
    { text: '@app\nx\n@ws\njoin\n  scr lib/join', codes: ['SETTING_UNKNOWN 5:3+3'] },
    { text: '@app\nx\n@ws\njoin\n  src a\n  src b', codes: ['SETTING_TWICE 6:3+3'] },
    { text: '@app\nx\n@ws\njoin\n  src', codes: ['SETTING_VALUE 5:3+3'] },
    { text: '@app\nx\n@ws\njoin\n  src a b', codes: ['SETTING_VALUE 5:9+1'] },
    { text: '@app\nx\n@ws\njoin\n  src ../lib', codes: ['PATH_OUTSIDE 5:7+6'] },
    { text: '@app\nx\n@ws\njoin\n  src a/../../lib', codes: ['PATH_OUTSIDE 5:7+11'] },
    { text: '@app\nx\n@ws\ndefault\n  src /../etc', codes: ['PATH_OUTSIDE 5:7+7'] },
    { text: '@app\nx\n@ws\ndefault\n  src /', codes: ['PATH_INVALID 5:7+1'] },
    { text: '@app\nx\n@ws\njoin\n  src c:lib', codes: ['PATH_OUTSIDE 5:7+5'] },
    { text: '@app\nx\n@ws\njoin\n  src "a\\\\b"', codes: ['PATH_INVALID 5:7+6'] },
    { text: '@app\nx\n@ws\njoin\n  src "a\\nb"', codes: ['PATH_INVALID 5:7+6'] },
    { text: '@app\nx\n@ws\njoin\n  src ""', codes: ['PATH_INVALID 5:7+2'] },
    { text: '@app\nx\n@ws\njoin\n  src a/..', codes: ['PATH_INVALID 5:7+4'] },
    // @http
    { text: '@app\nx\n@http\nfetch /', codes: ['HTTP_METHOD 4:1+5'] },
    { text: '@app\nx\n@http\nGET /', codes: ['HTTP_METHOD 4:1+3'] },
    ...['a', '/a/', '//a', '/a//b', '/a-', '/a./b', '/a_', '/a?b', '/*/a', '/a*', '/:', '/a:b', '/::a', '/..'].map(
      (path) => ({
        text: `@app\nx\n@http\nget ${path}`,
        codes: [`HTTP_PATH 4:5+${path.length}`],
      }),
    ),
    { text: '@app\nx\n@http\n/ get', codes: ['HTTP_METHOD 4:1+1', 'HTTP_PATH 4:3+3'] },
    { text: `@app\nx\n@http\nget /${'a'.repeat(300)}`, codes: ['HTTP_PATH 4:1+305'] },
    { text: '@app\nx\n@http\nget', codes: ['ROUTE_LINE 4:1+3'] },
    { text: '@app\nx\n@http\n/a', codes: ['ROUTE_LINE 4:1+2'] },
    { text: '@app\nx\n@http\nget / /a', codes: ['ROUTE_LINE 4:7+2'] },
    { text: '@app\nx\n@http\n/a\n  methd get', codes: ['ROUTE_LINE 4:1+2', 'SETTING_UNKNOWN 5:3+5'] },
    { text: '@app\nx\n@http\nget /a\n  src ..', codes: ['PATH_OUTSIDE 5:7+2'] },
    { text: '@app\nx\n@http\nget /a\nget /a', codes: ['ROUTE_TWICE 5:1+6'] },
    { text: '@app\nx\n@http\nget /:a\nget /:b', codes: ['ROUTE_TWICE 5:1+7'] },
    { text: '@app\nx\n@http\nget /a-b\nget /a_b', codes: ['ROUTE_FOLDER 5:1+8'] },
    { text: '@app\nx\n@http\nget /\nget /index', codes: ['ROUTE_FOLDER 5:1+10'] },
    { text: '@app\nx\n@http\nget /a\nget /A', codes: ['ROUTE_FOLDER 5:1+6'] },
    // @static
    { text: '@app\nx\n@static\nfolder .', codes: ['PATH_INVALID 4:8+1'] },
    { text: '@app\nx\n@static\nfolder c:/x', codes: ['PATH_OUTSIDE 4:8+4'] },
    { text: '@app\nx\n@static\nfolder ../x/..', codes: ['PATH_INVALID 4:8+7'] },
    { text: '@app\nx\n@static\nfoldre x', codes: ['SETTING_UNKNOWN 4:1+6'] },
    // @aws
    { text: '@app\nx\n@aws\ntimeuot 5', codes: ['SETTING_UNKNOWN 4:1+7'] },
    { text: '@app\nx\n@aws\nenv false', codes: ['SETTING_UNKNOWN 4:1+3'] },
    { text: '@app\nx\n@aws\ntimeout 5\ntimeout 5', codes: ['SETTING_TWICE 5:1+7'] },
    { text: '@app\nx\n@aws\ntimeout', codes: ['SETTING_VALUE 4:1+7'] },
    { text: '@app\nx\n@aws\nlayers', codes: ['SETTING_VALUE 4:1+6'] },
    { text: '@app\nx\n@aws\npolicies\n  a b', codes: ['SETTING_VALUE 5:5+1'] },
    { text: '@app\nx\n@aws\npolicies\n  a\n    b', codes: ['SETTING_VALUE 6:5+1'] },
    { text: '@app\nx\n@aws\nruntime "node js"', codes: ['SETTING_VALUE 4:9+9'] },
    ...[
      'timeout 0',
      'timeout 901',
      'timeout 1.5',
      'timeout ten',
      'timeout true',
      'timeout ""',
      'memory 127',
      'memory 10241',
      'storage 511',
      'storage 10241',
      'concurrency -1',
      'concurrency many',
      'environment-concurrency 0',
      'environment-concurrency 1601',
      'provisionedConcurrency 0',
      'architecture arm',
      'handler index',
      'handler ../index.handler',
      'handler /index.handler',
      'region Frankfurt',
      'bucket No',
      'profile ""',
      'apigateway rest',
      'apigateway httpv1',
      'layers tools',
      'policies "a b"',
      'logRetention 31',
      'logRetention forever',
      'autoDeploy maybe',
      'routeResponse $default',
      'throttlingRateLimit -0.5',
      'throttlingRateLimit many',
      'throttlingRateLimit 1e400',
      'throttlingBurstLimit -1',
      'throttlingBurstLimit 0.5',
      'throttlingBurstLimit 2147483648',
      'routeSelectionExpression $request.header.action',
      'routeSelectionExpression $context.connectionId',
      'routeSelectionExpression $request.bodyaction',
      'routeSelectionExpression $request.body..action',
      'routeSelectionExpression $request.body.*',
      'routeSelectionExpression $request.body.a/$request.body.b',
      'routeSelectionExpression a$b',
      'routeSelectionExpression "${request.body.a"',
      'routeSelectionExpression "${request.header.a}"',
      'routeSelectionExpression ""',
      'external ../sharp',
    ].map((line) => ({
      text: `@app\nx\n@aws\n${line}`,
      codes: [`SETTING_VALUE 4:${line.indexOf(' ') + 2}+${line.length - line.indexOf(' ') - 1}`],
    })),
    { text: `@app\nx\n@aws\nlayers ${`${layer} `.repeat(6)}`, codes: ['LAYERS_MANY 4:1+6'] },
    {
      text: '@app\nx\n@aws\nconcurrency 0\nprovisionedConcurrency 2',
      codes: ['CONCURRENCY_LOW 5:24+1'],
    },
    {
      text: '@app\nx\n@aws\nprovisionedConcurrency 12\nconcurrency 11',
      codes: ['CONCURRENCY_LOW 4:24+2'],
    },
    { text: `@app\nx\n@aws\nregion us-east-1\nlayers ${layer}`, codes: [`LAYER_REGION 5:8+${layer.length}`] },
  ])('$text: $codes', async ({ text, codes }) => {
    const read = await interpretManifest({ file: 'app.arc', text });
    expect(await problemsOf(text)).toEqual(codes);
    expect(read.ok).toBe(false);
    for (const { fix, message } of read.problems) expect(`${message} ${fix}`).toMatch(/^\S.+[.?] .+[.?]$/);
  });
});

describe('environments that are warm are among those that are reserved', () => {
  test.for([
    { aws: 'concurrency 2\nprovisionedConcurrency 2', own: '' },
    { aws: 'provisionedConcurrency 2', own: '' },
    { aws: 'provisionedConcurrency 2\nconcurrency unthrottled', own: '' },
    { aws: 'provisionedConcurrency disabled\nconcurrency 0', own: '' },
    { aws: 'concurrency 0', own: 'concurrency unthrottled\nprovisionedConcurrency 2' },
    { aws: 'provisionedConcurrency 2', own: 'provisionedConcurrency disabled\nconcurrency 0' },
  ])('$aws, and of the function: $own', async ({ aws, own }) => {
    const read = await interpretManifest({
      file: 'app.arc',
      text: `@app\nx\n@ws\njoin\n@aws\n${aws}`,
      configs: [{ sourceDir: 'src/ws/join', file: 'src/ws/join/config.arc', text: `@aws\n${own}` }],
    });
    expect(read.problems).toEqual([]);
  });

  test.for([
    { aws: 'provisionedConcurrency 2', own: 'concurrency 1', place: { line: 2, column: 13 } },
    { aws: 'concurrency 0', own: 'memory 256\nprovisionedConcurrency 1', place: { line: 3, column: 24 } },
  ])('$aws, and the function says $own', async ({ aws, own, place }) => {
    const read = await interpretManifest({
      file: 'app.arc',
      text: `@app\nx\n@ws\njoin\n@aws\n${aws}`,
      configs: [{ sourceDir: 'src/ws/join', file: 'src/ws/join/config.arc', text: `@aws\n${own}` }],
    });
    expect(read.problems).toMatchObject([{ code: 'CONCURRENCY_LOW', file: 'src/ws/join/config.arc', ...place }]);
  });
});

describe('what a manifest is warned of', () => {
  test.for([
    { text: '@htpp\nget /', code: 'PRAGMA_UNKNOWN', fix: 'Did you mean @http?' },
    { text: '@WS', code: 'PRAGMA_UNKNOWN', fix: 'Did you mean @ws?' },
    { text: '@table', code: 'PRAGMA_UNKNOWN', fix: 'Did you mean @tables?' },
    { text: '@foo', code: 'PRAGMA_UNKNOWN', fix: expect.stringContaining('Remove it; the pragmas are @app, ') },
    { text: '@plugins\nown\n@tabels\nfoo\n  id *String', code: 'PRAGMA_UNKNOWN', fix: 'Did you mean @tables?' },
    { text: '@plugins\nown\n@HTTP\nget /', code: 'PRAGMA_UNKNOWN', fix: 'Did you mean @http?' },
    ...'macros,proxy,cdn'
      .split(',')
      .map((name) => ({ text: `@${name}\nx y`, code: 'PRAGMA_NOT_RUN', fix: 'Remove it, or keep it for Architect.' })),
    ...['env', 'sandbox', 'sandbox-start', 'create'].map((name) => ({
      text: `@${name}\nx`,
      code: 'PRAGMA_PREFERENCE',
      fix: 'Move it to preferences.arc.',
    })),
    { text: '@arc\nshared true', code: 'PRAGMA_PLACE', fix: 'Move it to config.arc in the folder of a function.' },
    { text: '@static\ncors true', code: 'SETTING_UNKNOWN', fix: expect.stringMatching(/^They are folder, /) },
    { text: '@static\nfalse\n  x', code: 'SETTING_UNKNOWN', fix: expect.stringMatching(/^They are folder, /) },
    { text: '@aws\n__proto__ 5', code: 'SETTING_UNKNOWN', fix: expect.stringMatching(/^They are timeout, /) },
    { text: '@http\nget /a\n  method get', code: 'SETTING_UNKNOWN', fix: 'The only one is src.' },
    { text: '@events\na\n  fifo true', code: 'SETTING_UNKNOWN', fix: 'The only one is src.' },
    { text: '@aws\nruntime nodejs20.x', code: 'RUNTIME_DEPRECATED', fix: 'Use nodejs24.x.' },
    { text: '@aws\nruntime nodejs18.x', code: 'RUNTIME_DEPRECATED', fix: 'Use nodejs24.x.' },
    { text: '@aws\nruntime nodejs24', code: 'RUNTIME_CUSTOM', fix: 'Did you mean nodejs24.x?' },
    { text: '@aws\nruntime deno', code: 'RUNTIME_CUSTOM', fix: expect.stringContaining('unless something of yours') },
  ])('$text: $code', async ({ text, code, fix }) => {
    const read = await interpretManifest({ file: 'app.arc', text: `@app\nx\n${text}` });
    expect(read.ok).toBe(true);
    expect(read.problems).toMatchObject([{ severity: 'warning', code, fix }]);
  });

  test('files that are passed over', async () => {
    const read = await interpretManifest({ file: 'app.arc', text: '@app\nx', ignored: ['.arc', 'arc.json'] });
    expect(read.ok).toBe(true);
    expect(read.problems).toMatchObject([{ code: 'MANIFEST_IGNORED', line: 1, column: 1, text: '@app' }]);
    expect(read.problems[0]?.message).toBe('.arc, arc.json are ignored, because this is read first.');
  });
});

describe('messages', () => {
  test.for([
    { text: '@ws\njoin\njoin', message: '"join" is already a route (line 4).' },
    { text: '@ws\n@ws', message: '"@ws" is already declared (line 3).' },
    {
      text: '@ws\njoin\nJoin',
      message: '"Join" would share the folder src/ws/Join with "join" (line 4).',
    },
    { text: '@ws\n$foo', message: '"$foo" begins with "$", which API Gateway keeps for itself.' },
    { text: '@aws\ntimeout 901', message: '"timeout" cannot be "901".' },
    { text: '@http\nget x', message: '"x" does not start with "/".' },
    { text: '@http\nx get', message: '"x" is not a method.' },
    { text: `@ws\n"${'\u001b'.repeat(70)}"`, message: `"${'?'.repeat(60)}..." holds "?", which no route may.` },
  ])('$message', async ({ text, message }) => {
    const { problems } = await interpretManifest({ file: 'app.arc', text: `@app\nx\n${text}` });
    expect(problems[0]?.message).toBe(message);
  });

  test('the text of the line comes along', async () => {
    const { problems } = await interpretManifest({ file: 'app.arc', text: '@app\r\nx\r\n@ws\r\n  a:b # c\r\n' });
    expect(problems).toMatchObject([{ line: 4, column: 3, length: 3, text: '  a:b # c' }]);
  });

  test('every problem at once', async () => {
    const text = '@app\nX\n@ws\n$a\nb c\n@http\nget x\n@aws\nmemory 1\n@foo';
    expect((await problemsOf(text)).map((problem) => problem.split(' ')[0])).toEqual([
      'APP_NAME',
      'ROUTE_RESERVED',
      'ROUTE_LINE',
      'HTTP_PATH',
      'SETTING_VALUE',
      'PRAGMA_UNKNOWN',
    ]);
  });

  test.for([
    { why: 'errors', lines: '$a\n', severity: 'error' },
    { why: 'warnings', lines: '@b\n', severity: 'warning' },
  ])('50 $why, and how many more', async ({ lines, severity }) => {
    const read = await interpretManifest({ file: 'app.arc', text: `@app\nx\n@ws\n${lines.repeat(2000)}` });
    expect(read.ok).toBe(severity === 'warning');
    expect(read.problems).toHaveLength(51);
    expect(read.problems[50]).toMatchObject({ code: 'PROBLEMS_MORE', severity, message: 'And 1950 more.' });
  });
});
