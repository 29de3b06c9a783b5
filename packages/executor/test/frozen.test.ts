import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { limits } from '@furrow/protocol';
import {
  failureOf,
  isAlive,
  openProject,
  returned,
  seenIn,
  valueOf,
  type Files,
  type Project,
} from './open-project.ts';

const file = 'src/ws/default/index.js';
const arc = `const arc = require('@architect/functions');\n`;
/** Another handler, whose event takes far longer than what handlers here leave behind. */
const clock: Files = {
  'src/ws/clock/index.js': 'exports.handler = () => new Promise((resolve) => setTimeout(resolve, 100, {}));',
};
const handler = (body: string): Files => ({
  ...clock,
  [file]: `${arc}let count = 0;\nexports.handler = async (event) => {\ncount += 1;\n${body}\n};`,
});
/** Sends late, and says when it has. */
const sendsLate = handler(
  `setTimeout(() => arc.ws.send({ id: 'c', payload: 'late ' + count }), 5);\nreturn { pid: process.pid, count };`,
);
const functions = [{ name: 'ws/default' }, { name: 'ws/clock' }];
const afterwards = (project: Project) => project.invoke({}, { name: 'ws/clock' });

describe('T149 a timer that sends and was not awaited', () => {
  test('goes off when it is due, and is spoken of once', async () => {
    await using project = await openProject({ files: sendsLate });
    await project.invoke();
    await expect.poll(() => project.sent.map(({ text }) => text)).toEqual(['late 1']);
    await project.invoke();
    await expect.poll(() => project.sent.map(({ text }) => text)).toEqual(['late 1', 'late 2']);
    await project.invoke();
    expect(project.left()).toEqual([`ws/default setTimeout ${file}:5`]);
  });

  test('waits for the next event when handlers are frozen', async () => {
    await using project = await openProject({ files: sendsLate, functions, isStrict: true });
    const first = seenIn(await project.invoke());
    await afterwards(project);
    expect(project.sent).toEqual([]);
    await expect.poll(project.left).toEqual([`ws/default setTimeout ${file}:5`]);
    expect(seenIn(await project.invoke())).toEqual({ pid: first.pid, count: 2 });
    expect(project.sent.map(({ text }) => text)).toEqual(['late 1']);
    await afterwards(project);
    expect(project.sent.length).toBe(1);
  });
});

