import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzzRuns } from '../../../test/support/fuzz-runs.ts';
import { describeProblems } from './describe.ts';
import { splitLines, withoutMark } from './lines.ts';
import { interpretManifest } from './manifest.ts';

const runs = fuzzRuns(400);
const files = ['app.arc', '.arc', 'arc.json', 'arc.yaml', 'package.json'];
const file = fc.constantFrom(...files);

/** Pieces that reach deeper than random characters do. */
const pieces = [
  '@app @ws @http @static @aws @foo @ x join src /a/:b false 42 layers timeout é { } [ ] : , - null __proto__'.split(
    ' ',
  ),
  '@stage-variables connect authorizer route.request.header.a stageVariables.x routeResponse $request.body'.split(' '),
  ['\n', '\r\n', '\r', '\n  ', '\n    ', '\n\t', ' ', '#', '"', "'", '`', '\\', '\uFEFF', '\u2028', '|', '%'],
  '@events @queues @scheduled rate(1 day) cron(0 * ?) 2#1 batchSize batchWindow fifo rate'.split(' '),
  ['src ../a', 'get /', '"app":"x"', '"ws":', '- ', '? ', '&a ', '*a', '---\n'],
].flat();
const piece = fc.constantFrom(...pieces);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.json().map((json) => `{"app":"x","ws":${json},"aws":${json}}`),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
);

