/**
 * Frames on the pipe between the executor and a handler process.
 *
 * A frame is its length (4 bytes, little endian, of what follows), its kind (1 byte) and its fields. Frames leave in
 * batches, one write per turn of the event loop.
 */
export const toChild = {
  init: 1,
  invoke: 2,
  answer: 3,
  gone: 4,
  /** Events that were handed over ahead are run elsewhere; its field is the first one's ticket. */
  takenBack: 5,
  /** An event whose connection the process knows. */
  message: 6,
  /** What all messages of a connection have in common, as JSON. */
  connection: 7,
  /** The same is not needed any more. */
  forget: 8,
} as const;
export const toParent = {
  ready: 1,
  initFailed: 2,
  result: 3,
  failed: 4,
  send: 5,
  close: 6,
  info: 7,
  output: 8,
  stray: 9,
  /** The process ends; its field is the last event that began. */
  ending: 10,
  /** Work that the last event has begun and not waited for. */
  leftBehind: 11,
} as const;

/** The operation number of a send that nobody waits for. */
export const noAnswer = 0;

/** Bits of a send: its payload is that of the send before; it has a list of connections; that is the list before. */
export const sendBits = { repeated: 1, many: 2, sameIds: 4 } as const;
/** A longer payload is not remembered for the next send, at either end. */
export const maxRepeatedBytes = 128 * 1024;

const headerBytes = 5;
const slabBytes = 64 * 1024;
/** A larger one is let go when its bytes have been handed over. */
const mostKeptBytes = 4 * slabBytes;
const emptySlab = Buffer.alloc(0);
/** Far above the largest result; a longer length is not ours, so the stream is broken. */
const maxFrameBytes = 64 * 1024 * 1024;

export interface FrameWriter {
  begin(kind: number): void;
  uint8(value: number): void;
  uint32(value: number): void;
  double(value: number): void;
  text(value: string): void;
  /** Its length in one byte, then the text; at most 85 characters, each of which may take three bytes. */
  shortText(value: string): void;
  bytes(value: Uint8Array): void;
  end(): void;
  /** Hands over what has been written since the last flush; `undefined` when that is nothing. */
  flush(): Buffer | undefined;
  /** Bytes since the last flush. */
  waitingBytes(): number;
}

/** Writes frames one behind the other into slabs; a flushed part is never written again, so it needs no copy. */
export function createFrameWriter(): FrameWriter {
  let slab = Buffer.allocUnsafe(slabBytes);
  let flushed = 0;
  let frame = 0;
  let end = 0;

  /** Makes room behind `end`; what is not flushed yet moves along. */
  function reserve(bytes: number): void {
    if (end + bytes <= slab.length) return;
    const kept = end - flushed;
    const larger = Buffer.allocUnsafe(Math.max(slabBytes, 2 * (kept + bytes)));
    slab.copy(larger, 0, flushed, end);
    frame -= flushed;
    end = kept;
    flushed = 0;
    slab = larger;
  }

  return {
    begin(kind) {
      reserve(headerBytes);
      frame = end;
      slab[end + 4] = kind;
      end += headerBytes;
    },
    uint8(value) {
      reserve(1);
      slab[end] = value;
      end += 1;
    },
    uint32(value) {
      reserve(4);
      end = slab.writeUInt32LE(value, end);
    },
    double(value) {
      reserve(8);
      end = slab.writeDoubleLE(value, end);
    },
    text(value) {
      reserve(value.length * 3);
      end += slab.write(value, end, 'utf8');
    },
    shortText(value) {
      reserve(1 + value.length * 3);
      const length = writeAscii(slab, value, end + 1) ? value.length : slab.write(value, end + 1, 'utf8');
      slab[end] = length;
      end += 1 + length;
    },
    bytes(value) {
      reserve(value.length);
      slab.set(value, end);
      end += value.length;
    },
    end() {
      slab.writeUInt32LE(end - frame - 4, frame);
    },
    waitingBytes: () => end - flushed,
    flush() {
      if (end === flushed) return undefined;
      const batch = slab.subarray(flushed, end);
      flushed = end;
      if (slab.length > mostKeptBytes) {
        slab = emptySlab;
        flushed = 0;
        end = 0;
      }
      return batch;
    },
  };
}

/** Short texts are written faster here than by a call into Node. Tells whether it was plain ASCII. */
function writeAscii(slab: Buffer, value: string, start: number): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index);
    if (code > 0x7f) return false;
    slab[start + index] = code;
  }
  return true;
}

/**
 * Cuts a stream of chunks into frames. `onFrame` gets a view of the chunk wherever the frame lies in one chunk.
 *
 * The returned function throws when the stream is broken; the pipe is then of no more use.
 */
export function createFrameReader(onFrame: (kind: number, payload: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let wanted = headerBytes;

  return (chunk) => {
    rest.push(chunk);
    restBytes += chunk.length;
    if (restBytes < wanted) return;
    const data = rest.length === 1 ? chunk : Buffer.concat(rest, restBytes);
    let start = 0;
    wanted = headerBytes;
    while (data.length - start >= headerBytes) {
      const length = data.readUInt32LE(start);
      if (length < 1 || length > maxFrameBytes) throw new Error(`A frame of ${length} bytes is not ours.`);
      if (data.length - start - 4 < length) {
        wanted = 4 + length;
        break;
      }
      onFrame(data.readUInt8(start + 4), data.subarray(start + headerBytes, start + 4 + length));
      start += 4 + length;
    }
    rest = start === data.length ? [] : [data.subarray(start)];
    restBytes = data.length - start;
  };
}
