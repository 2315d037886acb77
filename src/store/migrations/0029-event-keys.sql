-- By which key an event came, of events that came while a cap of that key was set: what the cap counts is counted again by it. The key is
-- the first of those that were rotated into one another. Rows go with their events into no archive: what is archived no cap counts.
create table event_keys (
  account_id text collate "C" not null,
  -- Ledger number of the event.
  seq bigint not null,
  key text collate "C" not null,
  primary key (account_id, seq)
);
