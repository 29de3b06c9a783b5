import { crypto } from './crypto.ts';

/** Ids are 11 bytes in URL-safe base64 with padding: 16 characters (fact B9). */
const idBytes = 11;
const nodeBytes = 3;
const shape = /^[A-Za-z0-9_-]{15}=$/;

const pool = Buffer.alloc(idBytes * 512);
let used = pool.length;

/** Where eleven fresh random bytes end, drawn from a pool so that one call to the kernel serves many ids. */
function draw(): number {
  if (used === pool.length) {
    crypto().randomFillSync(pool);
    used = 0;
  }
  used += idBytes;
  return used;
}

function textUpTo(end: number): string {
  return `${pool.toString('base64url', end - idBytes, end)}=`;
}

/** A `requestId`, `extendedRequestId` or `messageId`: unique and not guessable. */
export function createRequestId(): string {
  return textUpTo(draw());
}

/**
 * A connectionId that names its node: eight random bytes, then the node's three.
 *
 * @param node from 0 to 0xffffff; a lone gateway is node 0.
 */
export function createConnectionId(node: number): string {
  const end = draw();
  pool.writeUIntBE(node, end - nodeBytes, nodeBytes);
  return textUpTo(end);
}

/** Whether a text has the form of an id; anything else is answered 400, not 410 (fact D16). */
export function isConnectionId(text: string): boolean {
  return shape.test(text);
}

/** The node that made a connectionId. */
export function nodeOf(connectionId: string): number {
  return Buffer.from(connectionId, 'base64url').readUIntBE(idBytes - nodeBytes, nodeBytes);
}
