-- The ledger. Facts are inserted; what can be derived from them is marked so and recomputed by `suanpan verify`.
-- Every table of an account carries account_id in its key. Times are milliseconds since 1970-01-01T00:00:00Z.

create table price_books (
  id text collate "C" primary key,
  document jsonb not null,
  digest text not null,
  added_ms bigint not null
);

-- Meter ids as small numbers: an event row stores two bytes instead of the name.
create table meters (
  no smallint generated always as identity primary key,
  id text collate "C" not null unique
);

create table accounts (
  account_id text collate "C" primary key,
  name text not null,
  book_id text collate "C" not null references price_books (id),
  opened_on date,
  created_ms bigint not null
);

-- One head per account: all that decides about its next call, with one version. Derived from the tables below.
create table account_heads (
  account_id text collate "C" primary key,
  version bigint not null,
  state text not null
) with (fillfactor = 40);

-- outcome: 0 charged, 1 not charged, 2 held for review, 3 charged while service was stopped.
-- draw_count: 0 none, 1 the pack in pack_no, more: rows of event_draws.
create table events (
  seq bigint not null,
  at_ms bigint not null,
  received_ms bigint not null,
  calls bigint not null check (calls between 1 and 1000000000000),
  postpaid bigint not null,
  pack_no integer,
  meter smallint,
  outcome smallint not null,
  draw_count smallint not null,
  account_id text collate "C" not null,
  event_id text collate "C" not null,
  department text,
  action text,
  channel text,
  library text,
  result_code text,
  primary key (event_id, account_id)
);
create index events_by_time on events (account_id, at_ms, seq);

create table event_draws (
  account_id text collate "C" not null,
  seq bigint not null,
  pack_no integer not null,
  calls bigint not null check (calls > 0),
  primary key (account_id, seq, pack_no)
);

create table voids (
  account_id text collate "C" not null,
  event_id text collate "C" not null,
  seq bigint not null,
  at_ms bigint not null,
  primary key (account_id, event_id)
);

-- What a person decided about an event held for review; a charged one is settled by this row.
create table reviews (
  account_id text collate "C" not null,
  event_id text collate "C" not null,
  seq bigint not null,
  at_ms bigint not null,
  outcome smallint not null,
  postpaid bigint not null,
  pack_no integer,
  draw_count smallint not null,
  primary key (account_id, event_id)
);

create table holds (
  account_id text collate "C" not null,
  hold_id text collate "C" not null,
  seq bigint not null,
  meter smallint not null,
  calls bigint not null,
  at_ms bigint not null,
  expires_ms bigint not null,
  department text,
  draws text not null,
  postpaid bigint not null,
  primary key (account_id, hold_id)
);

create table hold_ends (
  account_id text collate "C" not null,
  hold_seq bigint not null,
  seq bigint not null,
  how text not null check (how in ('captured', 'released', 'expired')),
  at_ms bigint not null,
  primary key (account_id, hold_seq)
);

create table packs (
  account_id text collate "C" not null,
  pack_no integer not null,
  pack_id text collate "C" not null,
  seq bigint not null,
  product text collate "C" not null,
  gift boolean not null,
  calls bigint not null check (calls > 0),
  price bigint not null check (price >= 0),
  bought_ms bigint not null,
  effective_ms bigint not null,
  expires_ms bigint not null check (expires_ms > effective_ms),
  primary key (account_id, pack_no),
  unique (account_id, pack_id)
);

create table pack_refunds (
  account_id text collate "C" not null,
  pack_no integer not null,
  seq bigint not null,
  at_ms bigint not null,
  primary key (account_id, pack_no)
);

create table forfeits (
  account_id text collate "C" not null,
  seq bigint not null,
  pack_no integer not null,
  units bigint not null check (units > 0),
  booked_ms bigint not null,
  primary key (account_id, seq)
);

create table money_entries (
  account_id text collate "C" not null,
  seq bigint not null,
  kind text not null check (kind in ('top-up', 'purchase', 'refund', 'bill')),
  amount bigint not null,
  balance bigint not null,
  at_ms bigint not null,
  reference text not null,
  primary key (account_id, seq)
);

-- Derived: calls by day of the call, meter and payer ('pack:NO', 'postpaid', 'not-charged').
-- What the account's head has counted since comes on top.
create table usage_days (
  account_id text collate "C" not null,
  day date not null,
  meter smallint not null,
  payer text collate "C" not null,
  calls bigint not null,
  primary key (account_id, day, meter, payer)
) with (fillfactor = 70);

-- Derived: signed changes to final periods, by the period whose bill carries them.
create table corrections (
  account_id text collate "C" not null,
  period text collate "C" not null,
  arrival text collate "C" not null,
  meter smallint not null,
  postpaid bigint not null,
  drawn bigint not null,
  primary key (account_id, period, arrival, meter)
);

create table bills (
  account_id text collate "C" not null,
  period text collate "C" not null,
  bill_no integer not null,
  seq bigint not null,
  closed_ms bigint not null,
  digest text not null,
  document text not null,
  primary key (account_id, period),
  unique (account_id, bill_no)
);

create table api_keys (
  prefix text collate "C" primary key,
  account_id text collate "C",
  name text not null,
  hash text not null,
  created_ms bigint not null,
  revoked_ms bigint
);

create table idempotency_keys (
  scope text collate "C" not null,
  key text collate "C" not null,
  digest text not null,
  status smallint not null,
  body text not null,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'integrity_constraint_violation';
end
$$;
create trigger append_only before update or delete on money_entries for each row execute function refuse_change();
create trigger append_only_table before truncate on money_entries execute function refuse_change();
create trigger append_only before update or delete on bills for each row execute function refuse_change();
create trigger append_only_table before truncate on bills execute function refuse_change();
