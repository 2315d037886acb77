-- What an account buys by itself when its packs run low. order: canonical JSON.
create table standing_orders (
  account_id text collate "C" not null references accounts,
  name text collate "C" not null,
  standing_order text not null,
  done_by text not null,
  primary key (account_id, name)
);
-- What each has bought, or would have: once for what made it. order_no null: it was refused, and is tried again.
create table standing_purchases (
  account_id text collate "C" not null references accounts,
  name text collate "C" not null,
  cause text collate "C" not null,
  at_ms bigint not null,
  order_no integer,
  amount bigint not null,
  primary key (account_id, name, cause)
);
