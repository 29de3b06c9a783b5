import { isOurVariable, isReservedVariable } from '@furrow/executor';
import { expect, test } from 'vitest';
import { appOf, inputOf, resourcesOf } from '../../test/support/template-input.ts';
import { createTemplate } from './create-template.ts';

async function variablesWith(variables: readonly string[]): Promise<readonly string[]> {
  const template = createTemplate(inputOf(await appOf('@app\nx\n@ws\n@http\nget /'), { variables }));
  const environments = resourcesOf(template, 'AWS::Lambda::Function').map(
    ({ properties }) => properties['Environment'],
  );
  return [...new Set(environments.flatMap((each) => Object.keys((each as { Variables: object }).Variables)))];
}

const replaceable = ['ARC_SESSION_TABLE_NAME', 'NODE_OPTIONS'];

test('every variable that a function gets is ours, but for two', async () => {
  const names = await variablesWith([]);
  expect(names.filter((name) => !isOurVariable(name)).toSorted()).toEqual(replaceable);
  expect(names.filter(isOurVariable)).toHaveLength(8);
});

test.for(['API_KEY', 'ARC_TABLES', ...replaceable])('an app may set %s', async (name) => {
  expect(isOurVariable(name) || isReservedVariable(name)).toBe(false);
  expect(await variablesWith([name])).toContain(name);
});

test('what is ours is not to be had in another way, either', async () => {
  const app = await appOf('@app\nx\n@http\nget /');
  const template = createTemplate(inputOf(app, { variables: ['ARC_WSS_URL'] }));
  const environments = resourcesOf(template, 'AWS::Lambda::Function').map(
    ({ properties }) => properties['Environment'],
  );
  expect(JSON.stringify(environments)).not.toContain('ARC_WSS_URL');
});
