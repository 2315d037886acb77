-- The day of the corrected calls, where their tariff counts by the day; '' where it counts by the month.
alter table corrections add column day text collate "C" not null default '';
alter table corrections drop constraint corrections_pkey;
alter table corrections add primary key (account_id, period, arrival, meter, day);
