-- Long lists of an account as files, written by a job: what was asked for, how far it is, and the file in pieces. Kept for days, then gone.
create table list_exports (
  id text collate "C" primary key,
  account_id text collate "C" not null references accounts,
  asked jsonb not null,
  -- Of the account's head when it was asked for: what came later is not in the file.
  through_seq bigint not null,
  asked_by text collate "C" not null,
  asked_ms bigint not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  rows_done bigint not null default 0,
  -- Null: nobody has counted them, or nobody can.
  rows_all bigint,
  ended_ms bigint,
  problem text
);
create index list_exports_by_account on list_exports (account_id, asked_ms, id);
create index list_exports_open on list_exports (asked_ms, id) where state in ('waiting', 'running');
create table export_pieces (
  export_id text collate "C" not null references list_exports on delete cascade,
  no integer not null,
  -- A member of a gzip file.
  content bytea not null,
  primary key (export_id, no)
);
