import { environment } from '../environment.ts';
import { errors } from '../errors.ts';
import { services } from '../services.ts';
import { createClients } from '../tables/clients.ts';
import type { SessionData } from './middleware-types.ts';

/** A week from each time that a session is kept; then DynamoDB removes it, some hours or days later. */
const lifetimeSeconds = 7 * 24 * 60 * 60;

const { ask } = createClients({ awsjsonMarshall: { removeUndefinedValues: true } });

/** The session that a cookie leads to; a new one, not kept yet, where it leads to none. */
export async function load(table: string, cookie: string | undefined): Promise<SessionData> {
  const id = cookie === undefined ? undefined : unsign(cookie);
  if (id === undefined) return create();
  const output = await ask('GetItem', {
    TableName: await fullName(table),
    ConsistentRead: true,
    Key: { _idx: id },
  });
  const found: SessionData = { ...Object(output['Item']) };
  return found['_secret'] ? found : create();
}

/** Keeps a session; resolves with the value of the cookie that leads to it. */
export async function save(table: string, session: SessionData): Promise<string> {
  const kept: SessionData = { ...create(), ...withoutUndefined(session), _ttl: endsAtSeconds() };
  await ask('PutItem', { TableName: await fullName(table), Item: kept });
  return sign(String(kept['_idx']));
}

function create(): SessionData {
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const random = () => randomBytes(18).toString('base64url');
  return { _idx: random(), _secret: random(), _ttl: endsAtSeconds() };
}

function withoutUndefined(session: SessionData): SessionData {
  return Object.fromEntries(Object.entries(session).filter(([, value]) => value !== undefined));
}

function endsAtSeconds(): number {
  return Math.floor(Date.now() / 1000) + lifetimeSeconds;
}

/** @throws {SESSION_TABLE_MISSING} when the app has no such table, by its short name or by its full one. */
async function fullName(table: string): Promise<string> {
  const { tables } = await services();
  const names: Readonly<Record<string, unknown>> = { ...Object(tables) };
  const found = names[table] ?? Object.values(names).find((name) => name === table);
  if (typeof found !== 'string') throw errors.sessionTableMissing(table);
  return found;
}

function sign(id: string): string {
  const env = environment();
  const secret = env['ARC_APP_SECRET'] || env['ARC_APP_NAME'] || 'fallback';
  const { createHmac } = process.getBuiltinModule('node:crypto');
  return `${id}.${createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')}`;
}

/** The id in a cookie that this app has signed. */
function unsign(cookie: string): string | undefined {
  const id = cookie.slice(0, Math.max(0, cookie.lastIndexOf('.')));
  const expected = Buffer.from(sign(id));
  const given = Buffer.from(cookie);
  const { timingSafeEqual } = process.getBuiltinModule('node:crypto');
  return given.length === expected.length && timingSafeEqual(given, expected) ? id : undefined;
}
