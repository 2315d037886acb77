// Ways to tamper with a ledger by SQL, each with the invariant that has to break and the table that verify has to name.

import type { InvariantId } from '../../src/verify/invariants.ts';

export interface Sabotage {
  readonly name: string;
  /** Changes rows; gives the account and a part of the key of the row that verify has to name. */
  readonly sql: string;
  readonly breaks: InvariantId;
  readonly table: string;
}

/** The first row of a table in ledger order that fits. */
const first = (table: string, fits = 'true') =>
  `(account_id, seq) = (select account_id, seq from ${table} x where ${fits} order by account_id, seq limit 1)`;
/** A draw that its event counts, of none that came before its pack. */
const ofDivided = `exists (select 1 from events e where e.account_id = d.account_id and e.seq = d.seq and e.draw_count > 1)`;
const bySeq = `returning account_id, 'seq ' || seq as key`;
/** Changes the JSON of the first head that fits. */
const head = (column: 'fixed' | 'state', json: string, key: string, fits = 'true') =>
  `update account_heads set ${column} = ${json.replaceAll('FIXED', 'fixed::jsonb').replaceAll('STATE', 'state::jsonb')}
   where account_id = (select account_id from account_heads where ${fits.replaceAll('STATE', 'state::jsonb')} order by account_id limit 1)
   returning account_id, ${key.replaceAll('STATE', 'state::jsonb')} as key`;
const billed = (document: string) =>
  `update bills set document = ${document}, digest = encode(sha256(convert_to(${document}, 'UTF8')), 'hex') where ${first('bills')} ${bySeq}`;

