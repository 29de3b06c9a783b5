import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openAwsProject, type AwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';
import { lintTemplates } from './support/cfn-lint.ts';

const installed = join(import.meta.dirname, 'npm-plugins', 'node_modules');
const missing =
  emulatorMissing() ?? (existsSync(installed) ? undefined : 'run npm ci --ignore-scripts in test/npm-plugins');
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const files = {
  'app.arc': `@app
plugged

@plugins
own
architect/plugin-storage-private

@storage-private
secret-files

@ws
`,
  'src/plugins/own.js': `const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const note = ({ inventory, dryRun, stage }, text) =>
  appendFileSync(join(inventory.inv._project.cwd, 'notes'), [text, stage, dryRun].join(' ') + '\\n');
module.exports = {
  set: {
    runtimes: () => ({ name: 'shout', type: 'transpiled', build: '.build', baseRuntime: 'nodejs22.x' }),
    http: () => [
      { method: 'get', path: '/', src: 'lib/page' },
      { method: 'get', path: '/shout', src: 'lib/shout', config: { runtime: 'shout' } },
    ],
    ws: () => ({ name: 'say', src: 'lib/say' }),
    env: () => ({ staging: { GREETING: 'hello' }, production: { GREETING: 'no' } }),
    customLambdas: () => ({ name: 'job', src: 'lib/job', config: { timeout: 20 } }),
    tables: () => ({ name: 'visits', partitionKey: 'id', partitionKeyType: 'string' }),
  },
  deploy: {
    async start(given) {
      const { src, build } = given.inventory.get.http('get /shout');
      mkdirSync(build, { recursive: true });
      const text = JSON.stringify(readFileSync(join(src, 'index.shout'), 'utf8').toUpperCase());
      writeFileSync(join(build, 'index.js'), 'exports.handler = async () => ({ statusCode: 200, body: ' + text + ' })');
      const { Resources } = given.cloudformation;
      Resources.News = { Type: 'AWS::SNS::Topic', Properties: {} };
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type === 'AWS::Serverless::Function') Properties.Environment.Variables.NEWS = { Ref: 'News' };
      }
      Resources.Role.Properties.Policies.push({
        PolicyName: 'News',
        PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sns:Publish', Resource: { Ref: 'News' } }] },
      });
      note(given, 'start');
    },
    services: () => ({ topic: { Ref: 'News' }, answer: 42 }),
    end: async (given) => note(given, 'end ' + Object.keys(given.cloudformation.Resources).includes('OwnTopicParam')),
  },
};
`,
  'lib/page/index.js': `const arc = require('@architect/functions');
exports.handler = async () => {
  const { visits } = await arc.tables();
  await visits.put({ id: 'one' });
  const { GREETING, NEWS, ARC_STORAGE_PRIVATE_SECRET_FILES: bucket } = process.env;
  const body = JSON.stringify({ services: await arc.services(), visit: await visits.get({ id: 'one' }), GREETING, NEWS, bucket });
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
};
`,
  'lib/say/index.js': `const arc = require('@architect/functions');
exports.handler = async ({ requestContext: { connectionId: id } }) => {
  await arc.ws.send({ id, payload: { said: process.env.GREETING } });
  return { statusCode: 200 };
};
`,
  'lib/shout/index.shout': 'one',
  'lib/job/index.mjs': 'export const handler = async () => 1;\n',
  ...Object.fromEntries(
    ['connect', 'default', 'disconnect'].map((name) => [
      `src/ws/${name}/index.js`,
      'exports.handler = async () => ({ statusCode: 200 });\n',
    ]),
  ),
};

