import { settle, type Callback } from '../callback.ts';
import { environment } from '../environment.ts';
import { errors } from '../errors.ts';
import type { SessionAccess, SessionData, SessionSource } from './middleware-types.ts';

function read(event: SessionSource): Promise<SessionData>;
function read(event: SessionSource, callback: Callback<SessionData>): undefined;
function read(event: SessionSource, callback?: Callback<SessionData>): Promise<SessionData> | undefined {
  return settle(readSession(event), callback);
}

function write(session: SessionData): Promise<string>;
function write(session: SessionData, callback: Callback<string>): undefined;
function write(session: SessionData, callback?: Callback<string>): Promise<string> | undefined {
  return settle(writeSession(session), callback);
}

export const sessionAccess: SessionAccess = { read, write };

/** The session of an event, from its cookie or from the table that the cookie leads to. */
export async function readSession(event: SessionSource): Promise<SessionData> {
  const { readCookie } = await import('./session-cookie.ts');
  const value = readCookie(event);
  const table = tableName();
  if (table !== undefined) return (await import('./session-table.ts')).load(table, value);
  return value === undefined ? {} : (await import('./session-token.ts')).decrypt(value);
}

/** Keeps a session; resolves with the `Set-Cookie` header that leads to it. */
export async function writeSession(session: SessionData): Promise<string> {
  if (typeof session !== 'object' || session === null) throw errors.sessionInvalid(session);
  const { formatCookie } = await import('./session-cookie.ts');
  const table = tableName();
  const keep =
    table === undefined
      ? (await import('./session-token.ts')).encrypt(session)
      : (await import('./session-table.ts')).save(table, session);
  return formatCookie(await keep);
}

/** The table that keeps sessions; `undefined` when they are in the cookie itself. */
function tableName(): string | undefined {
  const names = ['ARC_SESSION_TABLE_NAME', 'SESSION_TABLE_NAME'].map((name) => environment()[name]);
  return names.includes('jwe') ? undefined : names.find(Boolean);
}
