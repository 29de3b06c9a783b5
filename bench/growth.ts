import { echoText } from './echo.ts';
import { workerd } from './other-peers.ts';
import { furrow, furrowEcho, furrowSeveral, raw } from './peers.ts';
import { compare, type Row } from './row.ts';

const inFlight = 50;
const few = 50;
const many = [1000, 10_000];

function describeCount(name: string, connections: number): string {
  return `${name}, ${connections.toLocaleString('en-US')} connections`;
}

/** The same number of messages on the way at any time, each on the next connection: what more connections cost by themselves. */
const connections: Row = {
  id: 'growth-connections',
  about: `echo with ${few}, ${many.join(' and ')} connections open, ${inFlight} messages on the way`,
  async run(context) {
    const { client, isQuick } = context;
    const durationMs = isQuick ? 500 : 3000;
    const counts = isQuick ? [few, 200, 1000] : [few, ...many];
    const ask = (url: string, open: number) =>
      client.ask('load', { url, text: echoText, connections: open, inFlight, durationMs });
    const compared = await compare(context, {
      // A server for each count, so that none has to end ten thousand connections before the next round.
      subjects: counts.flatMap((count) =>
        [raw, workerd, furrowEcho, furrowSeveral].map((subject) => ({
          ...subject,
          name: describeCount(subject.name, count),
          count,
        })),
      ),
      isFresh: true,
      rounds: Math.min(3, context.rounds),
      warmUp: ({ url }) => ask(url, few),
      measure: ({ url }, { count }) => ask(url, count),
    });
    return [
      {
        what: `echo while more connections are open, ${inFlight} messages on the way`,
        unit: 'messages/s',
        series: compared.series(({ perSecond }) => perSecond),
        missing: compared.missing,
        bounds: [furrowEcho, furrowSeveral].flatMap(({ name }) =>
          counts.slice(1).map((count) => ({
            subject: describeCount(name, count),
            against: describeCount(name, few),
            atLeast: 0.75,
          })),
        ),
      },
    ];
  },
};

/** connect, default and disconnect. */
const fewRoutes = 3;
const manyRoutes = 200;

const routes: Row = {
  id: 'growth-routes',
  about: `echo in an app of ${fewRoutes} and of ${manyRoutes} routes`,
  async run(context) {
    const { client, isQuick } = context;
    const options = { text: echoText, connections: few, inFlight, durationMs: isQuick ? 500 : 3000 };
    const small = furrow({ base: 'echo' }, `Furrow, ${fewRoutes} routes`);
    const large = furrow({ base: 'echo', extraRoutes: manyRoutes - fewRoutes }, `Furrow, ${manyRoutes} routes`);
    const compared = await compare(context, {
      subjects: [small, large],
      warmUp: ({ url }) => client.ask('load', { url, ...options }),
      measure: ({ url }) => client.ask('load', { url, ...options }),
    });
    return [
      {
        what: `echo in an app of more routes, ${few} connections`,
        unit: 'messages/s',
        series: compared.series(({ perSecond }) => perSecond),
        missing: compared.missing,
        bounds: [{ subject: large.name, against: small.name, atLeast: 0.95 }],
      },
    ];
  },
};

export const growthRows: readonly Row[] = [connections, routes];
