import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { notOffered } from './not-offered.ts';

/** As JavaScript sees it: the real type forbids every use. */
interface Untyped {
  (...input: unknown[]): unknown;
  readonly publish: (input: object) => unknown;
}

const events: Untyped = Object.assign(notOffered('events'));

describe('a use', () => {
  test.for([
    { why: 'a call', use: () => events() },
    { why: 'a read', use: () => events.publish({}) },
  ])('$why throws', ({ use }) => {
    expect(use).toThrow(
      expect.objectContaining({
        code: 'NOT_OFFERED_YET',
        message: expect.stringMatching(/^arc\.events is not offered yet.*npm install @architect\/functions/),
      }),
    );
  });
});

describe('no use', () => {
  test('printing', () => {
    expect(inspect({ events })).toContain('events');
  });

  test('awaiting', async () => {
    await expect(Promise.resolve(events)).resolves.toBe(events);
  });
});
