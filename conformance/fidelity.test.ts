import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '@furrow/protocol';
import { describe, expect, test } from 'vitest';
import { fidelityPage } from './fidelity.ts';
import { rows } from './rows.ts';
import { emulatorGaps } from './targets/emulator-gaps.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const protocol = read('packages/protocol/PROTOCOL.md');

/** T001 to T162. */
const ids = Array.from({ length: 162 }, (_one, index) => `T${String(index + 1).padStart(3, '0')}`);

test('the page is made from the table', async () => {
  await expect(fidelityPage({ rows, emulatorGaps })).toMatchFileSnapshot('../docs/reference/fidelity.md');
});

describe('the table', () => {
  test('has each rule of the checklist once', () => {
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  test('leaves out 15 at most, each with a reason', () => {
    const leftOut = rows.flatMap((row) => ('leftOut' in row ? [row.leftOut] : []));
    expect(leftOut.length).toBeLessThanOrEqual(15);
    expect(leftOut.every((reason) => reason.length > 10)).toBe(true);
  });

  test('knows each rule from somewhere, or calls it ours', () => {
    const unknown = rows.filter(({ source, isOurChoice }) => !isSource(source) && isOurChoice !== true);
    expect(unknown.map(({ id }) => id)).toEqual([]);
  });
});

function isSource(text: string): boolean {
  return /^https:\/\/\S+$/.test(text) || /^observed on AWS, \d{4}(?:-\d{2})?: \S/.test(text);
}

test('the README has its counts', () => {
  const leftOut = rows.filter((row) => 'leftOut' in row).length;
  const counts = `${rows.length - leftOut} of ${rows.length} shown by a test, ${leftOut} not offered`;
  expect(read('README.md')).toContain(counts);
});

describe('PROTOCOL.md', () => {
  const stated = [...protocol.matchAll(/\*\*(T\d{3})\*\*/g)].map((match) => match[1] ?? '');

  test('states each rule once', () => {
    expect(stated.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(ids);
  });

  test.for(rows)('calls $id our choice where the table does', ({ id, isOurChoice }) => {
    const statement = protocol.slice(protocol.indexOf(`**${id}**`)).split(/\n(?=- \*\*T|\n)/, 1)[0] ?? '';
    expect(statement.includes('▶')).toBe(isOurChoice ?? false);
  });

  test.for([
    { what: 'message, either direction', value: `${limits.maxMessageBytes.toLocaleString('en')} bytes` },
    { what: 'URL of a handshake', value: `${limits.maxUrlLength.toLocaleString('en')} characters` },
    { what: 'headers of a handshake', value: `${limits.maxHandshakeHeaderBytes.toLocaleString('en')} bytes` },
    { what: 'silence in both directions', value: `${limits.idleTimeoutMs / 60_000} minutes` },
    { what: 'life of a connection', value: `${limits.connectionLifetimeMs / 3_600_000} hours` },
    { what: 'wait for a handler', value: `${limits.integrationTimeoutMs / 1000} seconds` },
  ])('says the limit of the code: $what', ({ what, value }) => {
    const line = protocol.split('\n').find((each) => each.startsWith(`| ${what}`));
    expect(line).toContain(`| ${value} `);
  });
});
