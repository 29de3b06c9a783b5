import { describe, expect, test } from 'vitest';
import { loadApp } from '@furrow/manifest';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { askPlugins } from '../src/plugins/ask-plugins.ts';
import { createTemplate } from '../src/template/create-template.ts';
import { deployTarget, packageTo, type DeployEvent } from '../src/index.ts';

const base = {
  'app.arc': '@app\nplugged\n@http\nget /\n@ws\n@tables\nrooms\n  id *String\n@plugins\nown\n',
  ...Object.fromEntries(
    ['http/get-index', 'ws/connect', 'ws/default', 'ws/disconnect'].map((name) => [
      `src/${name}/index.js`,
      'exports.handler = async () => ({ statusCode: 200 });',
    ]),
  ),
};

/** Packages an app whose plugin `own` exports this; `files` are beside it. */
async function packagePlugged(plugin: string, files: Readonly<Record<string, string>> = {}) {
  await using folder = await openTemporaryFolder({
    ...base,
    'src/plugins/own.js': `const { writeFileSync, mkdirSync, appendFileSync } = require('node:fs'); module.exports = ${plugin};`,
    ...files,
  });
  const loaded = await loadApp(folder.path, { stage: 'staging' });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const events: DeployEvent[] = [];
  const { app, plugins } = loaded;
  const target = deployTarget(app.name, 'staging');
  const written = await packageTo({
    app,
    plugins,
    projectDir: folder.path,
    target,
    onEvent: (event) => events.push(event),
  });
  const template = JSON.parse(await folder.read('.furrow/package/template.json'));
  return {
    template,
    resources: template.Resources,
    written,
    events,
    notes: await folder.read('notes').catch(() => ''),
  };
}

/** The id of the published version of a function that a plugin gives this value. */
async function versionWith(value: string) {
  const { resources } = await packagePlugged(
    `{ deploy: { start({ cloudformation }) {
      cloudformation.Resources.GetIndexHTTPLambda.Properties.Environment.Variables.OWN = '${value}';
    } } }`,
    { 'src/http/get-index/config.arc': '@aws\nprovisionedConcurrency 1\n' },
  );
  const version = Object.keys(resources).find((id) => resources[id].Type === 'AWS::Lambda::Version');
  expect(resources.GetIndexHTTPLambdaAliaslive.Properties.FunctionVersion['Fn::GetAtt'][0]).toBe(version);
  return version;
}

