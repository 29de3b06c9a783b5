import { describe, expect, test } from 'vitest';
import type { ManagementAnswer } from '@furrow/protocol';
import { openProject, returned, type Files } from './open-project.ts';

const arc = `const arc = require('@architect/functions');\n`;
const gone: ManagementAnswer = { type: 'refused', refusal: 'gone' };
const wait = 'await new Promise((resolve) => setTimeout(resolve, 5));';

/** A handler file of which each line may use `arc`, `event` and `attempt`, which gives an error's name or 'done'. */
function handler(body: string): Files {
  return {
    'src/ws/default/index.js': `${arc}
const attempt = (promise) => promise.then(() => 'done', (error) => error.name);
exports.handler = async (event) => {\n${body}\n};`,
  };
}

describe('a send', () => {
  test('that nobody awaits is delivered', async () => {
    await using project = await openProject({ files: handler(`arc.ws.send({ id: 'c', payload: 'x' });`) });
    expect(await project.invoke()).toEqual(returned(null));
    expect(project.sent).toEqual([{ type: 'send', connectionId: 'c', text: 'x' }]);
  });

  test('that nobody awaits is delivered before the throw that follows it', async () => {
    const body = `arc.ws.send({ id: 'c', payload: 'x'.repeat(100_000) });\nthrow new Error('boom');`;
    await using project = await openProject({ files: handler(body) });
    expect(await project.invoke()).toMatchObject({ type: 'failed', failure: { errorMessage: 'boom' } });
    expect(project.sent.map(({ text }) => text.length)).toEqual([100_000]);
  });

  test.for(['throw new Error("late");', 'process.exit(0);'])('survives an end that follows it: %s', async (end) => {
    const body = `setImmediate(() => {\n  arc.ws.send({ id: 'c', payload: 'late' });\n  ${end}\n});\nreturn 'answered';`;
    await using project = await openProject({ files: handler(body) });
    expect(await project.invoke()).toEqual(returned('answered'));
    await expect.poll(() => project.sent).toEqual([{ type: 'send', connectionId: 'c', text: 'late' }]);
    expect(await project.invoke()).toEqual(returned('answered'));
  });

  test('survives a crash even when the pipe is full', async () => {
    const body = `for (let i = 0; i < 40; i += 1) arc.ws.send({ id: 'c', payload: 'x'.repeat(100_000) });
      process.nextTick(() => { throw new Error('boom'); });\nawait new Promise(() => {});`;
    await using project = await openProject({ files: handler(body) });
    expect(await project.invoke()).toMatchObject({ type: 'failed', failure: { errorMessage: 'boom' } });
    expect(project.sent.length).toBe(40);
  });

  test('keeps its place among others, awaited or not, its own connection or another', async () => {
    const body = `for (let index = 0; index < 100; index += 1) {
        const sending = arc.ws.send({ id: index % 3 === 0 ? 'own' : 'other', payload: String(index) });
        if (index % 10 === 0) await sending;
      }`;
    await using project = await openProject({ files: handler(body) });
    await project.invoke({}, { openConnectionId: 'own' });
    expect(project.sent.map(({ text }) => text)).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  test('keeps its bytes', async () => {
    const text = 'é\u0000𝄞'.repeat(30_000);
    await using project = await openProject({
      files: handler(`await arc.ws.send({ id: event.id, payload: event.text });`),
    });
    await project.invoke({ id: 'c', text });
    expect(project.sent).toEqual([{ type: 'send', connectionId: 'c', text }]);
  });

  test('that is far too long is refused without a frame', async () => {
    const body = `return attempt(arc.ws.send({ id: 'c', payload: 'x'.repeat(9 * 1024 * 1024) }));`;
    await using project = await openProject({ files: handler(body) });
    expect(await project.invoke()).toEqual(returned('PayloadTooLargeException'));
    expect(project.sent).toEqual([]);
  });
});

describe('a send to many', () => {
  test('reaches each of them, and tells who was refused, at once or later', async () => {
    const body = `const { gone, failed } = await arc.ws.send({ id: event.ids, payload: 'é'.repeat(1000) });
      return { gone, failed: failed.map(({ id, error }) => [id, error.name, error.connectionId]) };`;
    const refusals: Readonly<Record<string, ManagementAnswer>> = {
      away: gone,
      slow: { type: 'refused', refusal: 'slow' },
    };
    let isLater = false;
    await using project = await openProject({
      files: handler(body),
      manage({ connectionId }) {
        const answer = refusals[connectionId] ?? { type: 'done' };
        return isLater ? Promise.resolve(answer) : answer;
      },
    });
    const ids = ['a', 'away', 'b', 'slow', 'a', 'away'];
    const told = returned({ gone: ['away', 'away'], failed: [['slow', 'LimitExceededException', 'slow']] });
    expect(await project.invoke({ ids })).toEqual(told);
    isLater = true;
    expect(await project.invoke({ ids })).toEqual(told);
    expect(project.sent).toEqual(
      [...ids, ...ids].map((connectionId) => ({ type: 'send', connectionId, text: 'é'.repeat(1000) })),
    );
  });

  test('keeps its place among others, awaited or not', async () => {
    const body = `for (let index = 0; index < 50; index += 1) {
        arc.ws.send({ id: ['own', 'other'], payload: String(index) });
        const sending = arc.ws.send({ id: 'own', payload: 'to one ' + index });
        if (index % 10 === 0) await sending;
      }`;
    await using project = await openProject({ files: handler(body) });
    await project.invoke({}, { openConnectionId: 'own' });
    const own = project.sent.filter(({ connectionId }) => connectionId === 'own').map(({ text }) => text);
    expect(own).toEqual(Array.from({ length: 50 }, (_, index) => [String(index), `to one ${index}`]).flat());
    expect(project.sent).toHaveLength(150);
  });

  test('in a row, to the same list and to others', async () => {
    const body = `for (const ids of event.lists) arc.ws.send({ id: ids, payload: 'x' });`;
    await using project = await openProject({ files: handler(body) });
    const lists = [
      ['a', 'b'],
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'c'],
      ['c', 'a'],
    ];
    await project.invoke({ lists });
    expect(project.sent.map(({ connectionId }) => connectionId)).toEqual(lists.flat());
  });

  test('of more than fit into one frame', async () => {
    const body = `const ids = Array.from({ length: 25_000 }, (_, index) => 'c' + index);
      return arc.ws.send({ id: ids, payload: 'x' });`;
    await using project = await openProject({
      files: handler(body),
      manage: ({ connectionId }) => (connectionId === 'c24999' ? gone : { type: 'done' }),
    });
    expect(await project.invoke()).toEqual(returned({ gone: ['c24999'], failed: [] }));
    expect(project.sent.map(({ connectionId }) => connectionId)).toEqual(
      Array.from({ length: 25_000 }, (_, index) => `c${index}`),
    );
  });

  test('that is too long rejects, far too long as well', async () => {
    const body = `return attempt(arc.ws.send({ id: ['a', 'b'], payload: 'x'.repeat(event.length) }));`;
    await using project = await openProject({
      files: handler(body),
      manage: () => ({ type: 'refused', refusal: 'tooLarge' }),
    });
    expect(await project.invoke({ length: 200_000 })).toEqual(returned('PayloadTooLargeException'));
    expect(await project.invoke({ length: 9 * 1024 * 1024 })).toEqual(returned('PayloadTooLargeException'));
    expect(project.sent).toHaveLength(2);
  });
});

test('equal payloads one after the other arrive as they are, and as one buffer', async () => {
  const long = 'x'.repeat(200_000);
  const body = `for (const payload of event.payloads) arc.ws.send({ id: 'c', payload });`;
  const buffers: Buffer[] = [];
  await using project = await openProject({
    files: handler(body),
    manage(request) {
      if (request.type === 'send') buffers.push(request.data);
      return { type: 'done' };
    },
  });
  const payloads = ['a', 'a', 'b', 'b', 'a', '', '', long, long, 'b', 'b'];
  await project.invoke({ payloads });
  await project.invoke({ payloads: ['b'] });
  expect(project.sent.map(({ text }) => text)).toEqual([...payloads, 'b']);
  const isSameAsBefore = buffers.map((buffer, index) => buffer === buffers[index - 1]);
  expect(isSameAsBefore).toEqual([false, true, false, true, false, false, true, false, false, false, true, true]);
});

describe('a refusal', () => {
  test.for([
    { refusal: 'gone', name: 'GoneException' },
    { refusal: 'tooLarge', name: 'PayloadTooLargeException' },
    { refusal: 'slow', name: 'LimitExceededException' },
    { refusal: 'invalidId', name: 'BadRequestException' },
  ] as const)('$refusal rejects with $name, answered at once or later', async ({ refusal, name }) => {
    let isLater = false;
    await using project = await openProject({
      files: handler(
        `return [await attempt(arc.ws.send({ id: 'c', payload: 'x' })), await attempt(arc.ws.close({ id: 'c' }))];`,
      ),
      manage() {
        isLater = !isLater;
        return isLater ? { type: 'refused', refusal } : Promise.resolve({ type: 'refused', refusal });
      },
    });
    expect(await project.invoke()).toEqual(returned([name, name]));
  });

  test('that nobody expects fails the event, as on Lambda', async () => {
    await using project = await openProject({
      files: handler(
        `arc.ws.send({ id: 'c', payload: 'x' });\n${wait}\nawait new Promise((done) => setTimeout(done, 500));`,
      ),
      manage: () => gone,
    });
    expect(await project.invoke()).toMatchObject({
      type: 'failed',
      failure: { errorType: 'Runtime.UnhandledPromiseRejection' },
    });
  });
});

test('info answers with what is known', async () => {
  await using project = await openProject({
    files: handler(`return arc.ws.info({ id: 'c' });`),
    manage: () => ({
      type: 'info',
      info: { connectedAt: 'then', lastActiveAt: 'now', identity: { sourceIp: '::1', userAgent: 'é' } },
    }),
  });
  expect(await project.invoke()).toEqual(
    returned({ ConnectedAt: 'then', LastActiveAt: 'now', Identity: { SourceIp: '::1', UserAgent: 'é' } }),
  );
});

describe('what an event sends to its own open connection', () => {
  const own = { openConnectionId: 'own' };
  const send = `await attempt(arc.ws.send({ id: 'own', payload: 'x'.repeat(event.length ?? 1) }))`;

  test('is not confirmed', async () => {
    await using project = await openProject({ files: handler(`return ${send};`), manage: () => gone });
    expect(await project.invoke({}, own)).toEqual(returned('done'));
    expect(project.sent.length).toBe(1);
    // Without the word of the gateway that it is open, it is confirmed.
    expect(await project.invoke()).toEqual(returned('GoneException'));
    expect(await project.invoke({}, { openConnectionId: 'another' })).toEqual(returned('GoneException'));
  });

  test('is confirmed past 64 KB, and not any more in the next event', async () => {
    await using project = await openProject({
      files: handler(`return [${send}, ${send}, ${send}];`),
      manage: () => gone,
    });
    const length = 32 * 1024;
    expect(await project.invoke({ length }, own)).toEqual(returned(['done', 'done', 'GoneException']));
    expect(await project.invoke({}, own)).toEqual(returned(['done', 'done', 'done']));
  });

  test('is confirmed once the gateway says that it has gone', async () => {
    const body = `const before = ${send};\nwhile ((${send}) === 'done') ${wait}\nreturn [before, ${send}];`;
    await using project = await openProject({ files: handler(body), manage: () => gone });
    const running = project.invoke({}, own);
    await expect.poll(() => project.sent.length).toBeGreaterThan(2);
    project.executor.gone('another');
    project.executor.gone('own');
    expect(await running).toEqual(returned(['done', 'GoneException']));
  });

  test('is confirmed after a close', async () => {
    const body = `await attempt(arc.ws.close({ id: 'own' }));\nreturn ${send};`;
    await using project = await openProject({ files: handler(body), manage: () => gone });
    expect(await project.invoke({}, own)).toEqual(returned('GoneException'));
  });

  test('is confirmed after the answer', async () => {
    const body = `setImmediate(async () => console.log(${send}));`;
    await using project = await openProject({ files: handler(body), manage: () => gone });
    await project.invoke({}, own);
    await expect.poll(() => project.output()).toBe('GoneException\n');
  });

  test('is confirmed when the connection has gone before the event began', async () => {
    await using project = await openProject({
      files: handler(`if (event.first) while (${send} === 'done') ${wait}\nreturn ${send};`),
      functions: [{ name: 'ws/default', maxEnvironments: 1 }],
      manage: ({ connectionId }) => (connectionId === 'own' ? gone : { type: 'done' }),
    });
    const first = project.invoke({ first: true }, own);
    const waiting = [project.invoke({}, own), project.invoke({}, { openConnectionId: 'other' })];
    await expect.poll(() => project.sent.length).toBeGreaterThan(1);
    project.executor.gone('own');
    await first;
    expect(await Promise.all(waiting)).toEqual([returned('GoneException'), returned('GoneException')]);
  });

  test('is confirmed in an event that still runs on old code', async () => {
    const old = `if (event.first) while (${send} === 'done') ${wait}\nreturn ${send};`;
    await using project = await openProject({ files: handler(old), manage: () => gone });
    const running = project.invoke({ first: true }, own);
    await expect.poll(() => project.sent.length).toBeGreaterThan(1);
    await project.save(handler(`return ['new', ${send}];`));
    project.executor.gone('own');
    expect(await running).toEqual(returned('GoneException'));
    expect(await project.invoke({}, own)).toEqual(returned(['new', 'done']));
  });
});