describe.skipIf(missing !== undefined)(`an app with plugins on AWS${reason}`, () => {
  let project: AwsProject;
  let output: string;

  beforeAll(async () => {
    project = await openAwsProject({ files });
    await symlink(installed, join(project.folder.path, 'node_modules'));
    const deployed = await project.quickArc('deploy');
    output = deployed.output;
    if (deployed.exitCode !== 0 || deployed.errors !== '') throw new Error(output + deployed.errors);
  }, 120_000);
  afterAll(() => project?.[Symbol.asyncDispose]());

  test('has the routes, variables, tables, resources and services that they bring', async () => {
    const apiId = /https:\/\/(\w+)\./.exec(output)?.[1] ?? '';
    const response = await fetch(project.emulator.httpUrl(apiId, '/'));
    const topic = expect.stringMatching(/^arn:aws:sns:.*News/);
    const bucket = expect.stringMatching(/secretfiles/i);
    expect(await response.json()).toMatchObject({
      services: { own: { topic, answer: '42' }, 'storage-private': { 'secret-files': bucket } },
      visit: { id: 'one' },
      GREETING: 'hello',
      NEWS: topic,
      bucket,
    });
    await using client = await project.emulator.connect(/wss:\S+/.exec(output)?.[0] ?? '');
    expect(await client.ask({ action: 'say' })).toEqual({ said: 'hello' });
  });

  test('says whose hook runs, and calls each once', async () => {
    expect(output).toMatch(/plugin +own: deploy\.start\n.*plugin +architect\/plugin-storage-private: deploy\.start\n/);
    expect(output).toMatch(/plugin +own: deploy\.end\n/);
    expect(await project.folder.read('notes')).toBe('start staging false\nend true staging false\n');
  });

  test('a second deploy changes nothing, and a package of it is clean', async (context) => {
    expect((await project.quickArc('deploy')).output).toContain('Nothing to deploy');
    const ejected = await project.quickArc('deploy --eject');
    expect(ejected.output).toContain('--capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM CAPABILITY_AUTO_EXPAND');
    const lint = await lintTemplates(context, [join(project.folder.path, '.furrow/package/template.json')]);
    // What others write may be longer than it need be.
    expect(lint.output.split('\n').filter((line) => /^[A-Z]\d{4} /.test(line) && !line.startsWith('W3005 '))).toEqual(
      [],
    );
  });

  test('code that a plugin makes is sent by dirty, too', async () => {
    const apiId = /https:\/\/(\w+)\./.exec(output)?.[1] ?? '';
    const shout = async () => (await fetch(project.emulator.httpUrl(apiId, '/shout'))).text();
    expect(await shout()).toBe('ONE');
    await project.folder.write('lib/shout/index.shout', 'two');
    const dirty = await project.quickArc('deploy dirty "get /shout"');
    expect({ exitCode: dirty.exitCode, errors: dirty.errors }).toEqual({ exitCode: 0, errors: '' });
    await expect.poll(shout).toBe('TWO');
  });

  test.for(['info', 'env', 'logs', 'destroy --app plugged --force --now'])('arc %s knows the app', async (line) => {
    const { exitCode, errors } = await project.quickArc(line);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  });

  test('deploy.target deploys in the place of CloudFormation', async () => {
    await project.folder.write(
      'src/plugins/target.js',
      `const { writeFileSync } = require('node:fs');
      exports.deploy = { target({ inventory, cloudformation }) {
        writeFileSync(inventory.inv._project.cwd + '/handed', Object.keys(cloudformation.Resources).includes('News') + inventory.inv.app);
      } };`,
    );
    await project.folder.write('app.arc', files['app.arc'].replace('own\n', 'own\ntarget\n'));
    const calls = project.proxy.calls.length;
    const { exitCode, output: said, errors } = await project.quickArc('deploy');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(said).toContain('Deployed by plugins');
    expect(await project.folder.read('handed')).toBe('trueplugged');
    expect(project.proxy.calls.length).toBe(calls);
  });
});

test.skipIf(missing !== undefined)(
  `pages of enhance on AWS${reason}`,
  async () => {
    await using project = await openAwsProject({
      files: {
        'app.arc': '@app\nenhanced\n\n@plugins\nenhance/arc-plugin-enhance\n',
        'app/pages/hello.mjs':
          'export default ({ html, state }) => html`<my-hello></my-hello><p>${state.store.word}</p>`;\n',
        'app/api/hello.mjs': `export const get = async () => ({ json: { word: 'from data' } });\n`,
        'app/elements/my-hello.mjs': 'export default ({ html }) => html`<h1>Hello</h1>`;\n',
        'public/site.css': 'body {}\n',
      },
    });
    await symlink(installed, join(project.folder.path, 'node_modules'));
    const { exitCode, output, errors } = await project.quickArc('deploy');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    // The emulator has no `{proxy+}` for the root.
    const page = await fetch(project.emulator.httpUrl(/https:\/\/(\w+)\./.exec(output)?.[1] ?? '', '/hello'));
    expect(await page.text()).toMatch(/<h1>Hello<\/h1><\/my-hello><p>from data<\/p>/);
  },
  90_000,
);