export const sabotages: readonly Sabotage[] = [
  {
    name: 'a contract deleted',
    sql: `delete from contracts where ${first('contracts')} returning account_id, 'seq ' || seq as key`,
    breaks: 'I2',
    table: 'ledger',
  },
  {
    name: 'thresholds that nobody asked for',
    sql: head('fixed', `jsonb_set(FIXED, '{thresholds}', '[98]')`, `'pack thresholds'`),
    breaks: 'I5',
    table: 'account_heads',
  },
  {
    name: 'a contract by another number',
    sql: `update contracts set contract_no = contract_no + 1000 where ${first('contracts')} ${bySeq}`,
    breaks: 'I5',
    table: 'contracts',
  },
  {
    name: 'terms that cannot be read',
    sql: `update contracts set terms = '{"tariffs' where ${first('contracts')} ${bySeq}`,
    breaks: 'I5',
    table: 'contracts',
  },
  {
    name: 'a contract that begins earlier',
    sql: `update contracts set from_period = '2020-01' where ${first('contracts')} ${bySeq}`,
    breaks: 'I5',
    table: 'contracts',
  },
  {
    name: "a draw's pack",
    sql: `update events set pack_no = case pack_no when 1 then 2 else pack_no - 1 end where ${first('events', 'draw_count = 1')} ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: 'postpaid of an event',
    sql: `update events set postpaid = postpaid + 1 where ${first('events', 'draw_count = 0 and postpaid > 0')} ${bySeq}`,
    breaks: 'I3',
    table: 'events',
  },
  {
    name: 'postpaid moved into a draw',
    sql: `update events set postpaid = postpaid - 1 where ${first('events', 'draw_count = 1 and postpaid > 0')} ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: 'service said to be stopped',
    sql: `update events set outcome = 3 where ${first('events', 'outcome = 0')} ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: 'an event held as late into a month that is not final',
    sql: `update events set outcome = 4, postpaid = 0, draw_count = 0, pack_no = null
          where ${first('events', 'outcome = 0 and postpaid = calls')} ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: 'an event made free of charge',
    sql: `update events set outcome = 1, postpaid = 0, draw_count = 0, pack_no = null where ${first('events', 'outcome = 0')} ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: 'a draw of a divided event',
    sql: `update event_draws set calls = calls + 1 where (account_id, seq, pack_no) = (
            select account_id, seq, pack_no from event_draws d where ${ofDivided} order by 1, 2, 3 limit 1) ${bySeq}`,
    breaks: 'I3',
    table: 'events',
  },
  {
    name: 'the order of the draws of a divided event',
    sql: `update event_draws set place = -1 where place = 2 and (account_id, seq) = (
            select account_id, seq from event_draws d where ${ofDivided} order by 1, 2 limit 1) ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: "an event's time, into another month",
    sql: `update events set at_ms = at_ms - 31 * 86400000::bigint where ${first('events', 'postpaid > 0 and not exists (select 1 from voids v where v.account_id = x.account_id and v.event_id = x.event_id)')}
          returning account_id, 'period ' as key`,
    breaks: 'I6',
    table: 'bills',
  },
  {
    name: 'a time before the late window',
    sql: `update events set at_ms = at_ms - 90 * 86400000::bigint where ${first('events')} ${bySeq}`,
    breaks: 'I5',
    table: 'events',
  },
  {
    name: 'an event deleted',
    sql: `delete from events where ${first('events')} ${bySeq}`,
    breaks: 'I2',
    table: 'ledger',
  },
  { name: 'a void deleted', sql: `delete from voids where ${first('voids')} ${bySeq}`, breaks: 'I2', table: 'ledger' },
  {
    name: 'a review deleted',
    sql: `delete from reviews where ${first('reviews')} ${bySeq}`,
    breaks: 'I2',
    table: 'ledger',
  },
  { name: 'a hold deleted', sql: `delete from holds where ${first('holds')} ${bySeq}`, breaks: 'I2', table: 'ledger' },
  {
    name: "a hold's end deleted",
    sql: `delete from hold_ends where ${first('hold_ends')} ${bySeq}`,
    breaks: 'I2',
    table: 'ledger',
  },
  {
    name: 'a gift deleted',
    sql: `delete from packs where ${first('packs', 'gift')} ${bySeq}`,
    breaks: 'I2',
    table: 'ledger',
  },
  {
    name: 'a bill deleted',
    sql: `delete from bills where ${first('bills')} ${bySeq}`,
    breaks: 'I2',
    table: 'money_entries',
  },
  {
    name: 'the last row deleted',
    sql: `delete from events where (account_id, seq) = (
            select e.account_id, e.seq from events e join account_heads h using (account_id)
            where e.seq = (h.state::json->>'seq')::bigint limit 1) returning account_id, 'seq' as key`,
    breaks: 'I2',
    table: 'account_heads',
  },
  {
    name: 'a review of an event that was not held',
    sql: `update reviews set event_id = (select event_id from events e where e.account_id = reviews.account_id and outcome = 0 limit 1)
          where ${first('reviews')} ${bySeq}`,
    breaks: 'I2',
    table: 'reviews',
  },
  {
    name: 'an event of no account',
    sql: `insert into events select 1, at_ms, received_ms, calls, postpaid, null, meter, 0, 0, 'nobody', event_id
          from events where ${first('events', 'draw_count = 0 and outcome = 0')} returning account_id, 'nobody' as key`,
    breaks: 'I2',
    table: 'accounts',
  },
  {
    name: 'what a head has left of a pack',
    sql: head(
      'state',
      `jsonb_set(STATE, '{packs,0,1}', to_jsonb((STATE #>> '{packs,0,1}')::bigint - 1))`,
      `'pack_no ' || (STATE #>> '{packs,0,0}') || ','`,
      `jsonb_array_length(STATE -> 'packs') > 0`,
    ),
    breaks: 'I4',
    table: 'account_heads',
  },
  {
    name: 'a pack untouched by its head',
    sql: head(
      'state',
      `jsonb_set(STATE, '{packs,0,2}', to_jsonb(1 - (STATE #>> '{packs,0,2}')::int))`,
      `'pack_no ' || (STATE #>> '{packs,0,0}') || ')'`,
      `jsonb_array_length(STATE -> 'packs') > 0`,
    ),
    breaks: 'I5',
    table: 'account_heads',
  },
  {
    name: "a head's balance",
    sql: head('fixed', `jsonb_set(FIXED, '{balance}', '1')`, `'balance'`),
    breaks: 'I9',
    table: 'account_heads',
  },
  {
    name: "a head's arrears",
    sql: head('fixed', `jsonb_set(FIXED, '{negativeSince}', '1')`, `'negativeSince'`),
    breaks: 'I9',
    table: 'account_heads',
  },
  {
    name: "a head's month",
    sql: head('state', `jsonb_set(STATE, '{months,2026-12}', '5')`, `'2026-12'`),
    breaks: 'I6',
    table: 'account_heads',
  },
  {
    name: "a head's final months",
    sql: head('fixed', `jsonb_set(FIXED, '{finals}', '""')`, `'final periods'`),
    breaks: 'I11',
    table: 'account_heads',
  },
  {
    name: 'a pack that expires later',
    sql: `update packs set expires_ms = expires_ms + 1 where ${first('packs', 'not gift')} ${bySeq}`,
    breaks: 'I5',
    table: 'packs',
  },
  {
    name: "a pack's size",
    sql: `update packs set calls = calls + 1 where ${first('packs')} returning account_id, 'pack_no ' || pack_no || ',' as key`,
    breaks: 'I4',
    table: 'account_heads',
  },
  {
    name: "a pack's price",
    sql: `update packs set price = price - 1 where ${first('packs', 'not gift')} ${bySeq}`,
    breaks: 'I9',
    table: 'money_entries',
  },
  {
    name: 'a forfeit',
    sql: `update forfeits set units = units + 1 where ${first('forfeits')} ${bySeq}`,
    breaks: 'I5',
    table: 'forfeits',
  },
  {
    name: "a hold's payer",
    sql: `update holds set draws = '[]', postpaid = calls where ${first('holds', "draws <> '[]'")} ${bySeq}`,
    breaks: 'I5',
    table: 'holds',
  },
  {
    name: "a captured hold's event",
    sql: `update events set event_id = event_id || 'x' where (account_id, seq) = (
            select account_id, seq + 1 from hold_ends where how = 'captured' order by 1, 2 limit 1)
          returning account_id, 'seq ' || seq - 1 || ',' as key`,
    breaks: 'I1',
    table: 'hold_ends',
  },
  {
    name: "an entry's amount",
    sql: `update money_entries set amount = amount + 1 where ${first('money_entries', "kind = 'top-up'")} ${bySeq}`,
    breaks: 'I9',
    table: 'money_entries',
  },
  {
    name: "an entry's balance",
    sql: `update money_entries set balance = balance + 1 where ${first('money_entries', "kind in ('refund', 'purchase')")} ${bySeq}`,
    breaks: 'I9',
    table: 'money_entries',
  },
  {
    name: 'a counter',
    sql: `update usage_days set calls = calls + 1 where ctid = (select ctid from usage_days order by account_id, day, meter, payer limit 1)
          returning account_id, 'day ' || day as key`,
    breaks: 'I6',
    table: 'usage_days',
  },
  {
    name: 'a counter deleted',
    sql: `delete from usage_days where ctid = (select ctid from usage_days where calls <> 0 order by account_id, day, meter, payer limit 1)
          returning account_id, 'day ' || day as key`,
    breaks: 'I6',
    table: 'usage_days',
  },
  {
    name: 'a correction',
    sql: `update corrections set postpaid = postpaid + 1 where ctid = (select ctid from corrections order by account_id, period, arrival limit 1)
          returning account_id, 'period ' || period || ', arrival ' || arrival as key`,
    breaks: 'I6',
    table: 'corrections',
  },
  {
    name: "a bill's document",
    sql: `update bills set document = replace(document, '"state":"final"', '"state":"fina1"') where ${first('bills')} ${bySeq}`,
    breaks: 'I10',
    table: 'bills',
  },
  {
    name: "a bill's digest",
    sql: `update bills set digest = md5(digest) where ${first('bills')} ${bySeq}`,
    breaks: 'I10',
    table: 'bills',
  },
  {
    name: "a bill's words, with a fitting digest",
    sql: billed(`replace(document, '"state":"final"', '"state":"fina1"')`),
    breaks: 'I6',
    table: 'bills',
  },
  {
    name: "a bill's total, with a fitting digest",
    sql: billed(`regexp_replace(document, '"total":"', '"total":"9')`).replace(`'seq ' || seq`, `'period ' || period`),
    breaks: 'I8',
    table: 'bills',
  },
  {
    name: "a bill's amounts, rated otherwise",
    sql: billed(`regexp_replace(document, '"postpaid":"', '"postpaid":"9')`).replace(
      `'seq ' || seq`,
      `'period ' || period`,
    ),
    breaks: 'I7',
    table: 'bills',
  },
  {
    name: 'a gap in bill numbers',
    sql: `update bills set bill_no = bill_no + 7 where ${first('bills', 'bill_no > 1')} ${bySeq}`,
    breaks: 'I11',
    table: 'bills',
  },
  {
    name: 'the trigger that keeps bills',
    sql: `with row as (select 1) select '' as account_id, 'update' as key from row`,
    breaks: 'I10',
    table: 'bills',
  },
  {
    name: 'the trigger that keeps entries',
    sql: `with row as (select 1) select '' as account_id, 'truncate' as key from row`,
    breaks: 'I9',
    table: 'money_entries',
  },
  {
    name: 'the key that keeps events single',
    sql: `insert into events select * from events where ${first('events')} returning '' as account_id, 'event_id' as key`,
    breaks: 'I1',
    table: 'events',
  },
];

/** Changes of the schema that go before a sabotage. */
export const schemaChanges: Readonly<Record<string, string>> = {
  'the trigger that keeps bills': 'drop trigger append_only on bills',
  'the trigger that keeps entries': 'alter table money_entries disable trigger append_only_table',
  'the key that keeps events single': 'alter table events drop constraint events_pkey',
};