describe('a frozen process', () => {
  test('has said all that was printed and sent before', async () => {
    await using project = await openProject({
      files: handler(
        `for (let line = 0; line < 1000; line += 1) console.log(String(line).repeat(100));
        arc.ws.send({ id: 'c', payload: 'x'.repeat(100_000) });
        setImmediate(() => arc.ws.send({ id: 'c', payload: 'last' }));
        return 'x'.repeat(${limits.maxResultBytes - 2});`,
      ),
      isStrict: true,
    });
    expect(String(valueOf(await project.invoke())).length).toBe(limits.maxResultBytes - 2);
    await expect.poll(() => project.sent.map(({ text }) => text.length)).toEqual([100_000, 4]);
    expect(project.output().split('\n').length).toBe(1001);
  });

  test('goes on where it was: promises, requests and what is read of them', async () => {
    await using project = await openProject({
      files: handler(
        `globalThis.steps ??= [];
        if (count === 1) (async () => {
          for (let step = 0; step < 3; step += 1) {
            await require('node:fs/promises').readFile(__filename);
            steps.push(step);
          }
        })();
        else while (steps.length < 3) await new Promise(setImmediate);
        return [...steps];`,
      ),
      functions,
      isStrict: true,
    });
    expect(valueOf(await project.invoke())).toEqual([]);
    await afterwards(project);
    expect(valueOf(await project.invoke())).toEqual([0, 1, 2]);
  });

  test('starts frozen: what the load began goes on with the first event', async () => {
    await using project = await openProject({
      files: {
        ...clock,
        [file]: `setInterval(() => console.log('tick'), 10);\nexports.handler = async () => process.pid;`,
      },
      functions,
      isStrict: true,
    });
    // A second process starts for the second event, and may be ready when the first one has run it.
    await Promise.all([project.invoke(), project.invoke()]);
    const before = project.output();
    await afterwards(project);
    expect(project.output()).toBe(before);
  });

  test('takes event after event, several processes at once', async () => {
    await using project = await openProject({
      files: handler(`await new Promise((resolve) => setTimeout(resolve, event.waitMs)); return event.word;`),
      isStrict: true,
    });
    const words = Array.from({ length: 200 }, (_, index) => index);
    const outcomes = await Promise.all(words.map((word) => project.invoke({ word, waitMs: word % 3 })));
    expect(outcomes).toEqual(words.map(returned));
    for (const word of words.slice(0, 20)) {
      // oxlint-disable-next-line no-await-in-loop -- so that it freezes in between
      expect(await project.invoke({ word, waitMs: 0 })).toEqual(returned(word));
    }
    expect(project.left()).toEqual([]);
  });

  test.for<{ why: string; body: string; errorType: string; timeoutMs?: number }>([
    { why: 'throws', body: `throw new Error('boom');`, errorType: 'Error' },
    { why: 'never settles', body: `await new Promise(() => {});`, errorType: 'Runtime.NodeJsExit' },
    { why: 'takes too long', body: `for (;;);`, errorType: 'Sandbox.Timedout', timeoutMs: 300 },
    { why: 'exits', body: `process.exit(1);`, errorType: 'Runtime.ExitError' },
  ])('takes an event after one that $why', async ({ body, errorType, timeoutMs = 20_000 }) => {
    await using project = await openProject({
      files: handler(`if (event.bad) { ${body} } return 'fine';`),
      functions: [{ name: 'ws/default', timeoutMs, maxEnvironments: 1 }],
      isStrict: true,
    });
    expect(await project.invoke()).toEqual(returned('fine'));
    const [bad, next] = await Promise.all([project.invoke({ bad: true }), project.invoke()]);
    expect(failureOf(bad).errorType).toBe(errorType);
    expect(next).toEqual(returned('fine'));
  });

  test('works when the handler has closed what wakes it; then it is not held back', async () => {
    await using project = await openProject({
      files: handler(`if (count === 1) require('node:fs').closeSync(4); return count;`),
      isStrict: true,
    });
    expect(await project.invoke()).toEqual(returned(1));
    expect(await project.invoke()).toEqual(returned(2));
  });

  test('is replaced on save; what it left is never done', async () => {
    await using project = await openProject({ files: sendsLate, functions, isStrict: true });
    const { pid } = seenIn(await project.invoke());
    await afterwards(project);
    await project.save({ [file]: `exports.handler = async () => 'new';` });
    expect(await project.invoke()).toEqual(returned('new'));
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect(project.sent).toEqual([]);
  });

  test('ends when the executor closes; what it left is never done', async () => {
    await using project = await openProject({ files: sendsLate, functions, isStrict: true });
    const { pid } = seenIn(await project.invoke());
    await project.executor.close();
    expect(isAlive(pid)).toBe(false);
    expect(project.sent).toEqual([]);
  });

  test('ends when the process that held it is killed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'furrow-orphan-'));
    const script = join(dir, 'hold.mts');
    await writeFile(script, holder(dir));
    const args = ['--conditions=@furrow/source', '--import', import.meta.resolve('tsx'), script];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: import.meta.dirname });
    const pids: number[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      pids.push(Number(line));
      if (pids.length === 2) break;
    }
    expect(pids.map(isAlive)).toEqual([true, true]);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
    await rm(dir, { recursive: true, force: true });
  });
});

/** A program that runs an event in each of two functions, prints their processes, and waits. */
function holder(projectDir: string): string {
  return `
    import { mkdirSync, writeFileSync } from 'node:fs';
    import { openExecutor } from ${JSON.stringify(join(import.meta.dirname, '..', 'src', 'index.ts'))};
    const projectDir = ${JSON.stringify(projectDir)};
    const functions = ['ws/one', 'ws/two'].map((name) => {
      const sourceDir = projectDir + '/src/' + name;
      mkdirSync(sourceDir, { recursive: true });
      writeFileSync(sourceDir + '/index.js', 'exports.handler = async () => { setInterval(() => {}, 10); return process.pid; };');
      return { name, kind: 'ws', label: name, sourceDir, handler: 'index.handler', timeoutMs: 5000, memoryMegabytes: 1152, maxEnvironments: 1, env: {} };
    });
    const executor = await openExecutor({
      projectDir, functions, processEnv: {}, isStrict: true, manage: () => ({ type: 'done' }), onEvent: () => {},
    });
    for (const { name } of functions) {
      const outcome = await executor.invoke({ functionName: name, event: '{}' });
      console.log(outcome.value);
    }
    setInterval(() => {}, 60_000);
  `;
}
