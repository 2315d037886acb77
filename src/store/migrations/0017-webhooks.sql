-- Where alerts go. account_id null: those of all accounts. kinds null: of every kind. secrets: sealed, see operations/sealed.ts.
-- ended: null, 'gone' (it answered 410) or 'off' (a person said so).
create table webhooks (
  id text collate "C" primary key,
  account_id text collate "C" references accounts,
  url text not null,
  kinds text[],
  secrets text not null,
  created_ms bigint not null,
  created_by text not null,
  ended text,
  succeeded_ms bigint,
  failures integer not null default 0,
  problem text
);
create index webhooks_of_account on webhooks (account_id, id);
-- place: the order in which they were made, which is that of an account's alerts. One alert to one receiver: a webhook, or an address of mail. id: what the receiver knows it by, the same at every try.
-- alert_no null: a trial of the receiver. problem: why the last try failed.
create table deliveries (
  id text collate "C" primary key,
  place bigint generated always as identity,
  webhook_id text collate "C" references webhooks on delete cascade,
  address text,
  language text,
  account_id text collate "C",
  alert_no bigint,
  made_ms bigint not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
  tries integer not null default 0,
  next_ms bigint not null,
  ended_ms bigint,
  problem text,
  check ((webhook_id is null) <> (address is null))
);
create index deliveries_due on deliveries (next_ms, place) where state = 'waiting';
create index deliveries_of_account on deliveries (account_id, made_ms, id);
create index deliveries_by_time on deliveries (made_ms, id);
create index deliveries_of_webhook on deliveries (webhook_id, made_ms, id);
create index deliveries_ended on deliveries (ended_ms) where state = 'delivered';
