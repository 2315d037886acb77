-- Who did it: the id of a key, 'local' for whoever runs the server's machine, null for what was done before this was kept.
alter table voids add column done_by text collate "C";
alter table reviews add column done_by text collate "C";
alter table price_books add column added_by text collate "C";

-- What a key may do.
alter table api_keys
  add column scopes text[] not null default '{}',
  add column created_by text collate "C",
  add column revoked_by text collate "C";
update api_keys set scopes = case when account_id is null then '{read,meter,manage}' else '{read,buy,meter}' end::text[];
alter table api_keys alter column scopes drop default;

-- An operator's hold is captured and released by operators alone.
alter table holds add column by_operator boolean not null default false;

-- What an account may spend, as it was set: `before` is null where the account was opened.
create table account_changes (
  account_id text collate "C" not null,
  no bigint generated always as identity,
  at_ms bigint not null,
  done_by text collate "C" not null,
  before jsonb,
  after jsonb not null,
  primary key (account_id, no)
);
create trigger append_only before update or delete on account_changes for each row execute function refuse_change();
create trigger append_only_table before truncate on account_changes execute function refuse_change();

-- What the pepper of this database's keys makes of a fixed text. One row.
create table pepper_check (
  one boolean primary key default true check (one),
  value text not null
);
