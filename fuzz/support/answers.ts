import { isUtf8 } from 'node:buffer';

/** What is wrong with all that a connection received, by what no client should ever get; one sentence each. */
export function faultsOf(bytes: Buffer, mayFail: boolean): readonly string[] {
  const text = bytes.toString('latin1');
  const upgraded = /HTTP\/1\.1 101 [^]*?\r\n\r\n/.exec(text);
  const http = upgraded === null ? text : text.slice(0, upgraded.index);
  const statuses = [...http.matchAll(/(?:^|\n)HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const wrong = statuses.filter((status) => status >= 500 && status !== 505 && !(mayFail && ownFailures.has(status)));
  return [
    ...wrong.map((status) => `answered ${status}`),
    ...(text !== '' && !text.startsWith('HTTP/1.1 ') && !text.startsWith(tlsAlert)
      ? [`answered what is not HTTP: ${preview(bytes)}`]
      : []),
    ...(upgraded === null
      ? []
      : frameFaults(
          bytes.subarray(upgraded.index + upgraded[0].length),
          /sec-websocket-extensions: permessage-deflate/i.test(upgraded[0]),
        )),
  ];
}

/** How TLS says that it was not spoken. */
const tlsAlert = '\x15\x03';

/** What a handler that throws, hangs or is throttled may cause. */
const ownFailures = new Set([500, 502, 503, 504]);

interface ServerFrame {
  readonly isLast: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** What is wrong with a server's frames, by RFC 6455 and API Gateway's rules. */
function frameFaults(bytes: Buffer, mayCompress: boolean): readonly string[] {
  const faults: string[] = [];
  let parts: Buffer[] | undefined;
  let isCompressed = false;
  let isClosed = false;
  for (const frame of serverFrames(bytes)) {
    const { opcode, payload, isLast } = frame;
    faults.push(...shapeFaults(frame, mayCompress, parts !== undefined));
    if (isClosed) faults.push('sent a frame after its close frame');
    if (opcode === 8) {
      isClosed = true;
      faults.push(...closeFaults(payload));
    }
    if (opcode >= 8) continue;
    if (opcode === 1) isCompressed = frame.reserved !== 0;
    parts = [...(parts ?? []), payload];
    if (!isLast) continue;
    if (!isCompressed && !isUtf8(Buffer.concat(parts))) faults.push('sent text that is not UTF-8');
    parts = undefined;
  }
  return faults;
}

function shapeFaults(frame: ServerFrame, mayCompress: boolean, isInside: boolean): readonly string[] {
  const { opcode, reserved, isMasked, payload, isLast } = frame;
  const mayReserve = mayCompress && opcode === 1 ? [0, 4] : [0];
  return [
    ...(isMasked ? ['sent a masked frame'] : []),
    ...(mayReserve.includes(reserved) ? [] : [`sent reserved bits ${reserved}`]),
    ...([0, 1, 8, 9, 10].includes(opcode) ? [] : [`sent opcode ${opcode}`]),
    ...(payload.length > 32_768 ? [`sent a frame of ${payload.length} bytes`] : []),
    ...(opcode >= 8 && (payload.length > 125 || !isLast) ? ['sent a control frame that is none'] : []),
    ...(opcode < 8 && (opcode === 0) !== isInside ? ['sent a continuation out of order'] : []),
  ];
}

function closeFaults(payload: Buffer): readonly string[] {
  if (payload.length === 0) return [];
  if (payload.length === 1) return ['sent half a close code'];
  const code = payload.readUInt16BE(0);
  const isFine = (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);
  return [
    ...(isFine ? [] : [`sent close code ${code}`]),
    ...(code === 1011 ? ['sent close code 1011, an internal error'] : []),
    ...(isUtf8(payload.subarray(2)) ? [] : ['sent a reason that is not UTF-8']),
  ];
}

function* serverFrames(bytes: Buffer): Generator<ServerFrame> {
  for (let at = 0; at + 2 <= bytes.length;) {
    const first = bytes.readUInt8(at);
    const second = bytes.readUInt8(at + 1);
    const short = second & 0x7f;
    const start = at + 2 + (short < 126 ? 0 : short === 126 ? 2 : 8);
    if (start > bytes.length) return;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (start + length > bytes.length) return;
    yield {
      isLast: first >= 0x80,
      reserved: (first >> 4) & 7,
      opcode: first & 0x0f,
      isMasked: second >= 0x80,
      payload: bytes.subarray(start, start + length),
    };
    at = start + length;
  }
}

function preview(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, 40));
}
