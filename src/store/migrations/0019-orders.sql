-- Orders: rows of their account's ledger, as their ends are. goods: canonical JSON, what is ordered at the prices of that day.
create table orders (
  account_id text collate "C" not null references accounts,
  order_no integer not null,
  seq bigint not null,
  at_ms bigint not null,
  pay text collate "C" not null,
  amount bigint not null,
  -- From then on it cannot be paid any more; null: it was paid at once.
  lapses_ms bigint,
  goods text not null,
  done_by text not null,
  primary key (account_id, order_no),
  unique (account_id, seq)
);
create index orders_by_time on orders (at_ms, account_id, order_no);
create index orders_lapsing on orders (lapses_ms) where lapses_ms is not null;
-- How each ended, once: how is delivered, cancelled or lapsed. reference: the payer's own, of what was received; it pays one order.
create table order_ends (
  account_id text collate "C" not null,
  order_no integer not null,
  seq bigint not null,
  at_ms bigint not null,
  how text collate "C" not null,
  received bigint,
  reference text collate "C" unique,
  done_by text not null,
  primary key (account_id, order_no),
  unique (account_id, seq),
  foreign key (account_id, order_no) references orders
);
create trigger append_only before update or delete on orders for each row execute function refuse_change();
create trigger append_only_table before truncate on orders execute function refuse_change();
create trigger append_only before update or delete on order_ends for each row execute function refuse_change();
create trigger append_only_table before truncate on order_ends execute function refuse_change();
