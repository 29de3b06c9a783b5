import { workerd } from './other-peers.ts';
import { furrow, raw } from './peers.ts';
import { compare, type Context, type Row } from './row.ts';
import type { Figure } from './figure.ts';

const members = 1000;

/** The two ways a handler can send to many; `way` is what the room's handler reads. */
const list = { ...furrow({ base: 'room' }, 'Furrow, one call with all ids'), way: 'list' };
const loop = { ...furrow({ base: 'room' }, 'Furrow, a loop of sends'), way: 'loop' };
/** The peers have one way. */
const others = [raw, workerd].map((subject) => ({ ...subject, way: 'loop' }));

/** Deliveries a second, from the trigger on one connection to the last client's receipt. */
async function deliveries(context: Context, messages: number): Promise<Pick<Figure, 'unit' | 'series' | 'missing'>> {
  const { client, isQuick } = context;
  const triggers = Math.ceil((isQuick ? 10 : 160) / messages);
  const compared = await compare(context, {
    subjects: [...others, list, loop],
    // A room of its own for each round: the app's list has whoever came in since it started.
    isFresh: true,
    measure: ({ url }, { way }) =>
      client.ask('deliveriesPerSecond', {
        url,
        // The servers tell a trigger from an echo by how it begins.
        text: JSON.stringify({ way, messages, members }),
        connections: members,
        deliveries: members * messages,
        triggers,
      }),
  });
  return { unit: 'deliveries/s', series: compared.series((value) => value), missing: compared.missing };
}

const one: Row = {
  id: 'fan-out',
  about: `one handler sends one message to ${members} connections`,
  async run(context) {
    return [
      {
        what: `one message to ${members} connections`,
        ...(await deliveries(context, 1)),
        bounds: [
          { subject: list.name, against: raw.name, atLeast: 0.9 },
          { subject: loop.name, against: raw.name, atLeast: 0.9 },
        ],
      },
    ];
  },
};

const busyMessages = 8;

const busy: Row = {
  id: 'busy-room',
  about: `one handler sends ${busyMessages} messages in one turn to ${members} connections`,
  async run(context) {
    return [
      {
        what: `${busyMessages} messages in one turn to ${members} connections`,
        ...(await deliveries(context, busyMessages)),
        bounds: [
          { subject: list.name, against: raw.name, atLeast: 4 },
          { subject: loop.name, against: raw.name, atLeast: 4 },
        ],
      },
    ];
  },
};

export const fanoutRows: readonly Row[] = [one, busy];
