-- Prices of a book that change for all its accounts: from a month on they are those of another book, which differs in nothing else.
create table book_versions (
  book_id text collate "C" not null references price_books (id),
  from_period text collate "C" not null,
  prices_of text collate "C" not null references price_books (id),
  at_ms bigint not null,
  done_by text collate "C" not null,
  primary key (book_id, from_period)
);
