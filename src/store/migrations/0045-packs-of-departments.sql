-- A pack may be for the calls of one department alone.
alter table packs add column department text;
