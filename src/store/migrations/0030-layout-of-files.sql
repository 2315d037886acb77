-- How a bill's files are laid out: bills that are final already keep the bytes of theirs, new ones get what is made now.
alter table bills add column layout smallint not null default 1;
alter table bills alter column layout set default 2;
