-- The files an archiving is about to write, noted before the first byte and forgotten by its own transaction. A row that
-- remains is of a process that was killed: the next archiving removes the files, wherever they lie, and the row.
create table archive_attempts (
  files text[] primary key,
  began_ms bigint not null
);
