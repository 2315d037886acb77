// I7: bills rated a second time by other means, so that a mistake in the core cannot agree with itself. Everything comes straight
// from the tables by SQL and from the price book's JSON; nothing of src/core is used. Kept small enough to be read at one sitting.

import type { ClientBase } from 'pg';
import type { BookDocument } from '../book/schema.ts';
import { type AccountRange, rangeValues, type Within, within } from '../store/streams/ranges.ts';
import { isByPlace, type Piece, type PlacedCall, piecesInOrder, readPlacedCalls } from './independent-order.ts';
import { type Verdicts, Witness } from './invariants.ts';
import { readDocument } from './stored-bill.ts';

/** Calls of a month and meter that were in its bill (`arrival` null), or came in later, in the month `arrival`. */
type Move = { account: string; month: string; meter: string; day: string | null; arrival: string | null } & {
  postpaid: string;
  drawn: string;
};
type BookText = { id: string; document: BookDocument };
/** What an account pays from a month on; a later one takes over from its own month on. */
type Deal = { account: string; from: string; terms: string };
/** From a month on a book's prices are another's. */
type Version = { of: string; from: string; prices: string };
type Tiers = BookDocument['tariffs'][number]['tiers'];
type BillText = { account: string; book: string; period: string; document: string; prepaid: string };

/** A day begins with the first of its midnights: where clocks go back over it there are two, and PostgreSQL takes the second. */
const begins = (midnight: string) =>
  `extract(epoch from least((${midnight}) at time zone h.zone,
     ((${midnight}) - interval '1 second') at time zone h.zone + interval '1 second')) * 1000`;

/** Bills with the bounds of their months, by the database's own calendar; an account's zone stands on its head alone. */
const months = (within: Within) => `months as (
  select b.account_id, b.period, b.seq, b.bill_no, b.document, h.zone,
         ${begins("(b.period || '-01')::timestamp")} as from_ms,
         ${begins("(b.period || '-01')::timestamp + interval '1 month'")} as to_ms
  from bills b join lateral (
    select substring(fixed from '"zone":\\s*"([^"]+)"') as zone from account_heads h
    where h.account_id = b.account_id${within.again('h.account_id')}) h on true
  where ${within.of('b.account_id')})`;

/** What packs that came later have paid of a call: those of a final month were there before its bill. */
const later = (within: Within) => `later as materialized (
  select d.account_id, d.seq, sum(d.calls) as calls from event_draws d
  join packs p on p.account_id = d.account_id and p.pack_no = d.pack_no${within.again('p.account_id')}
  where p.seq > d.seq and ${within.of('d.account_id')} group by 1, 2)`;
const ofLater = (seq: string) => `left join later l on l.account_id = e.account_id and l.seq = ${seq}`;

const inMonth = 'e.at_ms >= b.from_ms::bigint and e.at_ms < b.to_ms::bigint';
const move = (within: Within, seq: string, movedAt: string, postpaid: string, sign: '' | '-') => `
  select b.account_id, b.period, e.meter,
         case when e.meter = any($3::smallint[]) then to_char(to_timestamp(e.at_ms / 1000) at time zone b.zone, 'YYYY-MM-DD') end as day,
         ${sign}${postpaid} as postpaid, ${sign}(e.calls - ${postpaid}) as drawn,
         case when ${seq} >= b.seq then to_char(to_timestamp(${movedAt} / 1000) at time zone b.zone, 'YYYY-MM') end as arrival
  from months b join events e on e.account_id = b.account_id and ${inMonth}${within.again('e.account_id')}`;

const rest = (postpaid: string) => `(${postpaid} - coalesce(l.calls, 0))`;
const movesSql = (within: Within) => `with ${months(within)}, ${later(within)}, moves as (
  ${move(within, 'e.seq', 'e.received_ms', rest('e.postpaid'), '')} ${ofLater('e.seq')} where e.outcome in (0, 3)
  union all ${move(within, 'r.seq', 'r.at_ms', rest('r.postpaid'), '')}
  join reviews r on r.account_id = e.account_id and r.event_id = e.event_id${within.again('r.account_id')}
  ${ofLater('r.seq')} where r.outcome in (0, 3)
  union all ${move(within, 'v.seq', 'v.at_ms', rest('coalesce(r.postpaid, e.postpaid)'), '-')}
  join voids v on v.account_id = e.account_id and v.event_id = e.event_id${within.again('v.account_id')}
  left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id${within.again('r.account_id')}
  ${ofLater('coalesce(r.seq, e.seq)')}
  where coalesce(r.outcome, e.outcome) in (0, 3))
select m.account_id as account, m.period as month, n.id as meter, m.day, m.arrival,
       sum(m.postpaid)::text as postpaid, sum(m.drawn)::text as drawn
from moves m join meters n on n.no = m.meter group by m.account_id, m.period, n.id, m.day, m.arrival`;

