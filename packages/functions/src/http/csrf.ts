import { environment } from '../environment.ts';
import type { Csrf } from './middleware-types.ts';

const lifetimeMs = 5 * 60_000;

const create: Csrf['create'] = (data, expiresAtMs) => {
  const { createHmac, randomUUID } = process.getBuiltinModule('node:crypto');
  const env = environment();
  const secret = env['ARC_APP_SECRET'] || env['ARC_APP_NAME'] || 'fallback';
  const signed = data || randomUUID().replaceAll('-', '');
  const signature = createHmac('sha256', secret).update(signed).digest('hex');
  return `${String(signed)}.${expiresAtMs || Date.now() + lifetimeMs}.${signature}`;
};

/** Callers without types may pass what a form lacks. */
const verify = (token: unknown): boolean => {
  if (typeof token !== 'string') return false;
  const [data = '', expiresAtMs = '', signature = ''] = token.split('.');
  // What is no time would never be over.
  if (data === '' || !(Number(expiresAtMs) >= Date.now())) return false;
  const expected = Buffer.from(create(data, expiresAtMs).split('.').at(-1) ?? '');
  const given = Buffer.from(signature);
  return given.length === expected.length && process.getBuiltinModule('node:crypto').timingSafeEqual(given, expected);
};

export const csrf: Csrf = { create, verify };
