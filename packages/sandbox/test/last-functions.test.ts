import { expect, test } from 'vitest';
import { openConnection } from '../../../test/support/connection.ts';
import { openApp } from './open-app.ts';

const files = {
  'app.arc': '@app\ntestapp\n@ws\n@events\nleft\n@tables\nkept\n  id *String\n',
  'src/ws/default/index.js': 'exports.handler = async () => ({ statusCode: 200 })',
  'src/ws/disconnect/index.js': `const arc = require('@architect/functions');
exports.handler = async () => {
  const { kept } = await arc.tables();
  await kept.put({ id: 'gone' });
  await arc.events.publish({ name: 'left', payload: {} });
  return { statusCode: 200 };
};`,
  'src/events/left/index.js': `const arc = require('@architect/functions');
exports.handler = arc.events.subscribe(async () => {
  const { kept } = await arc.tables();
  console.log(JSON.stringify(await kept.get({ id: 'gone' })));
});`,
};

test(
  'functions that run because the sandbox ends have tables, parameters and topics',
  { timeout: 30_000 },
  async () => {
    await using app = await openApp(files);
    const connection = await openConnection(app.url);
    await app.sandbox.close();
    expect(await connection.closed).toBe(1001);
    const failures = app.events.filter((event) => 'failure' in event && event.failure !== undefined);
    expect(failures).toEqual([]);
    const disconnects = app.events.filter(({ type }) => type === 'disconnect');
    expect(disconnects).toHaveLength(1);
    const printed = app.events.flatMap((event) => (event.type === 'output' ? [event.text.trim()] : []));
    expect(printed).toEqual(['{"id":"gone"}']);
  },
);
