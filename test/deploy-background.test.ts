import { expect, test, vi } from 'vitest';
import { openAwsProject } from './aws/aws-project.ts';
import { emulatorMissing } from './aws/emulator.ts';

const missing = emulatorMissing();
const reason = missing === undefined ? '' : ` (skipped: ${missing})`;

const keeps = (kind: string) => `
const arc = require('@architect/functions');
exports.handler = arc.${kind}.subscribe(async (payload) => {
  const { kept } = await arc.tables();
  await kept.put({ id: '${kind} ' + payload.id });
});`;

const files = {
  'app.arc': `@app
testapp
@http
get /
post /
@events
likes
@queues
orders
mails
  fifo false
@scheduled
daily rate(1 day)
@tables
kept
  id *String
`,
  'src/http/get-index/index.js': `
const arc = require('@architect/functions');
exports.handler = async () => {
  const { kept } = await arc.tables();
  const { Items } = await kept.scan();
  return { statusCode: 200, body: JSON.stringify(Items.map(({ id }) => id).sort()) };
};`,
  'src/http/post-index/index.js': `
const arc = require('@architect/functions');
exports.handler = async () => {
  const sent = [
    await arc.events.publish({ name: 'likes', payload: { id: 'ä & b' } }),
    await arc.queues.publish({ name: 'orders', payload: { id: 'first' } }),
    await arc.queues.publish({ name: 'mails', payload: { id: 'second' } }),
  ];
  const unknown = await arc.events.publish({ name: 'none', payload: {} }).catch((error) => error.code);
  return { statusCode: 200, body: JSON.stringify([...sent.map(({ MessageId }) => typeof MessageId), unknown]) };
};`,
  'src/events/likes/index.js': keeps('events'),
  'src/queues/orders/index.js': keeps('queues'),
  'src/queues/mails/index.js': keeps('queues'),
  'src/scheduled/daily/index.js': 'exports.handler = async () => {};',
};

test.skipIf(missing !== undefined)(
  `@events, @queues and @scheduled on AWS${reason}`,
  async () => {
    await using project = await openAwsProject({ files });
    const { exitCode, output, errors } = await project.quickArc('deploy');
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const url = project.emulator.httpUrl(/https:\/\/(\w+)\./.exec(output)?.[1] ?? '');
    const answer = await fetch(url, { method: 'POST' });
    expect(await answer.json()).toEqual(['string', 'string', 'string', 'EVENT_UNKNOWN']);
    await vi.waitFor(
      async () => {
        const kept = await fetch(url);
        expect(await kept.json()).toEqual(['events ä & b', 'queues first', 'queues second']);
      },
      { timeout: 30_000, interval: 200 },
    );
    const again = await project.quickArc('deploy');
    expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining('Nothing to deploy') });
    await project.folder.write('app.arc', '@app\ntestapp\n@http\nget /\npost /\n@tables\nkept\n  id *String\n');
    expect(await project.quickArc('deploy')).toMatchObject({
      exitCode: 1,
      errors: expect.stringMatching(/^DATA_LOSS .*OrdersQueue|queue orders/s),
    });
  },
  90_000,
);
