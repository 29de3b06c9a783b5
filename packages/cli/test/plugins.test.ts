import { expect, test } from 'vitest';
import { runArc, startArc } from '../../../test/support/arc.ts';
import { openTemporaryFolder } from '../../../test/support/temporary-folder.ts';

const answering = "exports.handler = async () => ({ statusCode: 200, body: 'hi' });\n";

const files = {
  'app.arc': '@app\nplugged\n@bundles\nx y\n@plugins\nown\n',
  'src/plugins/own.js': `module.exports = {
    set: {
      http: () => ({ method: 'get', path: '/', src: 'node_modules/given/page' }),
      events: () => ({ name: 'likes', src: 'src/likes' }),
      customLambdas: () => ({ name: 'job', src: 'lib/job' }),
    },
    create: { handlers: () => [] },
    hydrate: { copy: () => [] },
  };`,
  // Nobody here can mend it.
  'node_modules/given/page/index.js': `const aws = require('aws-sdk');\n${answering}`,
};

test('arc init makes handlers for the project alone', async () => {
  await using folder = await openTemporaryFolder(files);
  const { exitCode, output, errors } = await runArc(['init'], { cwd: folder.path });
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  expect([...output.matchAll(/^ {2}made {2}(\S+)/gm)].map(([, file]) => file)).toEqual(['src/likes/index.js']);
});

test('arc doctor looks at code of the project alone, and warns of no pragma of a plugin', async () => {
  await using folder = await openTemporaryFolder({
    ...files,
    'src/likes/index.js': answering,
    'lib/job/index.js': answering,
  });
  const { exitCode, output, errors } = await runArc(['doctor'], { cwd: folder.path });
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  expect(output).not.toContain('SDK_');
  expect(output).not.toContain('@bundles');
});

test('arc sandbox names all functions', async () => {
  await using folder = await openTemporaryFolder({
    ...files,
    'node_modules/given/page/index.js': answering,
    'src/likes/index.js': answering,
    'lib/job/index.js': answering,
  });
  await using arc = startArc(['sandbox', '--port', '0'], { cwd: folder.path });
  await expect.poll(arc.output).toContain('3 functions: http get /, event likes, function job');
});

test.for([
  { text: `throw new Error('no licence')`, code: 'MANIFEST_INVALID', words: ['PLUGIN_FAILED', 'no licence', 'own.js'] },
  {
    text: `exports.deploy = { start() { null.x } }`,
    code: 'PLUGIN_FAILED',
    words: ['"own"', 'deploy.start', 'own.js:1:', 'docs/guide/plugins.md'],
  },
  {
    text: `exports.deploy = { async start() { await import('@architect/functions') } }`,
    code: 'PLUGIN_FAILED',
    words: ['deploy.start', '"@furrow/functions"', 'npm install @architect/functions'],
  },
])('$code says which plugin failed, where, and the way out', async ({ text, code, words }) => {
  await using folder = await openTemporaryFolder({
    ...files,
    'app.arc': '@app\nplugged\n@plugins\nown\n@http\nget /\n',
    'src/http/get-index/index.js': answering,
    'src/plugins/own.js': text,
  });
  const { exitCode, errors } = await runArc(['package'], { cwd: folder.path });
  expect(exitCode).toBe(1);
  expect(errors).toContain(code);
  for (const word of words) expect(errors).toContain(word);
});
