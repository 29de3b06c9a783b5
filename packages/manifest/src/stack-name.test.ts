import { expect, test } from 'vitest';
import { stackName } from './stack-name.ts';

test.for([
  { app: 'testapp', stage: 'testing', name: 'TestappTesting' },
  { app: 'my-app', stage: 'staging', name: 'MyAppStaging' },
  { app: 'myApp_2', stage: 'production', name: 'MyApp2Production' },
])('$app in $stage is $name', ({ app, stage, name }) => {
  expect(stackName(app, stage)).toBe(name);
});
