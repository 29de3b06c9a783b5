import { expect, test } from 'vitest';
import { shippedSourceMap, shippedSourceName } from './shipped-source-map.ts';

const projectDir = '/home/me/app';

test.for([
  { file: '/home/me/app/src/ws/default/index.js', name: 'src/ws/default/index.js' },
  { file: '/home/me/app/src/ws/default/furrow-entry.js', name: 'furrow/entry.js' },
  { file: '/home/me/app/node_modules/ws/lib/sender.js', name: 'node_modules/ws/lib/sender.js' },
  { file: '/home/me/app/node_modules/a/node_modules/@b/c/d.js', name: 'node_modules/@b/c/d.js' },
  { file: '/home/me/node_modules/ws/lib/sender.js', name: 'node_modules/ws/lib/sender.js' },
  { file: '/home/me/app/node_modules/@furrow/functions/dist/esm/ws.js', name: 'furrow/functions/ws.js' },
  {
    file: '/usr/lib/node_modules/@furrow/executor/dist/esm/entry/handler.js',
    name: 'furrow/executor/entry/handler.js',
  },
  { file: '/home/me/app/node_modules/@furrow/protocol/src/limits.ts', name: 'furrow/protocol/limits.ts' },
  { file: import.meta.filename, name: 'furrow/executor/shipped-source-map.test.ts' },
  { file: '/home/somebody/elses/machine/file.ts', name: 'outside/file.ts' },
])('$file is $name', ({ file, name }) => {
  expect(shippedSourceName(file, projectDir)).toBe(name);
});

test('a project below a folder called node_modules is a project', () => {
  expect(shippedSourceName('/node_modules/app/src/a.js', '/node_modules/app')).toBe('src/a.js');
});

test('a map keeps all but the names of its sources', () => {
  const map = {
    version: 3,
    sources: ['../../src/a.js', '../../../node_modules/b/c.js'],
    names: ['x'],
    mappings: 'AAAA',
  };
  const shipped = shippedSourceMap(JSON.stringify(map), { projectDir, mapDir: `${projectDir}/.furrow/package` });
  expect(JSON.parse(shipped)).toEqual({ ...map, sources: ['src/a.js', 'node_modules/b/c.js'] });
});
