import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createOutlets, crowd, maxGatheredBytes } from './outlet.ts';

/** A socket that tells which writes reached the system together. */
function openSocket() {
  const writes: string[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      writes.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  return { socket, writes };
}

const afterTicks = () => new Promise<void>((resolve) => process.nextTick(resolve));

test('what one moment writes leaves together, before the turn ends', async () => {
  const { socket, writes } = openSocket();
  const outlet = createOutlets()(socket);
  for (const letter of 'abc') outlet.write(Buffer.from(letter));
  expect(writes).toEqual([]);
  expect(socket.writableLength).toBe(3);
  await afterTicks();
  expect(writes).toEqual(['abc']);
});

test('what later moments of the turn write leaves together at its end', async () => {
  await setImmediate();
  const { socket, writes } = openSocket();
  const outlet = createOutlets()(socket);
  for (const letter of 'abc') {
    outlet.write(Buffer.from(letter));
    // oxlint-disable-next-line no-await-in-loop
    await afterTicks();
  }
  expect(writes).toEqual(['a']);
  await setImmediate();
  expect(writes).toEqual(['a', 'bc']);
  outlet.write(Buffer.from('d'));
  await afterTicks();
  expect(writes).toEqual(['a', 'bc', 'd']);
});

test('a first write is not kept waiting by those of other sockets', async () => {
  const outletOf = createOutlets();
  const sockets = [openSocket(), openSocket()];
  for (const { socket } of sockets) {
    outletOf(socket).write(Buffer.from('x'));
    // oxlint-disable-next-line no-await-in-loop
    await afterTicks();
  }
  expect(sockets.map(({ writes }) => writes)).toEqual([['x'], ['x']]);
});

test('behind a turn that wrote to a crowd, first writes leave at the end of theirs; a turn later they do not wait', async () => {
  await setImmediate();
  const outletOf = createOutlets();
  for (let count = 0; count < crowd; count += 1) outletOf(openSocket().socket).write(Buffer.from('x'));
  await setImmediate();
  const { socket, writes } = openSocket();
  const outlet = outletOf(socket);
  for (const letter of 'abc') {
    outlet.write(Buffer.from(letter));
    // oxlint-disable-next-line no-await-in-loop
    await afterTicks();
  }
  expect(writes).toEqual([]);
  await setImmediate();
  expect(writes).toEqual(['abc']);
  outlet.write(Buffer.from('d'));
  await afterTicks();
  expect(writes).toEqual(['abc', 'd']);
});

test('keeps its order with what others write to the socket', async () => {
  const { socket, writes } = openSocket();
  const outlet = createOutlets()(socket);
  outlet.write(Buffer.from('message '));
  socket.write('pong ');
  outlet.write(Buffer.from('message '));
  socket.write('close');
  await afterTicks();
  expect(writes).toEqual(['message pong message close']);
});

test('a socket that is ended in the same moment sends it all the same', () => {
  const { socket, writes } = openSocket();
  createOutlets()(socket).write(Buffer.from('last'));
  socket.end();
  expect(writes).toEqual(['last']);
});

test('a socket that is cut off in the same moment sends nothing', async () => {
  const { socket, writes } = openSocket();
  createOutlets()(socket).write(Buffer.from('last'));
  socket.destroy();
  await afterTicks();
  expect(writes).toEqual([]);
});

test('more than 64 KB does not wait, and what follows keeps its order', async () => {
  const { socket, writes } = openSocket();
  const outlet = createOutlets()(socket);
  outlet.write(Buffer.from('a'));
  outlet.write(Buffer.alloc(maxGatheredBytes, 'b'));
  expect(writes.map((written) => written.length)).toEqual([maxGatheredBytes + 1]);
  outlet.write(Buffer.from('c'));
  outlet.write(Buffer.from('d'));
  await setImmediate();
  expect(writes.slice(1)).toEqual(['cd']);
});
