-- Events that wait for a person, or have waited: few among many.
create index events_held on events (account_id, seq) where outcome in (2, 4);
