import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

const routes = '@app\nx\n@ws\njoin\n@http\nget /\nget /rooms/:id\npost /\nany /any\n';

/** The app that a manifest says, with these texts in the config files of functions. */
function read(text: string, configs: Readonly<Record<string, string>> = {}) {
  return interpretManifest({
    file: 'app.arc',
    text: routes + text,
    configs: Object.entries(configs).map(([folder, config]) => ({
      sourceDir: `src/${folder}`,
      file: `src/${folder}/config.arc`,
      text: config,
    })),
  });
}

/** Names of the functions that get each folder. */
async function given(text: string, configs?: Readonly<Record<string, string>>) {
  const { app, problems } = await readApp(text, configs);
  expect(problems).toEqual([]);
  const namesOf = (part: 'shared' | 'views') =>
    app.functions.filter(({ settings }) => settings[part]).map(({ name }) => name);
  return { shared: namesOf('shared'), views: namesOf('views') };
}

async function readApp(text: string, configs?: Readonly<Record<string, string>>) {
  const found = await read(text, configs);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return found;
}

const ws = ['ws/connect', 'ws/default', 'ws/disconnect', 'ws/join'];
const pages = ['http/get-index', 'http/get-rooms-000id', 'http/any-any'];
const all = [...ws, 'http/get-index', 'http/get-rooms-000id', 'http/post-index', 'http/any-any'];

describe('who gets what', () => {
  test.for<{ why: string; text?: string; configs?: Record<string, string>; shared?: string[]; views?: string[] }>([
    { why: 'says nothing' },
    { why: 'has src alone', text: '@shared\nsrc lib/common\n@views\nsrc lib/pages' },
    {
      why: 'lists functions',
      text: '@shared\nws\n  join\nhttp\n  get /rooms/:id',
      shared: ['ws/join', pages[1] ?? ''],
    },
    { why: 'lists functions beside src', text: '@shared\nsrc lib/common\nws\n  default', shared: ['ws/default'] },
    { why: 'lists nobody of a pragma', text: '@shared\nhttp', shared: [] },
    { why: 'lists views', text: '@views\nget /\npost /', views: ['http/get-index', 'http/post-index'] },
    {
      why: 'opts out and in by config files',
      configs: {
        'ws/join': '@arc\nshared false',
        'http/get-index': '@arc\nviews false',
        'ws/default': '@arc\nviews true',
      },
      shared: all.filter((name) => name !== 'ws/join'),
      views: ['ws/default', ...pages.slice(1)],
    },
    {
      why: 'lists functions that opted out: the list counts',
      text: '@shared\nws\n  join',
      configs: { 'ws/join': '@arc\nshared false', 'ws/default': '@arc\nshared true' },
      shared: ['ws/join'],
    },
  ])('$why', async ({ text = '', configs, shared = all, views = pages }) => {
    expect(await given(text, configs)).toEqual({ shared, views });
  });

  test('JSON says the same', async () => {
    const data = {
      app: 'x',
      ws: ['join'],
      http: [['get', '/']],
      shared: { src: 'lib/common', ws: ['join'], http: [['get', '/']] },
      views: [
        ['src', 'lib/pages'],
        ['get', '/'],
      ],
    };
    const found = await interpretManifest({ file: 'arc.json', text: JSON.stringify(data), configs: [] });
    if (!found.ok) throw new Error(JSON.stringify(found.problems));
    const { app } = found;
    expect([app.sharedFolder, app.viewsFolder]).toEqual(['lib/common', 'lib/pages']);
    expect(app.functions.filter(({ settings }) => settings.shared).map(({ name }) => name)).toEqual([
      'ws/join',
      'http/get-index',
    ]);
  });
});

test.for([
  { text: '', folders: ['src/shared', 'src/views'] },
  { text: '@shared\nsrc lib/common\n@views\nsrc ./pages/', folders: ['lib/common', 'pages'] },
])('folders of $text', async ({ text, folders }) => {
  const { app } = await readApp(text);
  expect([app.sharedFolder, app.viewsFolder]).toEqual(folders);
});

test.for([
  { text: '@shared\nsrc ../elsewhere', problem: 'PATH_OUTSIDE 11:5' },
  { text: '@shared\nsrc', problem: 'SETTING_VALUE 11:1' },
  { text: '@shared\nsrc a\nsrc b', problem: 'SETTING_TWICE 12:1' },
  { text: '@shared\nhttps\n  get /', problem: 'SETTING_UNKNOWN 11:1' },
  { text: '@shared\nws\n  joyn', problem: 'FUNCTION_UNKNOWN 12:3' },
  { text: '@shared\nhttp\n  get /room', problem: 'FUNCTION_UNKNOWN 12:3' },
  { text: '@views\npost /rooms', problem: 'FUNCTION_UNKNOWN 11:1' },
])('$text: $problem', async ({ text, problem }) => {
  const { problems } = await read(text);
  expect(problems.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([problem]);
});

test('a name that is nearly one is said', async () => {
  const { problems } = await read('@shared\nws\n  joyn');
  expect(problems[0]).toMatchObject({ message: '"joyn" is not a function of @ws.', fix: 'Did you mean join?' });
});
