import { architect, isSlow, serverlessOffline, workerd } from './other-peers.ts';
import { furrowEcho, furrowSeveral, raw, type Subject } from './peers.ts';
import { compare, type Row } from './row.ts';

const inFlight = 50;

/** About as many as slow peers take in a second. */
const slowCount = 20;

const connects: Row = {
  id: 'connects',
  about: 'new connections, the connect handler included',
  async run(context) {
    const { client, isQuick } = context;
    const count = isQuick ? 500 : 3000;
    const ask = (url: string, subject: Subject) =>
      client.ask('connectsPerSecond', { url, count: isSlow(subject) ? slowCount : count, inFlight });
    const compared = await compare(context, {
      subjects: [raw, workerd, architect, serverlessOffline, furrowEcho, furrowSeveral],
      warmUp: ({ url }, subject) => ask(url, subject),
      measure: ({ url }, subject) => ask(url, subject),
    });
    return [
      {
        what: `new connections, ${inFlight} handshakes on the way`,
        unit: 'connections/s',
        series: compared.series((value) => value),
        missing: compared.missing,
        bounds: [{ subject: furrowEcho.name, against: raw.name, atLeast: 0.4 }],
      },
    ];
  },
};

export const connectRows: readonly Row[] = [connects];