describe('deploy.start', () => {
  test('may change the template that it is given, or return another', async () => {
    const { resources, template, events, written } = await packagePlugged(`{ deploy: { start: [
      async ({ cloudformation, arc, inventory, stage, stackName, dryRun }) => {
        cloudformation.Outputs.Told = { Value: [arc.app[0], inventory.inv._arc.deployStage, stage, stackName, dryRun].join(' ') };
        cloudformation.Resources.RoomsTable.Properties.BillingMode = 'PROVISIONED';
        delete cloudformation.Resources.RoomsParam;
      },
      ({ cloudformation: { Resources, ...others } }) => (
        { ...others, Resources: { ...Resources, Extra: { Type: 'AWS::SNS::Topic', Properties: { Seen: undefined } } } }),
    ] } }`);
    expect(template.Outputs.Told.Value).toBe('plugged staging staging PluggedStaging true');
    expect(resources.Extra).toEqual({ Type: 'AWS::SNS::Topic', Properties: {} });
    expect(resources.RoomsTable.Properties.BillingMode).toBe('PROVISIONED');
    expect(resources).not.toHaveProperty('RoomsParam');
    expect(template).not.toHaveProperty('Transform');
    expect(resources.GetIndexHTTPLambda.Properties.Code.S3Key).toMatch(/^functions\/[0-9a-f]{64}\.zip$/);
    const start = { type: 'plugin', plugin: 'own', hook: 'deploy.start' };
    expect(events.filter(({ type }) => type === 'plugin')).toEqual([start, start]);
    expect(written.isOfPlugins).toBe(true);
  });

  test('sees functions as those of SAM, and what it changes of them is kept', async () => {
    const { resources } = await packagePlugged(`{ deploy: { start({ cloudformation }) {
      for (const [id, { Type, Properties, ArcMetadata }] of Object.entries(cloudformation.Resources)) {
        if (Type !== 'AWS::Serverless::Function') continue;
        Properties.Environment.Variables.ABOUT = id + ' ' + ArcMetadata.name + ' ' + Properties.CodeUri.split('/').pop();
        Properties.Tracing = 'Active';
        Properties.Layers = ['arn:aws:lambda:us-west-2:1:layer:x:1'];
      }
    } } }`);
    const { Type, Properties, ...others } = resources.GetIndexHTTPLambda;
    expect(Type).toBe('AWS::Lambda::Function');
    expect(others).not.toHaveProperty('ArcMetadata');
    expect(Properties.Environment.Variables).toMatchObject({
      ARC_ENV: 'staging',
      ABOUT: 'GetIndexHTTPLambda get / get-index',
    });
    expect(Properties).toMatchObject({ TracingConfig: { Mode: 'Active' }, Layers: [expect.any(String)] });
    expect(Properties).not.toHaveProperty('Tracing');
    expect(Properties).not.toHaveProperty('CodeUri');
  });

  test('what it gives the role of Architect is given to the role of each function', async () => {
    const { resources } = await packagePlugged(`{ deploy: { start({ cloudformation: { Resources } }) {
      const { Policies, ManagedPolicyArns } = Resources.Role.Properties;
      Policies.push({ PolicyName: 'Mail', PolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'ses:SendEmail', Resource: '*' }] } });
      Policies.find(({ PolicyName }) => PolicyName === 'ArcDynamoPolicy').PolicyDocument.Statement[0].Resource.push('arn:other');
      ManagedPolicyArns.push('arn:aws:iam::aws:policy/X');
      Resources.Own = { Type: 'AWS::IAM::Policy', DependsOn: 'Role', Properties: { Roles: [{ Ref: 'Role' }] } };
      Resources.Job = { Type: 'AWS::Lambda::Function', DependsOn: ['Role', 'Own'], Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Name: { Ref: 'Role' } } };
    } } }`);
    for (const id of ['HTTPRole', 'WSRole']) {
      const { Policies, ManagedPolicyArns } = resources[id].Properties;
      expect(Policies.map(({ PolicyName }: { PolicyName: string }) => PolicyName)).toEqual([
        'Function',
        'ArcDynamoPolicy',
        'Mail',
      ]);
      expect(Policies[1].PolicyDocument.Statement[0].Resource).toEqual(['arn:other']);
      expect(ManagedPolicyArns).toEqual(['arn:aws:iam::aws:policy/X']);
    }
    expect(resources).not.toHaveProperty('Role');
    expect(resources.Own).toMatchObject({
      DependsOn: ['WSRole', 'HTTPRole'],
      Properties: { Roles: [{ Ref: 'WSRole' }, { Ref: 'HTTPRole' }] },
    });
    expect(resources.Job).toEqual({
      Type: 'AWS::Lambda::Function',
      DependsOn: ['WSRole', 'HTTPRole', 'Own'],
      Properties: { Role: { 'Fn::GetAtt': ['WSRole', 'Arn'] }, Name: { Ref: 'WSRole' } },
    });
    expect(resources.StaticRole.Properties.Policies).toHaveLength(1);
  });

  test('one that only looks changes nothing', async () => {
    const looked = await packagePlugged(`{ deploy: { start: ({ cloudformation }) => cloudformation } }`);
    const plain = await packagePlugged(`{ create: {} }`);
    expect(looked.template).toEqual(plain.template);
    expect([looked.written.isOfPlugins, plain.written.isOfPlugins]).toEqual([false, false]);
  });

  test('a function that it changes is published anew', async () => {
    const first = await versionWith('one');
    expect(first).toMatch(/^GetIndexHTTPLambdaVersion[0-9a-f]{8}$/);
    expect(await versionWith('one')).toBe(first);
    expect(await versionWith('two')).not.toBe(first);
  });

  test('resources of SAM bring its transform', async () => {
    const { template } = await packagePlugged(`{ deploy: { start({ cloudformation }) {
      cloudformation.Resources.Own = { Type: 'AWS::Serverless::SimpleTable' };
    } } }`);
    expect(template).toMatchObject({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { Own: { Type: 'AWS::Serverless::SimpleTable' } },
    });
  });

  test('may be what makes the code of functions', async () => {
    const { resources } = await packagePlugged(
      `{
        set: { runtimes: () => ({ name: 'shout', type: 'transpiled', build: '.build', baseRuntime: 'nodejs22.x' }) },
        deploy: { start({ inventory: { inv } }) {
          for (const { build, config } of Object.values(inv.lambdasBySrcDir)) {
            if (config.runtime !== 'shout') continue;
            mkdirSync(build, { recursive: true });
            writeFileSync(build + '/index.js', 'exports.handler = async () => 1;');
          }
        } } }`,
      { 'src/http/get-index/index.js': '', 'src/http/get-index/config.arc': '@aws\nruntime shout\n' },
    );
    expect(resources.GetIndexHTTPLambda.Properties.Runtime).toBe('nodejs22.x');
  });
});

