import { expect, test } from 'vitest';
import { accepts } from './content-encoding.ts';

test.for([
  { header: undefined, encoding: 'br', isTaken: false },
  { header: '', encoding: 'br', isTaken: false },
  { header: 'gzip, deflate, br', encoding: 'br', isTaken: true },
  { header: 'GZIP , BR;q=0.2', encoding: 'br', isTaken: true },
  { header: 'br;q=0', encoding: 'br', isTaken: false },
  { header: 'br; q=0.0', encoding: 'br', isTaken: false },
  { header: '*', encoding: 'gzip', isTaken: true },
  { header: '*, gzip;q=0', encoding: 'gzip', isTaken: false },
  { header: '*;q=0', encoding: 'gzip', isTaken: false },
  { header: 'brotli', encoding: 'br', isTaken: false },
])('"$header" takes $encoding: $isTaken', ({ header, encoding, isTaken }) => {
  expect(accepts(header, encoding)).toBe(isTaken);
});
