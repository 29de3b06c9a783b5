import { expect, test } from 'vitest';
import { reportedFailure } from './reported-failure.ts';

test.for([
  {
    why: 'what awslambdaric reports',
    body: JSON.stringify({
      errorMessage: 'boom',
      errorType: 'ValueError',
      requestId: 'a',
      stackTrace: ['  File "/var/task/index.py", line 2, in handler\n    raise ValueError("boom")\n'],
    }),
    failure: {
      errorType: 'ValueError',
      errorMessage: 'boom',
      trace: ['  File "/var/task/index.py", line 2, in handler', '    raise ValueError("boom")'],
    },
  },
  {
    why: 'the type in the header alone',
    body: '{"errorMessage":"x"}',
    header: 'Runtime.Bad',
    failure: { errorType: 'Runtime.Bad', errorMessage: 'x', trace: [] },
  },
  { why: 'nothing', body: '', failure: { errorType: 'Runtime.Unknown', errorMessage: '', trace: [] } },
  { why: 'text', body: 'it broke', failure: { errorType: 'Runtime.Unknown', errorMessage: 'it broke', trace: [] } },
  { why: 'JSON of no use', body: '[1]', failure: { errorType: 'Runtime.Unknown', errorMessage: '', trace: [] } },
  {
    why: 'frames as objects, as Go has them',
    body: '{"errorType":"errorString","errorMessage":"x","stackTrace":[{"path":"main.go","line":3,"label":"main"}]}',
    failure: {
      errorType: 'errorString',
      errorMessage: 'x',
      trace: ['    at main (main.go:3)'],
    },
  },
  {
    why: 'fields of other types',
    body: '{"errorType":7,"errorMessage":{"a":1},"stackTrace":"no list"}',
    failure: { errorType: '7', errorMessage: '{"a":1}', trace: [] },
  },
])('$why', ({ body, header, failure }) => {
  expect(reportedFailure(Buffer.from(body), header)).toEqual(failure);
});
