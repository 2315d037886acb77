// I7, of tariffs that price each call by its place in the month: the calls one by one in the order in which they were settled. As the rest
// of I7 it uses nothing of src/core.

import type { ClientBase } from 'pg';
import type { BookDocument } from '../book/schema.ts';
import type { Within } from '../store/streams/ranges.ts';

type TariffText = BookDocument['tariffs'][number];

/** A call of a billed month. `arrival`, `voidedIn`: the month in which it came, or was voided, once the bill was final; null: before. */
export type PlacedCall = {
  account: string;
  month: string;
  meter: string;
  postpaid: string;
  drawn: string;
  arrival: string | null;
  voided: boolean;
  voidedIn: string | null;
};

const monthOf = (ms: string) => `to_char(to_timestamp(${ms} / 1000) at time zone b.zone, 'YYYY-MM')`;

const callsSql = (within: Within, months: string, inMonth: string) => `with ${months}
select b.account_id as account, b.period as month, n.id as meter, coalesce(r.postpaid, e.postpaid)::text as postpaid,
       (e.calls - coalesce(r.postpaid, e.postpaid))::text as drawn, v.seq is not null as voided,
       case when coalesce(r.seq, e.seq) >= b.seq then ${monthOf('coalesce(r.at_ms, e.received_ms)')} end as arrival,
       case when v.seq >= b.seq then ${monthOf('v.at_ms')} end as "voidedIn"
from months b join events e on e.account_id = b.account_id and ${inMonth}${within.again('e.account_id')}
join meters n on n.no = e.meter
left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id${within.again('r.account_id')}
left join voids v on v.account_id = e.account_id and v.event_id = e.event_id${within.again('v.account_id')}
where n.id = any($3::text[]) and coalesce(r.outcome, e.outcome) in (0, 3)
order by b.account_id, coalesce(r.seq, e.seq)`;

export const isByPlace = ({ mode, basis, tiers }: TariffText): boolean =>
  mode === 'graduated' && (basis === 'gross-in-order' || tiers.some(({ prices }) => prices !== undefined));

/** Nothing is read where no book has such a tariff. */
export async function readPlacedCalls(
  client: ClientBase,
  within: Within,
  range: readonly unknown[],
  books: readonly { document: BookDocument }[],
  { months, inMonth }: { months: string; inMonth: string },
): Promise<PlacedCall[]> {
  const meters = books.flatMap(({ document }) =>
    document.meters.flatMap(({ id, tariff }) =>
      document.tariffs.some((each) => each.id === tariff && isByPlace(each)) ? [id] : [],
    ),
  );
  if (meters.length === 0) return [];
  const { rows } = await client.query<PlacedCall>(callsSql(within, months, inMonth), [...range, [...new Set(meters)]]);
  return rows;
}

export type Piece = { tier: TariffText['tiers'][number]; meter: string | null; calls: bigint };

/** How many postpaid calls lie in each tier, of each meter where those have prices; with the calls that arrived before `until`. */
export function piecesInOrder({ basis, tiers }: TariffText, calls: readonly PlacedCall[], until: string): Piece[] {
  const pieces = new Map<string, Piece>();
  const came = (month: string | null) => (month ?? '') < until;
  let place = 0n;
  for (const call of calls) {
    if (!came(call.arrival) || (call.voided && came(call.voidedIn))) continue;
    if (basis === 'gross-in-order') place += BigInt(call.drawn);
    const end = place + BigInt(call.postpaid);
    for (const [index, tier] of tiers.entries()) {
      const last = tier.to === null || end < BigInt(tier.to) ? end : BigInt(tier.to);
      if (last <= place) continue;
      const meter = tier.prices === undefined ? null : call.meter;
      const key = `${index} ${meter}`;
      pieces.set(key, { tier, meter, calls: (pieces.get(key)?.calls ?? 0n) + last - place });
      place = last;
    }
  }
  return [...pieces.values()];
}
