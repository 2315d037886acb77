-- Months of events that lie in compressed files. `sha256` is of the file's bytes; `restored_ms` when the rows came back.
create table archives (
  month text collate "C" not null,
  no integer not null,
  events_file text not null,
  events_sha256 text not null,
  events bigint not null,
  draws_file text not null,
  draws_sha256 text not null,
  draws bigint not null,
  archived_ms bigint not null,
  restored_ms bigint,
  primary key (month, no)
);
