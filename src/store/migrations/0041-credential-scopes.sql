-- What a credential may do, as keys have it; and which actions alone. Null: all.
alter table gateway_credentials
  add column scopes text[] not null default '{read,meter}',
  add column actions text[];
