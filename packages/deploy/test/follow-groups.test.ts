import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentFor } from '../../../test/aws/emulator.ts';
import { answerOf, refusalOf } from '../../../test/aws/answers.ts';
import type { Aws } from '../src/aws/aws.ts';
import { openAws } from '../src/aws/open-aws.ts';
import { followGroups, type FollowOptions } from '../src/operations/follow-groups.ts';

interface Event {
  readonly eventId: string;
  readonly timestamp: number;
  readonly message: string;
}

interface Asked {
  readonly logGroupName: string;
  readonly startTime: number;
  readonly nextToken?: string;
}

/** A CloudWatch that gives few lines a page, and empty pages between them, as the real one does. */
async function openCloudWatch(linesPerPage: number) {
  const groups = new Map<string, Event[]>();
  let onAsked: ((asked: Asked) => void) | undefined;
  let isThrottled: ((asked: Asked) => boolean) | undefined;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = (await json(request)) as Asked;
    onAsked?.(asked);
    if (isThrottled?.(asked) === true) {
      const call = { service: 'CloudWatchLogs', operation: 'FilterLogEvents' };
      const { status, headers, body } = answerOf('CloudWatchLogs', refusalOf('throttled', call));
      return void response.writeHead(status, headers).end(body);
    }
    const { logGroupName, startTime, nextToken = '0' } = asked;
    const events = (groups.get(logGroupName) ?? [])
      .filter(({ timestamp }) => timestamp >= startTime)
      .toSorted((one, other) => one.timestamp - other.timestamp);
    const start = Number.parseInt(nextToken, 10);
    const isEmpty = nextToken.endsWith('e');
    const end = start + (isEmpty ? 0 : linesPerPage);
    const next = end < events.length ? `${end}${isEmpty ? '' : 'e'}` : undefined;
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ events: events.slice(start, end), nextToken: next }));
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: environmentFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    add(group: string, atMs: readonly number[]) {
      const events = groups.get(group) ?? [];
      const added = atMs.map((timestamp, index) => ({
        eventId: `${group}-${events.length + index}`,
        timestamp,
        message: `${group} ${timestamp}`,
      }));
      groups.set(group, [...events, ...added]);
    },
    throttle: (when: (asked: Asked) => boolean) => void (isThrottled = when),
    whenAsked: (listener: (asked: Asked) => void) => void (onAsked = listener),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

let cloudWatch: Awaited<ReturnType<typeof openCloudWatch>>;
let aws: Aws;

beforeEach(async () => {
  cloudWatch = await openCloudWatch(100);
  aws = await openAws({ env: { ...cloudWatch.env, AWS_MAX_ATTEMPTS: '1' } });
});

afterEach(async () => {
  aws[Symbol.dispose]();
  await cloudWatch[Symbol.asyncDispose]();
});

const range = (start: number, end: number) => Array.from({ length: end - start }, (_, index) => start + index);
const groups = ['a', 'b'].map((group) => ({ group, label: group }));

async function follow(options: Partial<FollowOptions>, onText: (text: string) => void = () => {}) {
  const texts: string[] = [];
  let earlier = 0;
  await followGroups(aws.logs, groups, {
    sinceMs: 0,
    most: 1000,
    isFollowing: false,
    pollMs: 1,
    signal: undefined,
    onEarlier: (count) => void (earlier += count),
    onLine({ text }) {
      texts.push(text);
      onText(text);
    },
    ...options,
  });
  return { texts, earlier };
}

test.for([
  { why: 'the newest of both', most: 1000, earlier: 1300 },
  { why: 'all of them', most: Infinity, earlier: 0 },
  { why: 'as many as there are', most: 2300, earlier: 0 },
])('$why, in order, with how many were left out', async ({ most, earlier }) => {
  cloudWatch.add('a', range(0, 2000));
  cloudWatch.add('b', range(1700, 2000));
  const all = [
    ...range(0, 1700).map((atMs) => `a ${atMs}`),
    ...range(1700, 2000).flatMap((atMs) => [`a ${atMs}`, `b ${atMs}`]),
  ];
  expect(await follow({ most })).toEqual({ texts: all.slice(earlier), earlier });
});

test('following loses nothing and repeats nothing, however much comes and however late', async () => {
  cloudWatch.add('a', range(0, 1500));
  const stopping = new AbortController();
  let polls = 0;
  cloudWatch.whenAsked(({ logGroupName, nextToken }) => {
    if (nextToken !== undefined || logGroupName !== 'b') return;
    polls += 1;
    // Much at once, some of it older than what is known, some of one group long behind the other.
    if (polls === 2) cloudWatch.add('a', range(1000, 3500));
    if (polls === 3) cloudWatch.add('b', range(0, 150));
    if (polls === 4) cloudWatch.add('a', [200_000]);
    if (polls === 5) cloudWatch.add('a', [199_000]);
    if (polls === 6) cloudWatch.add('b', [5000]);
    if (polls === 8) stopping.abort();
  });
  const { texts, earlier } = await follow({ isFollowing: true, signal: stopping.signal });
  const expected = [
    ...[...range(500, 1500), ...range(1000, 3500), 199_000, 200_000].map((atMs) => `a ${atMs}`),
    ...[...range(0, 150), 5000].map((atMs) => `b ${atMs}`),
  ];
  expect(earlier).toBe(500);
  expect(texts.toSorted()).toEqual(expected.toSorted());
});

test('a signal ends reading between two pages', async () => {
  cloudWatch.add('a', range(0, 1000));
  const stopping = new AbortController();
  let asked = 0;
  cloudWatch.whenAsked(() => {
    asked += 1;
    if (asked === 3) stopping.abort();
  });
  await follow({ signal: stopping.signal });
  expect(asked).toBeLessThan(6);
});

test('whoever follows is not ended by too many requests, and misses nothing', async () => {
  cloudWatch.add('a', range(0, 1500));
  cloudWatch.add('b', range(0, 150));
  const stopping = new AbortController();
  let polls = 0;
  cloudWatch.whenAsked(({ logGroupName, nextToken }) => {
    if (nextToken !== undefined || logGroupName !== 'b') return;
    polls += 1;
    if (polls === 4) cloudWatch.add('b', [200]);
    if (polls === 6) stopping.abort();
  });
  let asked = 0;
  // The first round of b in its middle, and the third whole.
  cloudWatch.throttle(({ logGroupName, nextToken }) => {
    asked += logGroupName === 'b' ? 1 : 0;
    return logGroupName === 'b' && (polls === 3 || (polls === 1 && nextToken !== undefined));
  });
  const { texts, earlier } = await follow({ isFollowing: true, most: 100, signal: stopping.signal });
  expect(asked).toBeGreaterThan(6);
  expect(earlier).toBe(1400 + 50);
  expect(texts).toEqual([
    ...range(1400, 1500).map((atMs) => `a ${atMs}`),
    ...[...range(50, 150), 200].map((atMs) => `b ${atMs}`),
  ]);
});

test('too many requests end what does not go on', async () => {
  cloudWatch.throttle(() => true);
  await expect(follow({})).rejects.toMatchObject({ code: 'AWS_THROTTLED' });
});

test('another refusal ends also whoever follows', async () => {
  aws[Symbol.dispose]();
  aws = await openAws({ env: { ...cloudWatch.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' } });
  await expect(follow({ isFollowing: true })).rejects.toMatchObject({ code: 'AWS_UNREACHABLE' });
});
