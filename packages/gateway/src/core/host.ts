import { isIP } from 'node:net';

/**
 * Whether a request's Host is one that this gateway answers to.
 *
 * Pages of other sites can make a browser send requests here under a name of their own that they let point to this
 * machine (DNS rebinding); they cannot do so under a loopback name or an address.
 */
export function isAllowedHost(host: string | undefined, allowed: readonly string[]): boolean {
  const name = hostName(host ?? '');
  if (name === undefined) return false;
  if (isLoopbackName(name) || allowed.includes(name)) return true;
  return allowed.some(isWildcard) && isIP(name) !== 0;
}

/** The name in a Host header, lower-case, without port and brackets; `undefined` when it is not one. */
export function hostName(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

export function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || isLoopbackAddress(name);
}

/** An address as people write it: a socket that listens on IPv6 gives IPv4 ones a longer form. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

export function isLoopbackAddress(address: string): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

/** An address that stands for every network interface. */
export function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}
