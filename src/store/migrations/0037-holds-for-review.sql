-- What the expiry of a hold means: that no call was made, or that nobody knows.
alter table holds add column review boolean not null default false;