test('deploy.services puts values where arc.services() looks, and deploy.end sees what was made', async () => {
  const { resources, notes } = await packagePlugged(`{ deploy: {
    services: async ({ cloudformation, stage }) => (
      { bucket: { Ref: 'RoomsTable' }, stage, count: 2, has: Object.keys(cloudformation.Resources).includes('WS'), none: null }),
    end: ({ cloudformation, inventory }) => {
      appendFileSync(inventory.inv._project.cwd + '/notes', Object.keys(cloudformation.Resources).filter((id) => id.startsWith('Own')).join());
    },
  } }`);
  expect(resources.OwnBucketParam).toMatchObject({
    Type: 'AWS::SSM::Parameter',
    Properties: { Type: 'String', Name: { 'Fn::Sub': '/${AWS::StackName}/own/bucket' }, Value: { Ref: 'RoomsTable' } },
  });
  expect(
    [resources.OwnStageParam, resources.OwnCountParam, resources.OwnHasParam].map(({ Properties }) => Properties.Value),
  ).toEqual(['staging', '2', 'true']);
  expect(notes).toBe('OwnBucketParam,OwnStageParam,OwnCountParam,OwnHasParam');
});

test('variables of set.env are those of its stage', async () => {
  const { resources } = await packagePlugged(
    `{ set: { env: () => ({ staging: { A: 's', ARC_ENV: 'no' }, production: { A: 'p' } }) } }`,
  );
  for (const id of ['GetIndexHTTPLambda', 'DefaultWSLambda']) {
    expect(resources[id].Properties.Environment.Variables).toMatchObject({ A: 's', ARC_ENV: 'staging' });
  }
  expect(resources.StaticHTTPLambda.Properties.Environment.Variables).not.toHaveProperty('A');
});

test('customLambdas are functions that nothing invokes', async () => {
  const { resources } = await packagePlugged(
    `{ set: { customLambdas: () => ({ name: 'job', src: 'lib/job', config: { timeout: 60 } }) } }`,
    { 'lib/job/index.mjs': 'export const handler = async () => 1;' },
  );
  expect(resources.JobCustomLambda.Properties).toMatchObject({
    Timeout: 60,
    Role: { 'Fn::GetAtt': ['CustomLambdasRole', 'Arn'] },
  });
  expect(JSON.stringify(resources.CustomLambdasRole)).toContain('-customLambdas-*');
});

test('ids of a stack that Architect has deployed are met', async () => {
  await using folder = await openTemporaryFolder({
    ...base,
    'app.arc': '@app\nplugged\n@http\nget /a_b\n@plugins\nown\n',
    'src/plugins/own.js': `exports.deploy = { start({ cloudformation: { Resources } }) {
      for (const [id, { Type, Properties }] of Object.entries(Resources)) {
        if (Type !== 'AWS::Serverless::Function') continue;
        Properties.Environment.Variables.OWN = id;
        Resources['Of' + id] = { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::Sub': 'x-\${' + id + '.Arn}' } } };
      } } };`,
  });
  const loaded = await loadApp(folder.path);
  if (!loaded.ok) throw new Error('Expected an app.');
  const { app, plugins } = loaded;
  const target = deployTarget(app.name, 'staging');
  const change = await askPlugins({
    app,
    plugins,
    target,
    projectDir: folder.path,
    isDryRun: false,
    onEvent: () => {},
  });
  const code = new Map(
    ['http/get-a_b', 'static'].map((name) => [name, { key: 'k', sha256: 's', handler: 'index.handler' }]),
  );
  const adopted = { ids: new Map([['http/get-a_b', 'GetAB']]), hasOpenApi: false };
  const { Resources } = change.apply(createTemplate({ app, target, code, variables: [], adopted }));
  expect(Resources['GetABHTTPLambda']?.Properties).toMatchObject({
    Environment: { Variables: { OWN: 'GetABHTTPLambda' } },
  });
  const topics = Object.values(Resources).filter(({ Type }) => Type === 'AWS::SNS::Topic');
  expect(topics.map(({ Properties }) => Properties?.['TopicName'])).toContainEqual({
    'Fn::Sub': 'x-${GetABHTTPLambda.Arn}',
  });
  expect(Object.keys(Resources).filter((id) => /^GetAB[0-9a-f]{8}/.test(id))).toEqual([]);
});

