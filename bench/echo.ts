import { architect, isSlow, serverlessOffline, workerd } from './other-peers.ts';
import { furrowEcho, furrowSeveral, raw, type Subject } from './peers.ts';
import { compare, type Row } from './row.ts';

export const echoText = JSON.stringify({ text: 'hello' });
const connections = 50;
const slowDurationMs = 10_000;

/** One message at a time on one connection. */
const roundTrip: Row = {
  id: 'round-trip',
  about: 'echo, 1 connection',
  async run(context) {
    const { client, isQuick } = context;
    const options = { text: echoText, count: isQuick ? 300 : 3000, maxMs: isQuick ? 500 : 3000 };
    const compared = await compare(context, {
      subjects: [raw, workerd, architect, serverlessOffline, furrowEcho],
      warmUp: ({ url }) => client.ask('roundTripMs', { url, ...options }),
      measure: ({ url }) => client.ask('roundTripMs', { url, ...options }),
    });
    return [
      {
        what: 'echo, 1 connection: round trip, p50',
        unit: 'ms',
        series: compared.series((value) => value),
        missing: compared.missing,
        bounds: [
          { subject: furrowEcho.name, against: raw.name, atMost: 3 },
          { subject: furrowEcho.name, against: workerd.name, atMost: 1.5 },
        ],
      },
    ];
  },
};

/** As many messages as connections on the way, one on each. */
const load: Row = {
  id: 'load',
  about: `echo, ${connections} connections, one message on the way on each`,
  async run(context) {
    const { client, isQuick } = context;
    const normalDurationMs = isQuick ? 500 : 3000;
    const ask = (url: string, subject: Subject) => {
      const durationMs = isSlow(subject) ? slowDurationMs : normalDurationMs;
      return client.ask('load', { url, text: echoText, connections, inFlight: connections, durationMs });
    };
    const compared = await compare(context, {
      subjects: [raw, workerd, architect, serverlessOffline, furrowEcho, furrowSeveral],
      warmUp: ({ url }, subject) => ask(url, subject),
      measure: ({ url }, subject) => ask(url, subject),
    });
    const { missing } = compared;
    return [
      {
        what: `echo, ${connections} connections`,
        unit: 'messages/s',
        series: compared.series(({ perSecond }) => perSecond),
        missing,
        bounds: [
          { subject: furrowEcho.name, against: raw.name, atLeast: 0.25 },
          { subject: furrowSeveral.name, against: raw.name, atLeast: 0.6 },
          { subject: furrowSeveral.name, against: workerd.name, atLeast: 1.5 },
        ],
      },
      {
        what: `echo, ${connections} connections: time to the echo, p99`,
        unit: 'ms',
        series: compared.series(({ p99Ms }) => p99Ms),
        missing,
        bounds: [{ subject: furrowSeveral.name, against: raw.name, atMost: 3 }],
      },
    ];
  },
};

export const echoRows: readonly Row[] = [roundTrip, load];
