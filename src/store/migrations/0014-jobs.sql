-- What time does by itself: one row a job, when it ran last and what came of it.
create table jobs (
  name text collate "C" primary key,
  begun_ms bigint,
  ended_ms bigint,
  next_ms bigint not null default 0,
  done integer not null default 0,
  waiting integer not null default 0,
  failed integer not null default 0,
  -- Of the last run, where it broke off.
  error text
);
