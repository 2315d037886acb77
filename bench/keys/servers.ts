// servers: two server processes on one database against one, the clients spread at random over both or routed by account.

import { type Bench, freshLedger, startServer } from '../bench.ts';
import { spentEach } from '../cpu-times.ts';
import { type EventsRound, type Loaded, loadEvents, singleEvents } from '../http-rounds.ts';
import { type Measured, median, part, quotients, rounded } from '../measure.ts';
import { measured, prepare, type Side } from '../rounds.ts';

const ways = ['one', 'random', 'routed'] as const;
type Way = (typeof ways)[number];

export async function servers(bench: Bench): Promise<Measured> {
  const ledger = await freshLedger(bench);
  const key = await ledger.key();
  const [first, second] = [await startServer(bench, ledger.url), await startServer(bench, ledger.url)];
  const rounds: Readonly<Record<Way, EventsRound>> = {
    // Named twice, so that the generator works with as many threads on both sides.
    one: { ledger, key, servers: [first, first], shape: singleEvents },
    random: { ledger, key, servers: [first, second], shape: singleEvents },
    routed: { ledger, key, servers: [first, second], shape: { ...singleEvents, routed: true } },
  };
  const side =
    (way: Way): Side<Loaded> =>
    (own) =>
      loadEvents(own, rounds[way]);
  await prepare(bench, ...ways.map(side));
  const results: Record<Way, Loaded[]> = { one: [], random: [], routed: [] };
  for (let round = 0; round < bench.options.rounds; round += 1) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      results[way].push(await measured(bench, side(way)));
    }
  }
  const rates = (way: Way) => results[way].map(({ rate }) => rate);
  const figures = Object.fromEntries(
    ways.map((way) => [
      way,
      { eventsPerSecond: Math.round(median(rates(way))), p99: rounded(median(results[way].map(({ p99 }) => p99)), 2) },
    ]),
  );
  return {
    parts: [
      part('two, random', 'least', 0.8, quotients(rates('random'), rates('one'))),
      part('two, routed', 'least', 1, quotients(rates('routed'), rates('one'))),
    ],
    spent: Object.fromEntries(ways.map((way) => [way, spentEach(results[way])])),
    figures: { ...figures, wrong: 0, verifiedRows: await ledger.verify() },
  };
}
