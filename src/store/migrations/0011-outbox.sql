-- What happened to an account and is to be told, written with what made it happen. seq: the ledger row that it comes of.
-- details: canonical JSON of figures, ids and codes. Rows wait until they are delivered; a delivered one may be deleted.
create table outbox (
  account_id text collate "C" not null,
  seq bigint not null,
  place smallint not null,
  kind text collate "C" not null,
  at_ms bigint not null,
  details text not null,
  delivered_ms bigint,
  primary key (account_id, seq, place)
);
create index outbox_waiting on outbox (account_id, seq, place) where delivered_ms is null;
