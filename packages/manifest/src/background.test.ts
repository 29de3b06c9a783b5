import { describe, expect, test } from 'vitest';
import { interpretManifest } from './manifest.ts';

async function appOf(text: string, config = '') {
  const sourceDir = 'src/queues/jobs';
  const configs = config === '' ? [] : [{ sourceDir, file: `${sourceDir}/config.arc`, text: config }];
  const read = await interpretManifest({ file: 'app.arc', text: `@app\nx\n${text}`, configs });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read;
}

describe('an app', () => {
  test('with events, queues and schedules has a function for each, behind its routes', async () => {
    const { app, problems } = await appOf('@scheduled\ndaily rate(1 day)\n@queues\njobs\n@events\nlikes\n@http\nget /');
    expect(problems).toEqual([]);
    expect(app).toMatchObject({
      events: [{ name: 'likes', functionName: 'events/likes' }],
      queues: [{ name: 'jobs', functionName: 'queues/jobs', isFifo: true, batchSize: 10, batchWindowSeconds: 0 }],
      scheduled: [{ name: 'daily', functionName: 'scheduled/daily', expression: 'rate(1 day)' }],
    });
    expect(app.functions.map(({ name, kind, label, sourceDir }) => [name, kind, label, sourceDir])).toEqual([
      ['http/get-index', 'http', 'get /', 'src/http/get-index'],
      ['events/likes', 'events', 'event likes', 'src/events/likes'],
      ['queues/jobs', 'queues', 'queue jobs', 'src/queues/jobs'],
      ['scheduled/daily', 'scheduled', 'scheduled daily', 'src/scheduled/daily'],
    ]);
  });

  test('that has none says so with empty lists', async () => {
    expect((await appOf('')).app).toMatchObject({ events: [], queues: [], scheduled: [] });
  });

  test.for([
    { text: '@events\nlikes\n  src lib/likes', dir: 'lib/likes' },
    { text: '@queues\njobs\n  src lib/jobs', dir: 'lib/jobs' },
    { text: '@scheduled\ndaily rate(1 day)\n  src lib/daily', dir: 'lib/daily' },
    { text: '@scheduled\ndaily\n  rate 1 day\n  src lib/daily', dir: 'lib/daily' },
  ])('$text', async ({ text, dir }) => {
    expect((await appOf(text)).app.functions[0]?.sourceDir).toBe(dir);
  });
});

describe('an expression', () => {
  test.for([
    ['daily rate(1 day)', 'rate(1 day)'],
    ['daily\n  rate 2 hours', 'rate(2 hours)'],
    ['daily cron(0 15 ? * FRI *)', 'cron(0 15 ? * FRI *)'],
    ['daily\n  cron 0 15 ? * FRI *', 'cron(0 15 ? * FRI *)'],
    ['daily "cron(0 8 ? * 2#1 *)"', 'cron(0 8 ? * 2#1 *)'],
  ])('%s', async ([line, expression]) => {
    expect((await appOf(`@scheduled\n${line}`)).app.scheduled[0]?.expression).toBe(expression);
  });

  test.for([
    ['arc.json', '{"app":"x","scheduled":{"daily":"rate(1 day)","late":{"rate":[2,"days"],"src":"lib/late"}}}'],
    ['arc.yaml', 'app: x\nscheduled:\n  - daily: rate(1 day)\n  - late:\n      rate: [2, days]\n      src: lib/late'],
  ] as const)('in %s', async ([file, text]) => {
    const read = await interpretManifest({ file, text });
    expect(read.problems).toEqual([]);
    expect(read.ok && read.app.scheduled.map(({ expression }) => expression)).toEqual(['rate(1 day)', 'rate(2 days)']);
  });
});

describe('whether a queue is FIFO', () => {
  test.for([
    { text: '@queues\njobs', config: '', isFifo: true },
    { text: '@queues\njobs\n  fifo false', config: '', isFifo: false },
    { text: '@queues\njobs\n@aws\nfifo false', config: '', isFifo: false },
    { text: '@queues\njobs', config: '@aws\nfifo false', isFifo: false },
    { text: '@queues\njobs\n@aws\nfifo false', config: '@aws\nfifo true', isFifo: true },
    { text: '@queues\njobs\n  fifo true', config: '@aws\nfifo false', isFifo: true },
  ])('$text / $config', async ({ text, config, isFifo }) => {
    expect((await appOf(text, config)).app.queues[0]?.isFifo).toBe(isFifo);
  });

  test('is nothing that other functions have', async () => {
    const { app } = await appOf('@queues\njobs\n@events\nlikes\n@aws\nfifo true');
    expect(app.functions.map(({ settings }) => settings.fifo)).toEqual([false, true]);
  });
});

