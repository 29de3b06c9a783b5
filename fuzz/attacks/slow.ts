import { awaitHead, wait, write, type Attack, type Facts, type Script, type Step } from '../support/attack.ts';
import type { Random } from '../support/random.ts';
import { frameBytes } from './frames.ts';
import { handshake, requestBytes } from './http-text.ts';

const text = (payload: string) =>
  frameBytes({ opcode: 1, payload: Buffer.from(payload), isLast: true, isMasked: true, reserved: 0 });
const tcp = (steps: readonly Step[]): Script => ({ transport: 'tcp', steps });
const reset: Step = { type: 'reset' };

/** Sends a byte at a time, and goes away before it has said anything. */
function drip(random: Random, facts: Facts): readonly Script[] {
  const opening = requestBytes(handshake(facts)).subarray(0, random.int(1, 60));
  return [tcp([...Array.from(opening, (byte) => [write(Buffer.from([byte])), wait(random.int(1, 20))]).flat(), reset])];
}

/** Asks for a lot and takes nothing of it. */
function deaf(random: Random, facts: Facts): readonly Script[] {
  const wishes = random.list(5, 40, () =>
    write(text(random.pick(['{"action":"big"}', `{"action":"echo","x":"${'y'.repeat(30_000)}"}`]))),
  );
  return [
    tcp([
      write(requestBytes(handshake(facts))),
      awaitHead,
      { type: 'stopReading' },
      ...wishes,
      wait(random.int(50, 400)),
      reset,
    ]),
  ];
}

/** Asks for a file again and again and takes nothing of it. */
function deafToFiles(random: Random, facts: Facts): readonly Script[] {
  const request = requestBytes({
    method: 'GET',
    target: '/_static/app.js',
    version: 'HTTP/1.1',
    headers: [['Host', facts.host]],
  });
  return [
    tcp([{ type: 'stopReading' }, ...random.list(1, 30, () => write(request)), wait(random.int(10, 200)), reset]),
  ];
}

/** Many at once that are reset in the middle of whatever they do. */
function crowd(random: Random, facts: Facts): readonly Script[] {
  const opening = requestBytes(handshake(facts));
  return random.list(20, 80, () => {
    const part = opening.subarray(0, random.pick([0, random.int(1, opening.length), opening.length, opening.length]));
    const more = random.chance(0.5) ? [awaitHead, write(text('{"action":"slow"}'))] : [];
    return tcp([write(part), ...more, wait(random.int(0, 20)), reset]);
  });
}

/** Sends more than handlers take, and reads it or not. */
function flood(random: Random, facts: Facts): readonly Script[] {
  const [many, few] = [random.int(100, 1000), random.int(50, 300)];
  const messages = random.chance(0.5)
    ? Array.from({ length: many }, () => text('{"action":"echo"}'))
    : Array.from({ length: few }, () => text(`{"action":"echo","x":"${'y'.repeat(30_000)}"}`));
  const deafness: readonly Step[] = random.chance(0.5) ? [{ type: 'stopReading' }] : [];
  return [
    tcp([write(requestBytes(handshake(facts))), awaitHead, ...deafness, write(Buffer.concat(messages)), wait(300)]),
  ];
}

/** Says a part and waits. */
function halfOpen(random: Random, facts: Facts): readonly Script[] {
  const opening = requestBytes(handshake(facts));
  return random.list(1, 5, () =>
    tcp([
      write(opening.subarray(0, random.int(0, opening.length - 1))),
      wait(random.int(50, 300)),
      ...random.pick([[], [reset], [{ type: 'end' } as const]]),
    ]),
  );
}

/** A client that is slow, deaf, one of many, or never done. */
export function slowClient(random: Random, facts: Facts): Attack {
  const make = random.pick([drip, deaf, deafToFiles, crowd, flood, halfOpen]);
  return { kind: `slow: ${make.name}`, scripts: make(random, facts), mayFail: false };
}

/** The first bytes of TLS, and then something else. */
export function brokenTls(random: Random, facts: Facts): Attack {
  const hello = Buffer.concat([Buffer.from('16030100c8010000c40303', 'hex'), random.bytes(196)]);
  const steps = random.pick<() => readonly Step[]>([
    () => [write(hello)],
    () => [write(hello.subarray(0, random.int(1, hello.length - 1)))],
    () => [write(Buffer.from([0x16])), wait(random.int(0, 100)), write(random.bytes(50))],
    () => [write(Buffer.concat([Buffer.from('1603010005', 'hex'), random.bytes(random.int(1, 3000))]))],
    () => [write(Buffer.from('160301ffff', 'hex')), write(Buffer.alloc(70_000))],
    () => [write(Buffer.concat([Buffer.from([random.pick([0x14, 0x15, 0x17, 0x18, 0x80, 0x00])]), random.bytes(20)]))],
    () => [write(hello), write(requestBytes(handshake(facts)))],
    () => [write(requestBytes(handshake(facts)).subarray(0, 10)), write(hello)],
  ])();
  return {
    kind: 'tls',
    scripts: [tcp([...steps, ...random.pick([[], [reset], [{ type: 'end' } as const]])])],
    mayFail: false,
  };
}
