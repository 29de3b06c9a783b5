import { expect, test } from 'vitest';
import { openAwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const files = {
  'app.arc': '@app\ntestapp\n@http\nget /\nput /\n@tables\nrooms\n  id *String\n  stream true\nchanges\n  id *String\n',
  'src/http/put-index/index.js': `
const arc = require('@architect/functions');
exports.handler = async () => {
  const { rooms } = await arc.tables();
  await rooms.put({ id: 'hall', topic: 'tea' });
  await rooms.put({ id: 'hall', topic: 'cake' });
  await rooms.delete({ id: 'hall' });
  return { statusCode: 204 };
};`,
  'src/http/get-index/index.js': `
const arc = require('@architect/functions');
exports.handler = async () => {
  const { changes } = await arc.tables();
  const { Items } = await changes.scan();
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(Items) };
};`,
  'src/tables-streams/rooms/index.js': `
const arc = require('@architect/functions');
exports.handler = async ({ Records }) => {
  const { changes } = await arc.tables();
  for (const { eventName, eventSource, dynamodb: { Keys, OldImage, NewImage } } of Records) {
    const [before, after] = [OldImage, NewImage].map((image) => image?.topic.S ?? 'none');
    await changes.put({ id: eventName, eventSource, room: Keys.id.S, before, after });
  }
};`,
};

test.skipIf(missing !== undefined)(
  `a function runs on the changes of a table on AWS${reason}`,
  async () => {
    await using project = await openAwsProject({ files });
    const { exitCode, output, errors } = await project.quickArc('deploy');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const url = project.emulator.httpUrl(/https:\/\/(\w+)\./.exec(output)?.[1] ?? '');
    expect((await fetch(url, { method: 'PUT' })).status).toBe(204);
    const changes = async () => {
      const found = (await (await fetch(url)).json()) as { id: string }[];
      return found.toSorted((a, b) => a.id.localeCompare(b.id));
    };
    const change = { eventSource: 'aws:dynamodb', room: 'hall' };
    await expect.poll(changes, { timeout: 40_000, interval: 500 }).toEqual([
      { ...change, id: 'INSERT', before: 'none', after: 'tea' },
      { ...change, id: 'MODIFY', before: 'tea', after: 'cake' },
      { ...change, id: 'REMOVE', before: 'cake', after: 'none' },
    ]);
  },
  90_000,
);
