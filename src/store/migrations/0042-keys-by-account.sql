-- So that the tables can be spread over nodes by account. A key of what is spread holds the account; a bank's reference confirms one order,
-- whoever's, so that key is one of a table of its own. Written with the order's end.
create table order_references (
  reference text collate "C" primary key,
  account_id text collate "C" not null,
  order_no integer not null,
  unique (account_id, order_no)
);
insert into order_references (reference, account_id, order_no)
  select reference, account_id, order_no from order_ends where reference is not null;
alter table order_ends drop constraint order_ends_reference_key;
create trigger append_only before update or delete on order_references for each row execute function refuse_change();
create trigger append_only_table before truncate on order_references execute function refuse_change();
-- Numbers that are copied to every node are given by the statement that adds them.
alter table meters alter no drop identity;
