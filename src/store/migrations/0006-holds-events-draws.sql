-- One id names one call: a hold cannot be made under an id that the ledger has as an event. Asked by the statement that enters holds.
create function refuse_taken(id text) returns integer language plpgsql as $$
begin
  raise exception 'event % is in the ledger', id using errcode = 'unique_violation';
end
$$;

-- Draws in the order in which they were made: 1, 2, 3 … of each settlement. 0 in older rows, which are shown by pack number as before.
alter table event_draws add column place smallint not null default 0;
-- Whether an archive's file of draws says their order.
alter table archives add column ordered boolean not null default false;
