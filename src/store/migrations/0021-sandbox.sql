-- Whether this ledger is a sandbox's, whose clock its callers set. Written while it has no accounts. A ledger that has some is none.
create table ledger_kind (
  one boolean primary key default true check (one),
  sandbox boolean not null
);
insert into ledger_kind (sandbox) select false where exists (select 1 from accounts);
