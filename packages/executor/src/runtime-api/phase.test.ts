import { describe, expect, test } from 'vitest';
import { parseCall, step, type Call, type Phase, type Reply } from './phase.ts';

const starting: Phase = { type: 'starting' };
const waiting: Phase = { type: 'waiting' };
const running: Phase = { type: 'running', requestId: 'a' };
const answered: Phase = { type: 'answered', requestId: 'a' };
const failed: Phase = { type: 'failed' };
const next: Call = { type: 'next' };
const initError: Call = { type: 'initError' };
const response = (requestId: string): Call => ({ type: 'response', requestId });
const error = (requestId: string): Call => ({ type: 'error', requestId });

interface Row {
  readonly why: string;
  readonly from: Phase;
  readonly call: Call;
  readonly isTooLarge?: boolean;
  readonly reply: Reply;
  /** @default the same phase */
  readonly to?: Phase;
}

test.for<Row>([
  { why: 'the first question ends the start', from: starting, call: next, reply: 'wait', to: waiting },
  { why: 'a question may be asked again', from: waiting, call: next, reply: 'wait' },
  { why: 'an event has to be answered first', from: running, call: next, reply: 'wrongState' },
  { why: 'after an answer it asks again', from: answered, call: next, reply: 'wait', to: waiting },
  { why: 'who failed to load gets no event', from: failed, call: next, reply: 'wrongState' },
  { why: 'it cannot load', from: starting, call: initError, reply: 'taken', to: failed },
  { why: 'it has loaded already', from: waiting, call: initError, reply: 'wrongState' },
  { why: 'it runs already', from: running, call: initError, reply: 'wrongState' },
  { why: 'it has answered already', from: answered, call: initError, reply: 'wrongState' },
  { why: 'it failed to load before', from: failed, call: initError, reply: 'wrongState' },
  { why: 'its result', from: running, call: response('a'), reply: 'taken', to: answered },
  { why: 'its failure', from: running, call: error('a'), reply: 'taken', to: answered },
  {
    why: 'a result that is too large',
    from: running,
    call: response('a'),
    isTooLarge: true,
    reply: 'tooLarge',
    to: answered,
  },
  { why: 'the result of something else', from: running, call: response('b'), reply: 'wrongId' },
  { why: 'the failure of something else', from: running, call: error('b'), reply: 'wrongId' },
  { why: 'a wrong id, however long', from: running, call: response('b'), isTooLarge: true, reply: 'wrongId' },
  { why: 'a second answer', from: answered, call: response('a'), reply: 'wrongState' },
  { why: 'a failure after the answer', from: answered, call: error('a'), reply: 'wrongState' },
  { why: 'an answer to what it has not got', from: waiting, call: response('a'), reply: 'wrongId' },
  { why: 'an answer before it asks', from: starting, call: error('a'), reply: 'wrongId' },
  { why: 'an answer of one that failed to load', from: failed, call: response('a'), reply: 'wrongId' },
])('$from.type, $call.type: $why', ({ from, call, isTooLarge, reply, to = from }) => {
  expect(step(from, call, isTooLarge)).toEqual({ phase: to, reply });
});

describe('a request', () => {
  const root = '/2018-06-01/runtime';
  test.for<readonly [string, string, Call | 404 | 405]>([
    ['GET', `${root}/invocation/next`, next],
    ['POST', `${root}/invocation/a-1/response`, response('a-1')],
    ['POST', `${root}/invocation/a-1/error`, error('a-1')],
    ['POST', `${root}/init/error`, initError],
    ['POST', `${root}/invocation/next`, 405],
    ['GET', `${root}/invocation/a/response`, 405],
    ['PUT', `${root}/init/error`, 405],
    ['GET', `${root}/invocation/next/`, 404],
    ['POST', `${root}/invocation//response`, 404],
    ['POST', `${root}/invocation/a/b/response`, 404],
    ['GET', `${root}/`, 404],
    ['GET', '/2020-01-01/extension/event/next', 404],
    ['GET', '/invocation/next', 404],
    ['GET', '', 404],
  ])('%s %s', ([method, path, call]) => expect(parseCall(method, path)).toEqual(call));
});
