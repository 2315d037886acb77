-- Who signs in: operators (no account) and an account's own people. An e-mail address is kept in small letters and belongs to one person.
create table people (
  id text collate "C" primary key,
  email text collate "C" not null unique,
  name text not null,
  role text collate "C" not null,
  account_id text collate "C" references accounts,
  language text not null,
  -- argon2id in PHC form; null: none has been set yet.
  password text,
  created_ms bigint not null,
  created_by text not null,
  disabled_ms bigint,
  disabled_by text,
  signed_in_ms bigint
);
create index people_by_account on people (account_id, id);

-- Only a keyed hash of a session's token is stored; the prefix finds the row.
create table sessions (
  prefix text collate "C" primary key,
  person text collate "C" not null references people,
  hash text not null,
  -- 'password' or 'oidc'.
  way text not null,
  created_ms bigint not null,
  used_ms bigint not null,
  -- Whatever is done with it, it ends then.
  expires_ms bigint not null,
  ended_ms bigint,
  address text not null,
  agent text not null
);
create index sessions_by_person on sessions (person, created_ms);

-- A link by which a person sets a password, once. Its token is made of the id and the pepper: nothing here is secret.
create table password_links (
  id text collate "C" primary key,
  person text collate "C" not null references people,
  -- 'invitation' or 'reset'.
  purpose text not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  used_ms bigint,
  -- Null: it is not sent by mail; else 'waiting', 'sent' or 'failed'.
  mail text,
  tries int not null default 0,
  next_ms bigint not null default 0,
  problem text
);
create index password_links_by_person on password_links (person, expires_ms);
create index password_links_waiting on password_links (next_ms) where mail = 'waiting';
