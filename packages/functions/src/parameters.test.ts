import { describe, expect, test } from 'vitest';
import { nestParameters, stackPath } from './parameters.ts';

const parameter = (Name: string, Value = 'v') => ({ Name, Value });

describe('names become a tree', () => {
  test.for([
    { why: 'nothing', names: [], services: {} },
    { why: 'two levels', names: ['/Stack/ws/https', '/Stack/ws/wss'], services: { ws: { https: 'v', wss: 'v' } } },
    { why: 'one level', names: ['/Stack/region'], services: { region: 'v' } },
    { why: 'many levels', names: ['/Stack/a/b/c/d'], services: { a: { b: { c: { d: 'v' } } } } },
    { why: 'another stack', names: ['/StackTwo/a', '/Stack/b'], services: { b: 'v' } },
    { why: 'a value before a map of one name', names: ['/Stack/a', '/Stack/a/b'], services: { a: { b: 'v' } } },
    { why: 'a map before a value of one name', names: ['/Stack/a/b', '/Stack/a'], services: { a: { b: 'v' } } },
  ])('$why', ({ names, services }) => {
    expect(
      nestParameters(
        '/Stack',
        names.map((name) => parameter(name)),
      ),
    ).toEqual(services);
  });

  test('a name such as __proto__ is data', () => {
    const services = nestParameters('/Stack', [parameter('/Stack/__proto__/isAdmin')]);
    expect(Object.keys(services)).toEqual(['__proto__']);
    expect('isAdmin' in {}).toBe(false);
  });
});

describe('the path of the stack', () => {
  test.for([
    { env: { ARC_STACK_NAME: 'ChatStaging' }, path: '/ChatStaging' },
    { env: { AWS_CLOUDFORMATION: 'ChatStaging' }, path: '/ChatStaging' },
    { env: { ARC_STACK_NAME: 'One', AWS_CLOUDFORMATION: 'Two' }, path: '/One' },
    { env: { ARC_STACK_NAME: '', AWS_CLOUDFORMATION: 'Two' }, path: '/Two' },
  ])('$env', ({ env, path }) => {
    expect(stackPath(env)).toBe(path);
  });

  test('no name', () => {
    expect(() => stackPath({})).toThrow(expect.objectContaining({ code: 'STACK_NAME_MISSING' }));
  });
});
