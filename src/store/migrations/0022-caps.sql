-- Caps of accounts: how many calls a day or a month may be authorised, of all, of a department, a meter or a key. What of them is used
-- stands on the account's head.
create table caps (
  account_id text collate "C" not null,
  -- What its counters on the head are found by.
  no integer not null,
  name text not null,
  cap text not null,
  at_ms bigint not null,
  done_by text collate "C" not null,
  primary key (account_id, no),
  unique (account_id, name)
);
-- The first of the keys that were rotated into this one: they are one key where calls are counted. Null: itself.
alter table api_keys add column root text collate "C";
