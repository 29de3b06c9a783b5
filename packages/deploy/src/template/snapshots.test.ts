import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appOf, inputOf } from '../../test/support/template-input.ts';
import { templateCases, templateOf } from '../../test/support/template-cases.ts';
import { createTemplate, templateText } from './create-template.ts';

/** Settings that decide where an app goes, or what is in a function's zip, and so are in no template. */
const elsewhere = {
  region: '@aws\nregion eu-central-1',
  profile: '@aws\nprofile work',
  bucket: '@aws\nbucket my-bucket',
  apigateway: '@aws\napigateway httpv2',
  handler: '@aws\nhandler lib/main.run',
  command: '@aws\ncommand python3 main.py',
  external: '@aws\nexternal sharp',
};
const elsewhereInConfig = { shared: '@arc\nshared false', views: '@arc\nviews false' };

test.for(templateCases)('$name', async (each) => {
  await expect(templateText(await templateOf(each))).toMatchFileSnapshot(`snapshots/${each.name}.template`);
});

test('there is no snapshot without a case', () => {
  const files = readdirSync(new URL('snapshots', import.meta.url));
  expect(files.toSorted()).toEqual(templateCases.map(({ name }) => `${name}.template`).toSorted());
});

test('every setting of the reference has a snapshot, or does not belong into a template', () => {
  const reference = readFileSync(new URL('../../../../docs/reference/manifest.md', import.meta.url), 'utf8');
  const documented = [...reference.matchAll(/^\| `(\w+)` \| (?:app|function|config)/gm)].map(([, name = '']) => name);
  const proven = [
    ...templateCases.flatMap(({ settings = [] }) => settings),
    ...Object.keys(elsewhere),
    ...Object.keys(elsewhereInConfig),
  ];
  expect(proven.toSorted()).toEqual(documented.toSorted());
});

test.for([...Object.entries(elsewhere), ...Object.entries(elsewhereInConfig)])(
  '%s changes no template',
  async ([name, setting]) => {
    const manifest = '@app\ntestapp\n@http\nget /';
    const isConfig = name in elsewhereInConfig;
    const app = await (isConfig
      ? appOf(manifest, { 'src/http/get-index': setting })
      : appOf(`${manifest}\n${setting}`));
    expect(createTemplate(inputOf(app))).toEqual(createTemplate(inputOf(await appOf(manifest))));
  },
);

test.for([
  { setting: 'timeout 60', other: 'timeout 30' },
  { setting: 'memory 512', other: 'memory 128' },
  { setting: 'storage 2048', other: 'storage 1024' },
  { setting: 'architecture x86_64', other: 'architecture arm64' },
  { setting: 'runtime nodejs22.x', other: 'runtime python' },
  { setting: 'concurrency 3', other: 'concurrency unthrottled' },
  { setting: 'provisionedConcurrency 2', other: 'provisionedConcurrency disabled' },
  {
    setting: 'layers arn:aws:lambda:us-west-2:123456789012:layer:a:1',
    other: 'layers arn:aws:lambda:us-west-2:123456789012:layer:b:1',
  },
  { setting: 'policies AmazonS3ReadOnlyAccess', other: 'policies AmazonSESFullAccess' },
  { setting: 'logRetention 14', other: 'logRetention 7' },
])('$setting of a function takes the place of what the app says for all', async ({ setting, other }) => {
  const manifest = '@app\ntestapp\n@http\nget /\n@static\nfalse\n@aws\nregion us-west-2';
  const own = await appOf(`${manifest}\n${other}`, { 'src/http/get-index': `@aws\n${setting}` });
  const template = createTemplate(inputOf(own));
  expect(template).toEqual(createTemplate(inputOf(await appOf(`${manifest}\n${setting}`))));
  expect(template).not.toEqual(createTemplate(inputOf(await appOf(`${manifest}\n${other}`))));
});
