import type { Environment } from '../endpoint.ts';
import { environment } from '../environment.ts';
import { errors } from '../errors.ts';
import { compactDecrypt, CompactEncrypt } from '../vendor/jose.ts';
import type { SessionData } from './middleware-types.ts';
import { warnOnce } from './warn-once.ts';

/** Sessions are good for a week after they were last written. */
const lifetimeSeconds = 7 * 24 * 60 * 60;

/** Ways to encrypt, and the bytes of their keys. */
const keyBytes = { A256GCM: 32, A192GCM: 24, A128GCM: 16 } as const;
type Encryption = keyof typeof keyBytes;

interface Secret {
  readonly encryption: Encryption;
  /** Longer than needed where a token was encrypted in a smaller way than is used now. */
  readonly key: Uint8Array;
}

/** The session as one text: encrypted JSON (RFC 7516), with the time it was made. */
export async function encrypt(session: SessionData): Promise<string> {
  const { encryption, key } = readSecret(environment());
  const payload = { ...session, iat: nowSeconds() };
  return new CompactEncrypt(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'dir', enc: encryption })
    .encrypt(key.subarray(0, keyBytes[encryption]));
}

/** The session that a text holds; an empty one where the text is none of ours, or too old. */
export async function decrypt(token: string): Promise<SessionData> {
  const { key } = readSecret(environment());
  try {
    const { plaintext } = await compactDecrypt(token, ({ enc }) => keyFor(key, enc), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: Object.keys(keyBytes),
    });
    const session: SessionData = JSON.parse(Buffer.from(plaintext).toString());
    return isCurrent(session) ? session : {};
  } catch {
    // A cookie is what a client sends: whatever is wrong with it, it holds no session.
    return {};
  }
}

function keyFor(key: Uint8Array, encryption: string): Uint8Array {
  return key.subarray(0, isEncryption(encryption) ? keyBytes[encryption] : 0);
}

/** An app may end a session sooner, with a time `exp` in it, in seconds. */
function isCurrent({ iat, exp }: SessionData): boolean {
  const madeAt = Number(iat);
  if (!madeAt) return false;
  return Math.min(madeAt + lifetimeSeconds, Number(exp) || Infinity) >= Date.now() / 1000;
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/**
 * What the variables say of the secret, as Architect's library reads them.
 *
 * @throws {SESSION_ALGORITHM_INVALID} when `ARC_APP_SECRET_ALGO` is not one of ours.
 * @throws {SESSION_SECRET_SHORT} when `ARC_APP_SECRET` has fewer characters than the key has bytes.
 */
function readSecret(env: Environment): Secret {
  const encryption = env['ARC_APP_SECRET_ALGO'] || 'A256GCM';
  if (!isEncryption(encryption)) throw errors.sessionAlgorithmInvalid(encryption, Object.keys(keyBytes));
  const secret = env['ARC_APP_SECRET'];
  if (!secret) warnOfNoSecret(env);
  if (env['ARC_FORCE_LEGACY_JWE_SECRET']) return legacySecret(secret);
  const length = keyBytes[encryption];
  if (secret && secret.length < length) throw errors.sessionSecretShort(encryption, length, secret.length);
  return { encryption, key: Buffer.from(secret ? secret.slice(0, length) : knownKey(length)) };
}

/** Versions before 7 took the secret for base64. */
function legacySecret(secret: string | undefined): Secret {
  const key = Buffer.from(secret ?? '', 'base64');
  const length = keyBytes.A128GCM;
  if (secret && key.length < length) throw errors.sessionSecretShort('A128GCM', length, key.length);
  return { encryption: 'A128GCM', key: secret ? key : Buffer.from(knownKey(length)) };
}

/** The key of an app that has no secret: the same in every app, so that stock and ours read each other's. */
function knownKey(length: number): string {
  return '1234567890'.repeat(4).slice(0, length);
}

function isEncryption(name: string): name is Encryption {
  return Object.hasOwn(keyBytes, name);
}

function warnOfNoSecret(env: Environment): void {
  const isDeployed = ['staging', 'production'].includes(env['ARC_ENV'] ?? '') && !env['ARC_SANDBOX'];
  if (!isDeployed) return;
  warnOnce(
    'SESSION_SECRET_MISSING',
    'ARC_APP_SECRET is not set, so anyone can make sessions of this app. Set it with "arc env add ARC_APP_SECRET".',
  );
}
