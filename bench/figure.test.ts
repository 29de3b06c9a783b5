import { expect, test } from 'vitest';
import { judge, type Bound, type Figure } from './figure.ts';

const figure: Figure = {
  what: 'echo',
  unit: 'messages/s',
  series: [
    { name: 'raw ws', values: [100, 90, 400] },
    { name: 'Furrow', values: [30, 10, 20] },
    { name: 'none yet', values: [] },
  ],
  bounds: [],
  missing: [],
};

test.for<{ why: string; bound: Bound; verdict: ReturnType<typeof judge> }>([
  {
    why: 'a ratio of medians',
    bound: { subject: 'Furrow', against: 'raw ws', atLeast: 0.2 },
    verdict: { value: 20, baseline: 100, ratio: 0.2, isMet: true },
  },
  {
    why: 'a ratio that is too low',
    bound: { subject: 'Furrow', against: 'raw ws', atLeast: 0.25 },
    verdict: { value: 20, baseline: 100, ratio: 0.2, isMet: false },
  },
  { why: 'a value by itself', bound: { subject: 'Furrow', atMost: 20 }, verdict: { value: 20, isMet: true } },
  { why: 'a value that is too high', bound: { subject: 'Furrow', atMost: 19 }, verdict: { value: 20, isMet: false } },
  { why: 'nobody of that name', bound: { subject: 'Furrow', against: 'workerd', atLeast: 1 }, verdict: undefined },
  { why: 'no value', bound: { subject: 'none yet', atMost: 1 }, verdict: undefined },
])('$why', ({ bound, verdict }) => {
  expect(judge(figure, bound)).toEqual(verdict);
});
