-- The last month whose gifts of its price book an account has been given. Null: none yet, or its book has no monthly gifts.
alter table accounts add column gifts_through text collate "C";
create index accounts_by_gifts on accounts (book_id, gifts_through, account_id);
