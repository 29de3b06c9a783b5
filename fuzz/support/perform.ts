import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { Attack, Script, Step } from './attack.ts';

/** An answer is complete when nothing more has come for so long. */
const quietMs = 40;
const longestAnswerMs = 1500;
const longestHeadMs = 1000;

interface Line {
  readonly socket: Socket;
  received(): Buffer;
  lastAtMs(): number;
  isOver(): boolean;
}

/** Does to an address what an attack says; resolves with what each connection received. */
export async function perform(attack: Attack, address: { port: number; host: string }): Promise<readonly Buffer[]> {
  return Promise.all(attack.scripts.map((script) => performScript(script, address)));
}

async function performScript({ transport, steps }: Script, address: { port: number; host: string }): Promise<Buffer> {
  const line = open(transport, address);
  await connected(line.socket, transport);
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
    await performStep(line, step);
  }
  const startedAtMs = performance.now();
  const isWaiting = () =>
    !line.isOver() &&
    performance.now() - startedAtMs < longestAnswerMs &&
    performance.now() - Math.max(startedAtMs, line.lastAtMs()) < quietMs;
  // oxlint-disable-next-line no-await-in-loop -- looks again
  while (isWaiting()) await pause(5);
  line.socket.destroy();
  return line.received();
}

function open(transport: Script['transport'], address: { port: number; host: string }): Line {
  const socket: Socket =
    transport === 'tcp'
      ? connectTcp({ ...address, allowHalfOpen: true })
      : connectTls({ ...address, rejectUnauthorized: false, servername: 'localhost' });
  const chunks: Buffer[] = [];
  let lastAtMs = 0;
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    lastAtMs = performance.now();
  });
  // A reset is one of the ways in which these connections end.
  socket.on('error', () => {});
  return {
    socket,
    received: () => Buffer.concat(chunks),
    lastAtMs: () => lastAtMs,
    isOver: () => socket.destroyed || socket.readableEnded,
  };
}

function connected(socket: Socket, transport: Script['transport']): Promise<void> {
  return new Promise((resolve) => {
    socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => resolve());
    socket.once('close', () => resolve());
    setTimeout(resolve, longestHeadMs);
  });
}

async function performStep(line: Line, step: Step): Promise<void> {
  const { socket } = line;
  if (socket.destroyed) return;
  switch (step.type) {
    case 'write':
      // What a full buffer does not take yet is the target's concern, not ours.
      if (socket.writable) socket.write(step.bytes);
      return;
    case 'wait':
      await pause(step.ms);
      return;
    case 'awaitHead':
      await awaitHead(line);
      return;
    case 'stopReading':
      socket.pause();
      return;
    case 'end':
      socket.end();
      return;
    case 'reset':
      if ('encrypted' in socket) socket.destroy();
      else socket.resetAndDestroy();
      return;
    default:
      step satisfies never;
  }
}

async function awaitHead(line: Line): Promise<void> {
  const startedAtMs = performance.now();
  const isWaiting = () =>
    !line.isOver() && performance.now() - startedAtMs < longestHeadMs && !line.received().includes('\r\n\r\n');
  // oxlint-disable-next-line no-await-in-loop -- looks again
  while (isWaiting()) await pause(2);
}
