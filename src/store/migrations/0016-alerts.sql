-- What accounts are told, made from the outbox and from time. no: 1, 2, 3 … of the account. details: canonical JSON as the wire has it.
-- once: what makes it one of a kind in its account. handed_ms: deliveries have been made of it.
create table alerts (
  account_id text collate "C" not null,
  no bigint not null,
  kind text collate "C" not null,
  at_ms bigint not null,
  details text not null,
  once text collate "C" not null,
  handed_ms bigint,
  primary key (account_id, no),
  unique (account_id, once)
);
create index alerts_by_time on alerts (at_ms, account_id, no);
create index alerts_of_account on alerts (account_id, at_ms, no);
create index alerts_waiting on alerts (account_id, no) where handed_ms is null;
-- What may have to be said to have ended.
create index alerts_begun on alerts (account_id, kind) where kind in ('service-stopped', 'account-silent');
create index outbox_delivered on outbox (delivered_ms) where delivered_ms is not null;
-- What an account asked to be told otherwise than all others. settings: canonical JSON.
create table alert_settings (
  account_id text collate "C" primary key references accounts,
  settings text not null
);
-- Shares of a pack, in percent, that an account asked for: they hold for its ledger rows after after_seq, until the next row here.
create table pack_thresholds (
  account_id text collate "C" not null references accounts,
  after_seq bigint not null,
  percents text not null,
  primary key (account_id, after_seq)
);
-- Delivered rows of the outbox are deleted after a time: those of ledger rows up to this one.
create table outbox_ends (
  account_id text collate "C" primary key,
  through_seq bigint not null
);
