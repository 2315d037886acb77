-- Holds whose time runs out while nobody touches their account.
create index holds_expiry on holds (expires_ms);

-- Events that wait for a person may wait because the provider itself says otherwise than the code table: 5, 6, 7 too.
drop index events_held;
create index events_held on events (account_id, seq) where outcome in (2, 4, 5, 6, 7);

-- Which account a flow at the provider was begun for, and what its attempts are recorded as.
create table flow_tokens (
  token text collate "C" primary key,
  account_id text collate "C" not null references accounts,
  -- That fetches what came of it.
  action text not null,
  channel text,
  library text,
  made_ms bigint not null
);
create index on flow_tokens (made_ms);

-- Days of the provider's own list, and how far each has been read.
create table sweeps (
  day text collate "C" primary key,
  -- The page to read next.
  cursor bigint not null,
  begun_ms bigint not null,
  -- Null: it is not whole yet.
  ended_ms bigint,
  pages bigint not null default 0,
  attempts bigint not null default 0,
  metered bigint not null default 0,
  held bigint not null default 0
);

-- Attempts of that list that could not be matched with the ledger.
create table sweep_findings (
  day text collate "C" not null,
  token text collate "C" not null,
  -- Empty: the list has none.
  attempt text collate "C" not null,
  at_ms bigint not null,
  why text not null,
  -- Of the token, where it is known.
  account_id text collate "C",
  rule text,
  result_code text,
  charged boolean not null,
  primary key (day, token, attempt, at_ms)
);
