import { existsSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { limits } from '@furrow/protocol';
import { createMovableClock } from '../../../test/support/movable-clock.ts';
import {
  failureOf,
  isAlive,
  openProject,
  returned,
  seenIn,
  valueOf,
  type Project,
  type ProjectOptions,
} from './open-project.ts';

/** A Python that has awslambdaric; CONTRIBUTING.md says how to make it. */
const venv = join(import.meta.dirname, '..', '..', '..', '.cache', 'aws', 'venv');
const hasClient = (await readdir(join(venv, 'lib')).catch(() => [])).some((version) =>
  existsSync(join(venv, 'lib', version, 'site-packages', 'awslambdaric')),
);
const reason = hasClient ? '' : ' (skipped: no awslambdaric in .cache/aws/venv, see CONTRIBUTING.md)';

/** A function in Python: its folder has `index.py`. */
function inPython(name: string, options: object = {}) {
  return { name, runtime: 'python3.13', env: {}, ...options };
}

const rows = [
  {
    why: 'raises an error',
    bad: `raise ValueError('boom')`,
    failure: {
      errorType: 'ValueError',
      errorMessage: 'boom',
      trace: expect.arrayContaining([expect.stringContaining('index.py')]),
    },
    log: 'ValueError: boom',
  },
  {
    why: 'returns what is no JSON',
    bad: 'return {1, 2}',
    failure: { errorType: 'Runtime.MarshalError', errorMessage: expect.stringContaining('not JSON serializable') },
  },
  {
    why: 'returns more than Lambda takes',
    bad: `return 'x' * ${limits.maxResultBytes - 1}`,
    failure: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    },
  },
  {
    why: 'takes too long',
    bad: 'time.sleep(60)',
    failure: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 0.40 seconds'),
    },
  },
  {
    why: 'loops without end',
    bad: `print('last words')\n        while True: pass`,
    failure: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('after 0.40 seconds') },
    log: 'last words\n',
  },
  {
    why: 'holds more memory than it may',
    bad: `kept = b'x' * (200 * 1024 * 1024)\n        while True: pass`,
    settings: { memoryMegabytes: 128, timeoutMs: 5000 },
    failure: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: killed$/),
    },
  },
  {
    why: 'exits',
    bad: 'sys.exit(3)',
    failure: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: exit status 3$/),
    },
  },
  {
    why: 'exits without a status, and without a word',
    bad: 'os._exit(0)',
    failure: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited without providing a reason$/),
    },
  },
  {
    why: 'aborts',
    bad: 'os.abort()',
    failure: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: aborted$/),
    },
  },
  {
    why: 'kills its own process',
    bad: 'os.kill(os.getpid(), 9)',
    failure: { errorType: 'Runtime.ExitError', errorMessage: expect.stringMatching(/signal: killed$/) },
  },
] as const;

const badly = (bad: string) => `import os, sys, time
def handler(event, context):
    if event.get('bad'):
        ${bad}
    return 'fine'
`;

/** A project that has a virtual environment with awslambdaric. */
async function openPython(options: ProjectOptions): Promise<Project> {
  const project = await openProject(options);
  await symlink(venv, project.path('.venv'));
  await project.executor.ready;
  return project;
}

describe.runIf(hasClient).for([false, true])('a Python handler, frozen between events: %s, that', (isStrict) => {
  let project: Project;
  beforeAll(async () => {
    project = await openPython({
      files: Object.fromEntries(rows.map(({ bad }, index) => [`src/ws/f${index}/index.py`, badly(bad)])),
      functions: rows.map((row, index) => {
        const settings = 'settings' in row ? row.settings : {};
        return inPython(`ws/f${index}`, { timeoutMs: 400, maxEnvironments: 1, ...settings });
      }),
      isStrict,
    });
  });
  afterAll(() => project[Symbol.asyncDispose]());

  test.for(rows.map((row, index) => ({ log: '', ...row, name: `ws/f${index}` })))(
    '$why fails alone',
    async ({ name, failure, log }) => {
      expect(await project.invoke({}, { name })).toEqual(returned('fine'));
      const [outcome, next] = await Promise.all([
        project.invoke({ bad: true }, { name }),
        project.invoke({}, { name }),
      ]);
      expect(outcome).toMatchObject({ type: 'failed', failure });
      expect(next).toEqual(returned('fine'));
      expect(await project.invoke({}, { name })).toEqual(returned('fine'));
      await expect.poll(() => project.output(name)).toContain(log);
    },
  );
});

const file = 'src/ws/default/index.py';
const seen = (word: string) => `import os
count = 0
def handler(event, context):
    global count
    count += 1
    return {'pid': os.getpid(), 'count': count, 'word': '${word}'}
`;

