import { environment } from '../environment.ts';
import { errors } from '../errors.ts';
import { parse, serialize } from '../vendor/cookie.ts';
import { warnOnce } from './warn-once.ts';

/** The name that Architect's library gives it. */
const cookieName = '_idx';
/** Name and value; browsers ignore a cookie that has more. */
const mostBytes = 4096;
/** Twenty-five years. The session itself may end sooner. */
const longestSeconds = 788_400_000;

/** The value of the session's cookie; of several the last, which is the one of the longest domain. Callers may pass anything. */
export function readCookie(event: unknown): string | undefined {
  const { headers, cookies } = membersOf(event);
  // API Gateway keeps the case in which clients of web sockets write their headers.
  const header = Object.entries(membersOf(headers)).find(([name]) => name.toLowerCase() === 'cookie')?.[1];
  const listed = Array.isArray(cookies) ? cookies.filter((one) => typeof one === 'string').join(';') : '';
  const given = typeof header === 'string' && header !== '' ? header : listed;
  const found = given
    .split(';')
    .map((part) => part.trim())
    .findLast((part) => part.startsWith(`${cookieName}=`));
  return found === undefined ? undefined : parse(found)[cookieName];
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value);
}

/**
 * The `Set-Cookie` header of a session.
 *
 * @throws {SESSION_COOKIE_INVALID} when a variable for it has a value that no cookie can have.
 */
export function formatCookie(value: string): string {
  warnOfSize(value);
  const env = environment();
  const maxAge = Number(env['ARC_SESSION_TTL'] || env['SESSION_TTL'] || longestSeconds);
  const domain = env['ARC_SESSION_DOMAIN'] || env['SESSION_DOMAIN'];
  try {
    return serialize(cookieName, value, {
      maxAge,
      expires: new Date(Date.now() + maxAge * 1000),
      // The sandbox is opened by http:, too.
      secure: env['ARC_ENV'] !== 'testing',
      httpOnly: true,
      path: '/',
      sameSite: toSameSite(env['ARC_SESSION_SAME_SITE'] || 'lax'),
      ...(domain && { domain }),
    });
  } catch (error) {
    throw errors.sessionCookieInvalid(error);
  }
}

function warnOfSize(value: string): void {
  const bytes = `${cookieName}=${value}`.length;
  if (bytes <= mostBytes) return;
  warnOnce(
    'SESSION_TOO_LARGE',
    `A session makes a cookie of ${bytes} bytes, and browsers keep ${mostBytes}. Put less into it, or keep sessions in a table (ARC_SESSION_TABLE_NAME).`,
  );
}

function toSameSite(value: string): 'lax' | 'strict' | 'none' {
  const name = value.toLowerCase();
  if (name === 'lax' || name === 'strict' || name === 'none') return name;
  throw new TypeError(`ARC_SESSION_SAME_SITE is "${value}"; expected lax, strict or none`);
}
