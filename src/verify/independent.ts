// I7: bills rated a second time by other means, so that a mistake in the core cannot agree with itself. Everything comes straight
// from the tables by SQL and from the price book's JSON; nothing of src/core is used. Kept small enough to be read at one sitting.

import type { ClientBase } from 'pg';
import type { BookDocument } from '../book/schema.ts';
import type { AccountRange } from '../store/ledger-lines.ts';
import { readDocument } from './document.ts';
import { type Verdicts, Witness } from './invariants.ts';

type TariffDocument = BookDocument['tariffs'][number];

/** Calls of a month and meter that were in its bill (`arrival` null), or came in later, in the month `arrival`. */
type Move = { account: string; month: string; meter: string; arrival: string | null; postpaid: string; drawn: string };
type BillText = { account: string; book: string; period: string; document: string; prepaid: string };

const zoned = (milliseconds: string) =>
  `to_char(to_timestamp(${milliseconds} / 1000.0) at time zone z.zone, 'YYYY-MM')`;

/** The zone of each account with a bill: it stands on the head alone. */
const zones = `zones as (
  select h.account_id, substring(h.state from '"zone":\\s*"([^"]+)"') as zone from account_heads h
  where h.account_id > $1 and ($2::text is null or h.account_id <= $2)
    and exists (select 1 from bills b where b.account_id = h.account_id))`;

const movesSql = `with ${zones}, settled as (
  select e.account_id, e.event_id, e.at_ms, e.meter, e.calls, coalesce(r.outcome, e.outcome) as outcome,
         coalesce(r.seq, e.seq) as seq, coalesce(r.at_ms, e.received_ms) as moved_ms, coalesce(r.postpaid, e.postpaid) as postpaid
  from zones join events e using (account_id)
  left join reviews r on r.account_id = e.account_id and r.event_id = e.event_id),
moves as (
  select account_id, at_ms, meter, seq, moved_ms, postpaid, calls - postpaid as drawn from settled where outcome in (0, 3)
  union all
  select s.account_id, s.at_ms, s.meter, v.seq, v.at_ms, -s.postpaid, s.postpaid - s.calls
  from settled s join voids v using (account_id, event_id) where s.outcome in (0, 3))
select m.account_id as account, ${zoned('m.at_ms')} as month, n.id as meter,
       case when m.seq < b.seq then null else ${zoned('m.moved_ms')} end as arrival,
       sum(m.postpaid)::text as postpaid, sum(m.drawn)::text as drawn
from moves m join zones z using (account_id) join meters n on n.no = m.meter
join bills b on b.account_id = m.account_id and b.period = ${zoned('m.at_ms')}
group by 1, 2, 3, 4`;

const billsSql = `with ${zones}, trades as (
  select account_id, bought_ms as at_ms, price from packs where not gift
  union all
  select r.account_id, r.at_ms, -p.price from pack_refunds r join packs p using (account_id, pack_no))
select b.account_id as account, a.book_id as book, b.period, b.document, coalesce((
  select sum(t.price) from trades t where t.account_id = b.account_id and ${zoned('t.at_ms')} = b.period), 0)::text as prepaid
from zones z join bills b using (account_id) join accounts a using (account_id) order by b.account_id, b.bill_no`;

/** Re-rates every bill of a range and compares its amounts. */
export async function checkIndependently(client: ClientBase, range: AccountRange, verdicts: Verdicts): Promise<void> {
  const values = [range.after, range.through];
  const { rows: bills } = await client.query<BillText>(billsSql, values);
  if (bills.length === 0) return;
  const { rows: moves } = await client.query<Move>(movesSql, values);
  const { rows: books } = await client.query<{ id: string; document: BookDocument }>(
    'select id, document from price_books',
  );
  const byAccount = Map.groupBy(moves, (move) => move.account);
  const witness = new Witness('I7', verdicts);
  for (const bill of bills) {
    const book = books.find(({ id }) => id === bill.book)?.document;
    if (book === undefined) continue;
    witness.at(bill.account);
    witness.count();
    const amounts = amountsOf(bill, byAccount.get(bill.account) ?? [], book);
    const document: Record<string, unknown> = { ...readDocument(bill.document) };
    for (const [name, fen] of Object.entries(amounts)) {
      const expected = fen === null ? 'no price' : decimal(fen);
      witness.same('bills', `period ${bill.period}, ${name}`, expected, String(document[name]));
    }
  }
}

function amountsOf({ period, prepaid }: BillText, moves: readonly Move[], book: BookDocument) {
  let [postpaid, adjustments]: [bigint | null, bigint | null] = [0n, 0n];
  for (const tariff of book.tariffs) {
    const meters = book.meters.flatMap(({ id, tariff: of }) => (of === tariff.id ? [id] : []));
    const ofTariff = moves.filter(({ meter }) => meters.includes(meter));
    const charged = (month: string, counts: (arrival: string | null) => boolean) =>
      charge(
        tariff,
        ofTariff.filter((move) => move.month === month && counts(move.arrival)),
      );
    postpaid = plus(
      postpaid,
      charged(period, (arrival) => arrival === null),
    );
    for (const month of new Set(ofTariff.flatMap((move) => (move.arrival === period ? [move.month] : [])))) {
      const after = charged(month, (arrival) => arrival === null || arrival <= period);
      const before = charged(month, (arrival) => arrival === null || arrival < period);
      adjustments = plus(adjustments, after === null || before === null ? null : after - before);
    }
  }
  return { prepaid: BigInt(prepaid), postpaid, adjustments, total: plus(plus(BigInt(prepaid), postpaid), adjustments) };
}

const plus = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a + b);

/** Fen for a month's calls of one tariff, half up; null where a price is missing. */
function charge({ mode, bound, basis, tiers }: TariffDocument, moves: readonly Move[]): bigint | null {
  const sum = (part: 'postpaid' | 'drawn') => moves.reduce((total, move) => total + BigInt(move[part]), 0n);
  const [postpaid, first] = [sum('postpaid'), basis === 'gross' ? sum('drawn') : 0n];
  const reached = first + postpaid;
  let hundredMillionths = 0n;
  const add = (calls: bigint, price: string | null): boolean => {
    if (price === null) return calls === 0n;
    const [whole = '0', places = ''] = price.split('.');
    hundredMillionths += calls * BigInt(whole + places.padEnd(8, '0'));
    return true;
  };
  if (mode === 'graduated') {
    for (const { from, to, price } of tiers) {
      const low = first > BigInt(from) ? first : BigInt(from);
      const high = to !== null && BigInt(to) < reached ? BigInt(to) : reached;
      if (high > low && !add(high - low, price)) return null;
    }
  } else {
    const holds = (from: bigint) => (bound === 'lower-inclusive' ? from <= reached : from < reached);
    const tier = tiers.findLast(({ from }) => holds(BigInt(from))) ?? tiers[0];
    if (tier === undefined || !add(postpaid, tier.price)) return null;
  }
  return (hundredMillionths * 2n + 1_000_000n) / 2_000_000n;
}

function decimal(fen: bigint): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
