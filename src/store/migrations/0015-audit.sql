-- Privileged acts: who, when, from where, what was asked, what was before and after. chain: the account, or '' for acts about none.
-- hash: of the row before it, this row's number and content, so that none can be changed, removed or put elsewhere unseen.
create table audit (
  chain text collate "C" not null,
  no bigint not null,
  at_ms bigint not null,
  done_by text not null,
  address text,
  request text,
  operation text not null,
  subject text not null,
  asked text,
  before text,
  after text,
  hash text not null,
  primary key (chain, no)
);
create index audit_by_time on audit (at_ms, chain, no);
create table audit_heads (
  chain text collate "C" primary key,
  length bigint not null,
  hash text not null
);
create trigger append_only before update or delete on audit for each row execute function refuse_change();
create trigger append_only_table before truncate on audit execute function refuse_change();
