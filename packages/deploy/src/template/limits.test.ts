import { expect, test } from 'vitest';
import { appOf, inputOf } from '../../test/support/template-input.ts';
import { createTemplate, templateText } from './create-template.ts';
import { checkLimits, templateFaults } from './limits.ts';
import type { Template } from './template.ts';

const empty = createTemplate(inputOf(await appOf('@app\nx')));
const many = <T>(count: number, value: T): Record<string, T> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`A${index}`, value]));

const routes = (count: number) => Array.from({ length: count }, (_, index) => `route${index}`).join('\n');

const resource = { Type: 'AWS::S3::Bucket' };
test.for<{ why: string; template: Partial<Template>; faults: readonly string[] }>([
  { why: '500 resources', template: { Resources: many(500, resource) }, faults: [] },
  {
    why: '501 resources',
    template: { Resources: many(501, resource) },
    faults: ['The template has 501 resources; CloudFormation takes 500.'],
  },
  { why: '200 parameters and outputs', template: { Parameters: many(200, {}), Outputs: many(200, {}) }, faults: [] },
  {
    why: '201 parameters and outputs',
    template: { Parameters: many(201, {}), Outputs: many(201, {}) },
    faults: [
      'The template has 201 parameters; CloudFormation takes 200.',
      'The template has 201 outputs; CloudFormation takes 200.',
    ],
  },
  { why: 'a megabyte', template: { Description: 'a'.repeat(999_000) }, faults: [] },
  {
    why: 'more than a megabyte',
    template: { Description: '\u00e9'.repeat(500_000) },
    faults: [expect.stringMatching(/^The template has 1000\d{3} bytes; CloudFormation takes 1000000\.$/)],
  },
])('$why', ({ template, faults }) => {
  const whole = { ...empty, ...template };
  expect(templateFaults(whole)).toEqual(faults);
  if (faults.length === 0) checkLimits(whole);
});

test('an app with too many routes is refused, with the way out', async () => {
  const fits = createTemplate(inputOf(await appOf(`@app\nx\n@ws\n${routes(95)}`)));
  expect(templateFaults(fits)).toEqual([]);
  const large = createTemplate(inputOf(await appOf(`@app\nx\n@ws\n${routes(120)}`)));
  expect(() => checkLimits(large)).toThrow(expect.objectContaining({ code: 'TEMPLATE_TOO_LARGE' }));
});

test('a text is for people as long as it is small', async () => {
  const small = templateText(empty);
  expect(small.split('\n').length).toBeGreaterThan(5);
  const large = templateText(createTemplate(inputOf(await appOf(`@app\nx\n@ws\n${routes(20)}`))));
  expect(large.split('\n')).toHaveLength(1);
  expect(JSON.parse(large)).toMatchObject({ AWSTemplateFormatVersion: '2010-09-09' });
});