describe('any text', () => {
  test('gives an app or problems, each inside the text', async () => {
    await fc.assert(
      fc.asyncProperty(file, text, async (name, manifest) => {
        const { ok, problems } = await interpretManifest({
          file: name,
          text: manifest,
          configs: [{ sourceDir: 'src/ws/connect', file: `src/ws/connect/config.arc`, text: manifest }],
        });
        const lines = splitLines(withoutMark(manifest));
        expect(ok).toBe(!problems.some(({ severity }) => severity === 'error'));
        for (const problem of problems) {
          expect(lines[problem.line - 1]).toBe(problem.text);
          expect(problem.column).toBeGreaterThanOrEqual(1);
          expect(problem.length).toBeGreaterThanOrEqual(1);
          expect(problem.column + problem.length - 1).toBeLessThanOrEqual(
            Math.max(problem.text.length, problem.column),
          );
          expect(problem.column).toBeLessThanOrEqual(problem.text.length + 1);
          // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
          expect(problem.message + problem.fix).not.toMatch(/[\u0000-\u001f]/);
        }
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for.
        expect(describeProblems(problems)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      }),
      runs,
    );
  });
});

describe('a megabyte', () => {
  const bytes = 1_000_000;
  test.for([
    { why: 'one line of garbage', text: '\u00e9<'.repeat(bytes / 2) },
    { why: 'garbage words', text: '\u00e9 '.repeat(bytes / 2) },
    { why: 'quotes that never end', text: `@ws\n"${'\n\\"'.repeat(bytes / 3)}` },
    { why: 'pragmas', text: '@x\n'.repeat(bytes / 3) },
    { why: 'unknown settings', text: `@aws\n${'timeuot\n'.repeat(bytes / 8)}` },
    { why: 'one route again and again', text: `@ws\n${'a\n'.repeat(bytes / 2)}` },
    {
      why: 'ever deeper lines',
      text: `@ws\n${Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a`).join('\n')}`,
    },
    { why: 'stage variables', text: `@stage-variables\n${'a b\n'.repeat(bytes / 4)}` },
    { why: 'one event again and again', text: `@events\n${'a\n'.repeat(bytes / 2)}` },
    { why: 'queues that say nothing', text: `@queues\n${'a\n b\n'.repeat(bytes / 6)}` },
    { why: 'one schedule', text: `@scheduled\na cron(${'0,'.repeat(bytes / 2)}0 0 * * ? *)` },
    { why: 'identity sources', text: `@ws\nconnect\n authorizer ${'context.a '.repeat(bytes / 10)}` },
    { why: 'one expression', text: `@aws\nrouteSelectionExpression $request.body${'.a'.repeat(bytes / 2)}.` },
    { why: 'one path', text: `@http\nget ${'/a'.repeat(bytes / 2)}` },
    { why: 'brackets', file: 'arc.json', text: '['.repeat(bytes) },
    { why: 'brackets', file: 'arc.yaml', text: '['.repeat(250_000) },
    { why: 'dashes', file: 'arc.yaml', text: '- '.repeat(125_000) },
    { why: 'aliases', file: 'arc.yaml', text: '*a '.repeat(80_000) },
  ])('of $why is refused soon', async ({ file: name = 'app.arc', text: manifest }) => {
    const startedAtMs = performance.now();
    const { ok, problems } = await interpretManifest({ file: name, text: manifest });
    expect(describeProblems(problems).length).toBeLessThan(50_000);
    expect(ok).toBe(false);
    expect(problems.length).toBeLessThanOrEqual(51);
    expect(performance.now() - startedAtMs).toBeLessThan(8000);
  });
});

describe('a valid app', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/);
  const part = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const route = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const routes = fc.uniqueArray(
    fc.record({
      name: route,
      src: fc.option(fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))),
    }),
    { selector: (each) => each.name, maxLength: 8 },
  );
  const pages = fc.uniqueArray(
    fc.record({
      method: fc.constantFrom('get', 'post', 'put', 'patch', 'delete', 'options', 'head', 'any'),
      path: fc.array(part, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`),
    }),
    { selector: ({ method, path }) => `${method} ${path === '/' ? '/index' : path}`, maxLength: 6 },
  );
  const app = fc.record({
    app: name,
    ws: routes,
    http: pages,
    memory: fc.integer({ min: 128, max: 10_240 }),
    sources: fc.option(
      fc.uniqueArray(
        fc.oneof(
          fc
            .tuple(fc.constantFrom('route.request.header.', 'route.request.querystring.'), part)
            .map((words) => words.join('')),
          fc.constantFrom('context.stage', 'context.identity.userAgent'),
        ),
        { maxLength: 3 },
      ),
    ),
    off: fc.subarray(['default', 'disconnect']),
    variables: fc.dictionary(fc.stringMatching(/^[A-Za-z_]\w{0,8}$/), fc.stringMatching(/^[\w.~:/?&=,-]{1,8}$/), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    rate: fc.double({ min: 0, max: 10_000, noNaN: true }),
    indent: fc.constantFrom(' ', '  ', '\t', '    '),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
  });

  test('says the same as text, JSON and YAML', async () => {
    await fc.assert(
      fc.asyncProperty(app, async ({ app: appName, ws: routesOfAll, http, memory, indent, newline, ...more }) => {
        const { sources, off, variables, rate } = more;
        const isFree = (own: string) => !off.includes(own) && own !== 'connect' && own !== 'authorizer';
        const ws = routesOfAll.filter((each) => isFree(each.name));
        const lines = [
          '@app # the name',
          appName,
          '',
          '@ws',
          ...off.map((own) => `${own} false`),
          ...(sources === null ? [] : ['connect', [`${indent}authorizer`, ...sources].join(' ')]),
          ...ws.flatMap((each) => [each.name, ...(each.src === null ? [] : [`${indent}src ${each.src}`])]),
          '@http',
          ...http.map(({ method, path }) => `${method} ${path}`),
          '@stage-variables',
          ...Object.entries(variables).map((words) => words.join(' ')),
          '@aws',
          `memory ${memory}`,
          `throttlingRateLimit ${rate}`,
        ];
        const data = JSON.stringify({
          app: appName,
          ws: [
            ...off.map((own) => ({ [own]: false })),
            ...(sources === null ? [] : [{ connect: { authorizer: sources } }]),
            ...ws.map((each) => (each.src === null ? each.name : { [each.name]: { src: each.src } })),
          ],
          http: http.map(({ method, path }) => [method, path]),
          'stage-variables': variables,
          aws: { memory, throttlingRateLimit: rate },
        });
        const fromText = await interpretManifest({ file: 'app.arc', text: lines.join(newline) });
        const fromJson = await interpretManifest({ file: 'arc.json', text: data });
        const fromYaml = await interpretManifest({ file: 'arc.yaml', text: data });
        expect(fromText).toMatchObject({ ok: true, problems: [], app: { name: appName } });
        if (!fromText.ok) return;
        expect(fromJson).toEqual({ ...fromText, app: { ...fromText.app, file: 'arc.json' } });
        expect(fromYaml).toEqual({ ...fromText, app: { ...fromText.app, file: 'arc.yaml' } });

        const lifecycle = ['connect', 'default', 'disconnect'];
        const custom = ws.map((each) => each.name).filter((each) => !lifecycle.includes(each));
        expect(fromText.app.functions.map(({ label }) => label)).toEqual([
          ...(sources === null ? [] : ['authorizer']),
          ...lifecycle.filter((own) => !off.includes(own)),
          ...custom,
          ...http.map(({ method, path }) => `${method} ${path}`),
        ]);
        for (const { name: own, src } of ws) {
          const { sourceDir } = fromText.app.functions.find(({ label }) => label === own) ?? {};
          expect(sourceDir).toBe(src ?? `src/ws/${own}`);
        }
        expect(fromText.app.functions.every(({ settings }) => settings.memory === memory)).toBe(true);
        expect(fromText.app.authorizer?.identitySources ?? null).toEqual(sources);
        expect(fromText.app.stageVariables).toEqual(variables);
        expect(fromText.app.routeThrottle.throttlingRateLimit).toBe(rate);
      }),
      fuzzRuns(200),
    );
  });
});