const slow = (word: string) => `import time
def handler(event, context):
    print('begun', flush=True)
    time.sleep(event['s'])
    import helper
    return '${word} ' + helper.word
`;
describe.runIf(hasClient)(`a function in Python${reason}`, () => {
  test('keeps its globals from one event to the next, and one save replaces it', async () => {
    await using project = await openPython({ files: { [file]: seen('old') }, functions: [inPython('ws/default')] });
    const first = seenIn(await project.invoke());
    expect(seenIn(await project.invoke())).toEqual({ pid: first.pid, count: 2, word: 'old' });
    const [report] = await project.save({ [file]: seen('new') });
    expect(report).toMatchObject({ hasChanged: true, isServing: true });
    expect(seenIn(await project.invoke())).toMatchObject({ count: 1, word: 'new' });
    await expect.poll(() => isAlive(first.pid)).toBe(false);
    const [again] = await project.save({ [file]: seen('new') });
    expect(again?.hasChanged).toBe(false);
  });

  test('ends the running event on the old code', async () => {
    const files = { [file]: slow('old'), 'src/ws/default/helper.py': "word = 'old'" };
    await using project = await openPython({ files, functions: [inPython('ws/default')] });
    await project.invoke({ s: 0 });
    const running = project.invoke({ s: 0.5 });
    await expect.poll(() => project.output()).toBe('begun\nbegun\n');
    await project.save({ [file]: slow('new'), 'src/ws/default/helper.py': "word = 'new'" });
    expect(await running).toEqual(returned('old old'));
    expect(await project.invoke({ s: 0 })).toEqual(returned('new new'));
  });

  test('has its context, its variables, its folder and its packages', async () => {
    const code = `import json, os, sys
import below, common
def handler(event, context):
    print('out'); print('err', file=sys.stderr)
    return {
        'event': event, 'words': [below.word, common.word], 'cwd': os.getcwd() == os.environ['LAMBDA_TASK_ROOT'],
        'handler': os.environ['_HANDLER'], 'own': os.environ['OWN'], 'name': context.function_name,
        'arn': context.invoked_function_arn, 'memory': context.memory_limit_in_mb,
        'left': 0 < context.get_remaining_time_in_millis() <= 5000, 'id': len(context.aws_request_id),
        'text': open('data.txt').read(), 'bytecode': sys.flags.dont_write_bytecode,
    }
`;
    await using project = await openPython({
      files: {
        'src/ws/default/lib/main.py': code,
        'src/ws/default/data.txt': 'é',
        'src/ws/default/vendor/below.py': "word = 'vendor'",
        'src/ws/default/vendor/shared/common.py': "word = 'shared'",
      },
      functions: [
        inPython('ws/default', {
          handler: 'lib/main.handler',
          env: { OWN: 'x', AWS_LAMBDA_FUNCTION_NAME: 'fn', AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256', LANG: 'C.UTF-8' },
        }),
      ],
    });
    expect(valueOf(await project.invoke({ a: 'ü' }))).toMatchObject({
      event: { a: 'ü' },
      words: ['vendor', 'shared'],
      cwd: true,
      handler: 'lib/main.handler',
      own: 'x',
      name: 'fn',
      arn: 'arn:aws:lambda:us-west-2:123456789012:function:fn',
      memory: '256',
      left: true,
      id: 36,
      text: 'é',
    });
    await expect.poll(() => project.output()).toContain('out\n');
    await expect.poll(() => project.output()).toContain('!err\n');
  });

  test('of a version that is not here runs on another, which is said once', async () => {
    const functions = [
      inPython('ws/default', { runtime: 'python3.99' }),
      inPython('ws/two', { runtime: 'python3.99' }),
    ];
    await using project = await openPython({
      files: { [file]: seen('a'), 'src/ws/two/index.py': seen('b') },
      functions,
    });
    await Promise.all([project.invoke(), project.invoke({}, { name: 'ws/two' })]);
    expect(project.events.filter(({ type }) => type === 'notice')).toEqual([
      {
        type: 'notice',
        atMs: expect.any(Number),
        text: expect.stringMatching(/^python3\.99 is not here: its functions run on Python 3\.\d+\.$/),
      },
    ]);
  });

  test('that ends between two events is replaced, and that is said', async () => {
    const code = `import os, threading
count = 0
def handler(event, context):
    global count
    count += 1
    if event.get('bad'): threading.Timer(0.05, lambda: os._exit(7)).start()
    return {'pid': os.getpid(), 'count': count}
`;
    await using project = await openPython({ files: { [file]: code }, functions: [inPython('ws/default')] });
    const first = seenIn(await project.invoke({ bad: true }));
    await expect
      .poll(project.stray)
      .toMatchObject([{ errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 7' }]);
    expect(seenIn(await project.invoke()).pid).not.toBe(first.pid);
  });

  test('stands still between two events when handlers are frozen', async () => {
    const later = `import threading
def handler(event, context):
    if event.get('later'): threading.Timer(0.05, lambda: print('late', flush=True)).start()
`;
    const clock = `import time
def handler(event, context):
    time.sleep(event['s'])
`;
    await using project = await openPython({
      files: { [file]: later, 'src/ws/clock/index.py': clock },
      functions: [inPython('ws/default'), inPython('ws/clock')],
      isStrict: true,
    });
    await project.invoke({ later: true });
    await project.invoke({ s: 0.3 }, { name: 'ws/clock' });
    expect(project.output('ws/default')).toBe('');
    await project.invoke();
    await expect
      .poll(async () => {
        await project.invoke();
        return project.output('ws/default');
      })
      .toBe('late\n');
  });

  test.for([
    {
      why: 'has no such function',
      code: 'def handle(event, context): pass',
      failure: { errorType: 'Runtime.HandlerNotFound', errorMessage: "Handler 'handler' missing on module 'index'" },
    },
    {
      why: 'imports what is not there',
      code: 'import nowhere',
      failure: {
        errorType: 'Runtime.ImportModuleError',
        errorMessage: "Unable to import module 'index': No module named 'nowhere'",
      },
    },
    {
      why: 'is no Python',
      code: 'def handler(:',
      failure: { errorType: 'Runtime.UserCodeSyntaxError', errorMessage: expect.stringContaining("module 'index'") },
    },
    {
      why: 'raises',
      code: "raise ValueError('at load')",
      failure: { errorType: 'ValueError', errorMessage: 'at load' },
    },
    {
      why: 'exits',
      code: 'import os; os._exit(3)',
      failure: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with error: exit status 3' },
    },
  ])('whose module $why fails for each event until it is mended', async ({ code, failure }) => {
    await using project = await openPython({ files: { [file]: code }, functions: [inPython('ws/default')] });
    for (const outcome of await Promise.all([project.invoke(), project.invoke()])) {
      expect(outcome).toMatchObject({ type: 'failed', failure });
    }
    await project.save({ [file]: seen('mended') });
    expect(seenIn(await project.invoke()).word).toBe('mended');
  });

  test('that has not loaded after ten seconds is given up', async () => {
    const clock = createMovableClock();
    await using project = await openPython({
      files: { [file]: `import time\nprint('loads', flush=True)\ntime.sleep(60)` },
      functions: [inPython('ws/default', { maxEnvironments: 1 })],
      clock,
    });
    const outcome = project.invoke();
    await expect.poll(() => project.output()).toBe('loads\n');
    clock.advance(10_000);
    expect(failureOf(await outcome)).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'Loading timed out after 10.00 seconds',
    });
  });
});

/** Says what a Python would, or that there is none. */
const fake = (answer: string) => `#!/bin/sh\n${answer}\n`;

describe('a function in Python that cannot be run', () => {
  test('lacks its file', async () => {
    await using project = await openProject({
      files: { 'src/ws/default/other.py': '' },
      functions: [inPython('ws/default')],
    });
    const [report] = await project.executor.ready;
    expect(report).toMatchObject({ isMissing: true, isServing: false });
    expect(failureOf(await project.invoke())).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringMatching(
        /^"ws\/default" has no handler: looked for index\.py in .*\. Run "arc init" to create it\.$/,
      ),
    });
  });

  test.for([
    {
      why: 'awslambdaric is not installed',
      answer: 'echo "$0"; echo 3.13; echo False',
      failure: {
        errorType: 'Runtime.InvalidRuntime',
        errorMessage: expect.stringMatching(
          /^(.*\/python) cannot import awslambdaric, .* Run "\1 -m pip install awslambdaric"\.$/,
        ),
      },
    },
    {
      why: 'the Python found goes away',
      answer: 'echo /nowhere/python; echo 3.13; echo True',
      failure: {
        errorType: 'Runtime.InvalidEntrypoint',
        errorMessage: expect.stringContaining('"/nowhere/python" does not start'),
      },
    },
  ])('because $why', async ({ answer, failure }) => {
    await using project = await openProject({ files: { [file]: seen('a') }, functions: [inPython('ws/default')] });
    const program = project.path('.venv/bin/python');
    await mkdir(dirname(program), { recursive: true });
    await writeFile(program, fake(answer), { mode: 0o755 });
    expect(failureOf(await project.invoke())).toMatchObject(failure);
  });
});
