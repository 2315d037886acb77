-- How long a key lasts, null: until it is revoked; when it was used last, to about a minute.
-- portal: made to be shown to somebody's browser for a while; listed nowhere, and deleted some time after it has expired.
alter table api_keys add column expires_ms bigint, add column used_ms bigint, add column portal boolean not null default false,
  -- It has a successor: it is good until it expires, and is not rotated again.
  add column rotated boolean not null default false;
