-- How long a key lasts, null: until it is revoked; when it was used last, to about a minute.
alter table api_keys add column expires_ms bigint, add column used_ms bigint;
