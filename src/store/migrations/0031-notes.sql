-- What the operator's people write down about an account, for one another: what was agreed, what was seen. Its own people never see it.
create table account_notes (
  account_id text collate "C" not null references accounts,
  no bigint generated always as identity,
  at_ms bigint not null,
  done_by text collate "C" not null,
  note text not null,
  primary key (account_id, no)
);
create trigger append_only before update or delete on account_notes for each row execute function refuse_change();
create trigger append_only_table before truncate on account_notes execute function refuse_change();