describe('what is wrong', () => {
  test.for([
    { text: '@events\na\na', code: 'BACKGROUND_TWICE 5:1+1', message: '"a" is already declared as event (line 4).' },
    { text: '@events\n"a b"', code: 'BACKGROUND_NAME 4:1+5', message: '"a b" holds " ", which no name may.' },
    { text: '@queues\n../a', code: 'BACKGROUND_NAME 4:1+4', message: expect.stringContaining('two in a row') },
    { text: '@queues\na//b', code: 'BACKGROUND_NAME 4:1+4', message: expect.stringContaining('no') },
    { text: `@events\n${'a'.repeat(241)}`, code: 'BACKGROUND_NAME 4:1+241', message: expect.stringContaining('240') },
    { text: '@events\na lib/a', code: 'BACKGROUND_LINE 4:3+5', message: '"lib/a" does not belong beside "a".' },
    { text: '@queues\na b', code: 'BACKGROUND_LINE 4:3+1', message: '"b" does not belong beside "a".' },
    { text: '@queues\na\n  fiffo true', code: 'SETTING_UNKNOWN 5:3+5', message: expect.stringContaining('"fiffo"') },
    { text: '@events\na\nA', code: 'ROUTE_FOLDER 5:1+1', message: expect.stringContaining('share the folder') },
    { text: '@scheduled\na', code: 'SCHEDULE_EXPRESSION 4:1+1', message: '"a" does not say when it runs.' },
    {
      text: '@scheduled\na rate(1 day)\n  cron 0 0 * * ? *',
      code: 'SCHEDULE_EXPRESSION 5:8+11',
      message: expect.stringMatching(/second expression/),
    },
    {
      text: '@scheduled\na rate(1 days)',
      code: 'SCHEDULE_EXPRESSION 4:3+12',
      message: expect.stringMatching(/the wrong form of "day"/),
    },
    { text: '@scheduled\na\n  rate 1 year', code: 'SCHEDULE_EXPRESSION 5:8+6', message: '"rate(1 year)" is no rate.' },
    {
      text: '@queues\na\n  batchSize 0',
      code: 'SETTING_VALUE 5:13+1',
      message: expect.stringMatching(/cannot be "0"/),
    },
    {
      text: '@queues\na\n  batchSize 11',
      code: 'SETTING_VALUE 5:13+2',
      message: expect.stringMatching(/a FIFO queue gives 10/),
    },
    {
      text: '@queues\na\n  batchWindow 3',
      code: 'SETTING_VALUE 5:15+1',
      message: expect.stringMatching(/fuller batch of a FIFO queue/),
    },
    {
      text: '@queues\na\n  fifo false\n  batchSize 11',
      code: 'SETTING_VALUE 6:13+2',
      message: expect.stringContaining('only waited for with "batchWindow"'),
    },
  ])('$text', async ({ text, code, message }) => {
    const { ok, problems } = await interpretManifest({ file: 'app.arc', text: `@app\nx\n${text}` });
    expect(ok).toBe(false);
    expect(problems.map((one) => `${one.code} ${one.line}:${one.column}+${one.length}`)).toEqual([code]);
    expect(problems[0]?.message).toEqual(message);
  });

  test('fifo of a function that has no queue', async () => {
    const sourceDir = 'src/events/likes';
    const configs = [{ sourceDir, file: `${sourceDir}/config.arc`, text: '@aws\nfifo true' }];
    const { problems } = await interpretManifest({ file: 'app.arc', text: '@app\nx\n@events\nlikes', configs });
    expect(problems).toMatchObject([
      { code: 'SETTING_PLACE', message: '"fifo" is for queues, and "event likes" is none.' },
    ]);
  });

  test('a batch is judged by what the config file says', async () => {
    const text = '@queues\njobs\n  batchSize 100\n  batchWindow 5';
    const { app } = await appOf(text, '@aws\nfifo false');
    expect(app.queues).toMatchObject([{ isFifo: false, batchSize: 100, batchWindowSeconds: 5 }]);
    await expect(appOf(text)).rejects.toThrow(/SETTING_VALUE.*SETTING_VALUE/);
  });
});
