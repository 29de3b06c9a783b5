import { architect, serverlessOffline, workerd } from './other-peers.ts';
import { furrowEcho, furrowSeveral, raw } from './peers.ts';
import { compare, type Row } from './row.ts';

const inFlight = 50;

/** How many of those that start a process for each connect: as many as they take in about a second. */
const slowCount = 20;

const connects: Row = {
  id: 'connects',
  about: 'new connections, the connect handler included',
  async run(context) {
    const { client, isQuick } = context;
    const countOf = (peer: string) =>
      peer === architect.peer || peer === serverlessOffline.peer ? slowCount : isQuick ? 500 : 3000;
    const ask = (url: string, peer: string) => client.ask('connectsPerSecond', { url, count: countOf(peer), inFlight });
    const compared = await compare(context, {
      subjects: [raw, workerd, architect, serverlessOffline, furrowEcho, furrowSeveral],
      warmUp: ({ url }, { peer }) => ask(url, peer),
      measure: ({ url }, { peer }) => ask(url, peer),
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
