/** The parts of a request that say whether it is one that this server can take. */
export interface RequestForm {
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
}

/** Far more than anybody sends, and few enough to look at in a moment. */
export const maxHeaders = 1000;

/** The status for a request that is refused for its form; `undefined` when it is fine. */
export function refusedForm({ httpVersion, rawHeaders }: RequestForm): number | undefined {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 400;
  if (rawHeaders.length > 2 * maxHeaders) return 431;
  // Whoever forwards such a request could take the other one for its host (RFC 9112, section 3.2).
  return countHosts(rawHeaders) > 1 ? 400 : undefined;
}

/**
 * The same for a handshake: it is HTTP/1.1 (RFC 6455, section 4.1), and has no body, which would be taken for frames.
 */
export function refusedHandshakeForm(request: RequestForm): number | undefined {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  const isHandshake = request.httpVersion === '1.1' && encoding === undefined && Number(length) === 0;
  return isHandshake ? refusedForm(request) : (refusedForm(request) ?? 400);
}

function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

/** Headers that belong to an upgrade and to nothing else. */
const upgradeHeaders = new Set(['upgrade', 'http2-settings']);

/** Whether a request asks for HTTP/2, which clients do that would take HTTP/1.1 as well: curl, Java's own. */
export function asksForHttp2(upgrade: string | undefined): boolean {
  return upgrade?.toLowerCase() === 'h2c';
}

/** The head of a request as if it had not asked for another protocol, which a server may ignore (RFC 9110, section 7.8). */
export function headWithoutUpgrade(request: {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}): string {
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2);
    const lowerCase = name.toLowerCase();
    if (lowerCase === 'connection') lines.push(`${name}: ${withoutUpgradeOptions(value)}`);
    else if (!upgradeHeaders.has(lowerCase)) lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function withoutUpgradeOptions(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !upgradeHeaders.has(option.toLowerCase())).join(', ') || 'keep-alive';
}

/** Path and query of a request line, escapes untouched: servers take `http://host/path` for `/path` (RFC 9112, section 3.2.2). */
export function originForm(target: string): string {
  const local = target.replace(/^(?:https?|wss?):\/\/[^/?]*/i, '');
  return local.startsWith('/') || local === '*' ? local : `/${local}`;
}
