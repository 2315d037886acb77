-- Acts that wait for a second person: what was asked, by whom, until when, and who decided.
create table approvals (
  id text collate "C" primary key,
  account_id text collate "C" not null,
  act text collate "C" not null,
  -- What it takes to do it, as JSON.
  asked text not null,
  amount bigint not null,
  asked_by text collate "C" not null,
  asked_ms bigint not null,
  expires_ms bigint not null,
  -- Null: it waits, or has lapsed; else 'approved' or 'rejected'.
  decision text,
  decided_by text collate "C",
  decided_ms bigint
);
create index approvals_by_account on approvals (account_id, asked_ms desc, id desc);
create index approvals_by_time on approvals (asked_ms desc, id desc);

-- A credit is money that nobody paid in: what it is for stands in its reference.
alter table money_entries drop constraint money_entries_kind_check;
alter table money_entries add constraint money_entries_kind_check
  check (kind in ('top-up', 'purchase', 'refund', 'bill', 'credit'));
-- Paid back though its window had closed: an operator's exception.
alter table pack_refunds add column exception boolean not null default false;