describe('what is wrong is said', () => {
  test.for([
    {
      code: 'PLUGIN_FAILED',
      start: '() => { throw new Error("no account") }',
      words: ['"own"', 'deploy.start', 'own.js', 'no account'],
    },
    {
      code: 'PLUGIN_FAILED',
      start: 'async ({ inventory }) => inventory.get.buckets()',
      words: ['deploy.start', 'TypeError', 'own.js:1:'],
    },
    { code: 'PLUGIN_HOOK', start: '() => "template"', words: ['something else than the template'] },
    {
      code: 'PLUGIN_HOOK',
      start: '({ cloudformation }) => { cloudformation.Resources.X = {} }',
      words: ['X without a "Type"'],
    },
    {
      code: 'PLUGIN_HOOK',
      start: '({ cloudformation }) => { cloudformation.Resources.GetIndexHTTPLambda.Properties.Events = {} }',
      words: ['"Events" of GetIndexHTTPLambda', 'SAM'],
    },
    {
      code: 'PLUGIN_HOOK',
      start: '({ cloudformation }) => { cloudformation.Resources.GetIndexHTTPLambda.Properties.CodeUri = "./dist" }',
      words: ['"CodeUri" of GetIndexHTTPLambda', 'set.runtimes'],
    },
    ...[
      'cloudformation.Self = cloudformation',
      'cloudformation.Resources.X = { Type: "A::B::C", Properties: { Size: 1n } }',
    ].map((change) => ({
      code: 'PLUGIN_HOOK',
      start: `({ cloudformation }) => { ${change} }`,
      words: ['deploy.start of the plugin "own"', 'left a template that is no JSON (TypeError: '],
    })),
    ...['null', '"text"', '[]', 'undefined'].map((given) => ({
      code: 'PLUGIN_HOOK',
      start: `({ cloudformation }) => { cloudformation.Resources = ${given} }`,
      words: ['deploy.start of the plugin "own"', '"Resources" is no object'],
    })),
  ])('$code: $start', async ({ code, start, words }) => {
    const failed = packagePlugged(`{ deploy: { start: ${start} } }`);
    await expect(failed).rejects.toMatchObject({ code });
    const told = String(await failed.catch((error: unknown) => error));
    for (const word of words) expect(told).toContain(word);
  });

  test('a change of what the stack calls otherwise', async () => {
    await using folder = await openTemporaryFolder({
      ...base,
      'src/plugins/own.js': `exports.deploy = { start({ cloudformation }) {
        cloudformation.Resources.GetIndexHTTPLambda.Properties.Timeout = 9; } };`,
    });
    const loaded = await loadApp(folder.path);
    if (!loaded.ok) throw new Error('Expected an app.');
    const { app, plugins } = loaded;
    const target = deployTarget(app.name, 'staging');
    const task = { app, plugins, target, projectDir: folder.path, isDryRun: false, onEvent: () => {} };
    const change = await askPlugins(task);
    const template = {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: '',
      Metadata: {},
      Parameters: {},
      Outputs: {},
    } as const;
    const resources = { GetIndexHTTPLambda: { Type: 'x', Properties: { Timeout: 5, Kept: 1 } } };
    expect(change.apply({ ...template, Resources: resources }).Resources).toEqual({
      GetIndexHTTPLambda: { Type: 'x', Properties: { Timeout: 9, Kept: 1 } },
    });
    expect(() => change.apply({ ...template, Resources: {} })).toThrow(
      expect.objectContaining({ code: 'PLUGIN_TEMPLATE', message: expect.stringContaining('GetIndexHTTPLambda') }),
    );
  });

  test.for([
    `() => 'text'`,
    `() => ({ 'a b': 1 })`,
    '() => ({ size: { of: 1n } })',
    '({ cloudformation }) => { cloudformation.Self = cloudformation }',
  ])('deploy.services: %s', async (services) => {
    await expect(packagePlugged(`{ deploy: { services: ${services} } }`)).rejects.toMatchObject({
      code: 'PLUGIN_HOOK',
    });
  });
});