const billsSql = (within: Within) => `with ${months(within)}, trades as (
  select account_id, bought_ms as at_ms, price from packs where not gift${within.again('account_id')}
  union all
  select r.account_id, r.at_ms, -e.amount from pack_refunds r join money_entries e
  on e.account_id = r.account_id and e.seq = r.seq${within.again('r.account_id')}${within.again('e.account_id')})
select b.account_id as account, a.book_id as book, b.period, b.document, coalesce((
  select sum(e.price) from trades e where e.account_id = b.account_id and ${inMonth}), 0)::text as prepaid
from months b join accounts a using (account_id) order by b.account_id, b.bill_no`;

const dealsSql = (within: Within) => `select account_id as account, from_period as "from", terms from contracts
  where ${within.of('account_id')} order by account_id, contract_no`;

const versionsSql = `select book_id as of, from_period as "from", prices_of as prices from book_versions order by 1, 2`;

/** Re-rates every bill of a range and compares its amounts. */
export async function checkIndependently(client: ClientBase, range: AccountRange, verdicts: Verdicts): Promise<void> {
  const [slice, ofRange] = [rangeValues(range), within(range)];
  const { rows: bills } = await client.query<BillText>(billsSql(ofRange), [...slice]);
  const { rows: deals } = await client.query<Deal>(dealsSql(ofRange), [...slice]);
  const { rows: books } = await client.query<BookText>('select id, document from price_books');
  const { rows: moves } =
    bills.length === 0
      ? { rows: [] }
      : await client.query<Move>(movesSql(ofRange), [...slice, await dayMeters(client, books)]);
  const placed =
    bills.length === 0
      ? []
      : await readPlacedCalls(client, ofRange, slice, books, { months: months(ofRange), inMonth });
  const placedOf = Map.groupBy(placed, (each) => each.account);
  const { rows: versions } = await client.query<Version>(versionsSql);
  const [byAccount, witness] = [Map.groupBy(moves, (each) => each.account), new Witness('I7', verdicts)];
  const dealsOf = Map.groupBy(deals, (each) => each.account);
  for (const bill of bills) {
    const book = books.find(({ id }) => id === bill.book)?.document;
    if (book === undefined) continue;
    witness.at(bill.account);
    witness.count();
    const tariffsIn = (month: string) => {
      const version = versions.findLast(({ of, from }) => of === bill.book && from <= month);
      return (books.find(({ id }) => id === version?.prices)?.document ?? book).tariffs;
    };
    const ofAccount = {
      moves: byAccount.get(bill.account) ?? [],
      placed: placedOf.get(bill.account) ?? [],
      deals: dealsOf.get(bill.account) ?? [],
      tariffsIn,
    };
    const amounts = Object.entries(amountsOf(bill, ofAccount, book));
    const document: Record<string, unknown> = { ...readDocument(bill.document) };
    for (const [name, units] of amounts) {
      witness.same('bills', `period ${bill.period}, ${name}`, decimal(units, placesOf(book)), String(document[name]));
    }
  }
}

/** Numbers of the meters whose tariff counts by the day. */
async function dayMeters(client: ClientBase, books: readonly BookText[]): Promise<number[]> {
  const ids = books.flatMap(({ document: { meters, tariffs } }) =>
    meters.flatMap(({ id, tariff }) =>
      tariffs.some((each) => each.id === tariff && each.counter === 'day') ? [id] : [],
    ),
  );
  if (ids.length === 0) return [];
  const { rows } = await client.query<{ no: number }>('select no from meters where id = any($1::text[])', [ids]);
  return rows.map(({ no }) => no);
}

type OfAccount = {
  moves: readonly Move[];
  placed: readonly PlacedCall[];
  deals: readonly Deal[];
  tariffsIn: (month: string) => BookDocument['tariffs'];
};

function amountsOf({ period, prepaid }: BillText, { moves, placed, deals, tariffsIn }: OfAccount, book: BookDocument) {
  let [postpaid, adjustments]: [bigint | null, bigint | null] = [0n, 0n];
  for (const tariff of book.tariffs) {
    const meters = book.meters.flatMap(({ id, tariff: of }) => (of === tariff.id ? [id] : []));
    const ofTariff = moves.filter(({ meter }) => meters.includes(meter));
    /** What the month's calls cost that its bill counts, with those that arrived before `until`. */
    const charged = (month: string, until: string) => {
      const counted = ofTariff.filter((move) => move.month === month && (move.arrival ?? '') < until);
      const deal = deals.findLast(({ from }) => from <= month);
      const then = tariffsIn(month).find(({ id }) => id === tariff.id) ?? tariff;
      const priced = { ...then, tiers: agreedTiers(deal, tariff.id) ?? then.tiers };
      if (isByPlace(priced)) {
        const calls = placed.filter((call) => call.month === month && meters.includes(call.meter));
        return charge(priced, counted, placesOf(book), piecesInOrder(priced, calls, until));
      }
      if (tariff.counter !== 'day') return charge(priced, counted, placesOf(book));
      const days = Map.groupBy(counted, ({ day }) => day);
      return [...days.values()].reduce(
        (sum: bigint | null, ofDay) => plus(sum, charge(priced, ofDay, placesOf(book))),
        0n,
      );
    };
    postpaid = plus(postpaid, charged(period, '0'));
    for (const month of new Set(ofTariff.flatMap((move) => (move.arrival === period ? [move.month] : [])))) {
      const [before, after] = [charged(month, period), charged(month, `${period}~`)];
      adjustments = plus(adjustments, after === null || before === null ? null : after - before);
    }
  }
  return { prepaid: BigInt(prepaid), postpaid, adjustments, total: plus(plus(BigInt(prepaid), postpaid), adjustments) };
}

