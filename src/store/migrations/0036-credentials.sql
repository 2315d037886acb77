-- What an account's FaceID SDKs sign with. The SecretKey is made of the pepper, the SecretId and the generation, and stored nowhere.
create table gateway_credentials (
  secret_id text collate "C" primary key,
  account_id text collate "C" not null references accounts,
  name text not null,
  generation integer not null check (generation > 0),
  -- Until when the generation before is good too.
  former_until_ms bigint,
  created_ms bigint not null,
  created_by text collate "C" not null,
  revoked_ms bigint,
  revoked_by text collate "C"
);
create index on gateway_credentials (account_id, created_ms) where revoked_ms is null;
