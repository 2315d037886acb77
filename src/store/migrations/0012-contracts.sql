-- Prices that one account has agreed on, from a period on. terms: canonical JSON of tiers and pack prices.
create table contracts (
  account_id text collate "C" not null references accounts,
  contract_no integer not null,
  seq bigint not null,
  from_period text collate "C" not null,
  at_ms bigint not null,
  done_by text collate "C" not null,
  terms text not null,
  primary key (account_id, contract_no),
  unique (account_id, seq)
);
create trigger append_only before update or delete on contracts for each row execute function refuse_change();
create trigger append_only_table before truncate on contracts execute function refuse_change();