/** The tiers of a deal; none where its terms cannot be read, which I5 reports. */
function agreedTiers(deal: Deal | undefined, tariff: string): Tiers | undefined {
  try {
    const { tariffs } = JSON.parse(deal?.terms ?? '{}') as { tariffs?: Record<string, Tiers> };
    return tariffs?.[tariff];
  } catch {
    return undefined;
  }
}

const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a + b);
/** What a month of one tariff costs in the currency's smallest unit, half up; null where a price is missing. */
function charge(
  tariff: BookDocument['tariffs'][number],
  moves: readonly Move[],
  decimals: number,
  inOrder?: readonly Piece[],
): bigint | null {
  const { mode, bound, basis, tiers } = tariff;
  const sum = (part: 'postpaid' | 'drawn') => moves.reduce((total, move) => total + BigInt(move[part]), 0n);
  const [postpaid, first] = [sum('postpaid'), basis === 'after-packs' ? 0n : sum('drawn')];
  const reached = first + postpaid;
  // A fraction: what of a price is for some calls together may have no end in decimals.
  const smallest = 10n ** BigInt(8 - decimals);
  let [top, bottom] = [0n, smallest];
  const add = (calls: bigint, tier: Tiers[number], meter: string | null = null): boolean => {
    const { per = 1, part = 'exact' } = tier;
    const price = tier.prices?.[meter ?? ''] ?? tier.price ?? null;
    if (price === null) return calls === 0n;
    const [whole = '0', places = ''] = price.split('.');
    const rest = calls % BigInt(per);
    const started = { up: rest > 0n ? BigInt(per) : 0n, down: 0n, exact: rest }[part];
    top = top * BigInt(per) + (calls - rest + started) * BigInt(whole + places.padEnd(8, '0')) * (bottom / smallest);
    bottom *= BigInt(per);
    return true;
  };
  if (mode !== 'graduated') mode satisfies 'volume' | 'flat';
  const due = reached > 0n || tariff.withoutCalls === true;
  let fees = units(tariff.fee, decimals);
  if (mode === 'graduated') {
    for (const tier of tiers) {
      const { from, to } = tier;
      if (BigInt(from) < reached || from === 0) fees += units(tier.fee, decimals);
      const low = first > BigInt(from) ? first : BigInt(from);
      const high = to !== null && BigInt(to) < reached ? BigInt(to) : reached;
      if (inOrder === undefined && high > low && !add(high - low, tier)) return null;
    }
    for (const { tier, meter, calls } of inOrder ?? []) if (!add(calls, tier, meter)) return null;
  } else {
    const holds = (from: bigint) => (bound === 'lower-inclusive' ? from <= reached : from < reached);
    const tier = tiers.findLast(({ from }) => holds(BigInt(from))) ?? tiers[0];
    if (tier === undefined) return null;
    const meters = tier.prices === undefined ? [null] : [...new Set(moves.map(({ meter }) => meter))];
    for (const meter of meters) {
      const own = moves.filter((move) => meter === null || move.meter === meter);
      const calls = own.reduce((total, move) => total + BigInt(move.postpaid), 0n);
      if (!add(calls, tier, meter)) return null;
    }
    fees += units(tier.fee, decimals);
  }
  const calls = (top * 2n + bottom) / (bottom * 2n);
  if (!due) return calls;
  const least = units(tariff.minimum, decimals);
  const most = tariff.maximum === undefined ? null : units(tariff.maximum, decimals);
  const whole = calls + fees > least ? calls + fees : least;
  return most !== null && most < whole ? most : whole;
}

function units(amount: string | undefined, decimals: number): bigint {
  const [whole = '0', places = ''] = (amount ?? '0').split('.');
  return BigInt(whole + places.padEnd(decimals, '0'));
}

/** By its own reading of ISO 4217. */
function placesOf({ currency }: BookDocument): number {
  if (/^(BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|X[AOP]F)$/.test(currency)) return 0;
  return /^(BHD|IQD|JOD|KWD|LYD|OMR|TND)$/.test(currency) ? 3 : 2;
}

function decimal(units: bigint | null, places: number): string {
  if (units === null) return 'no price';
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return `${units < 0n ? '-' : ''}${whole}${places === 0 ? '' : `.${digits.slice(-places)}`}`;
}
