-- Stands in for the Citus extension in tests on one PostgreSQL: what Suanpan asks it for is there by the same names, is written down, and
-- is refused where Citus' documentation says that it refuses. No row moves.

create schema citus;
grant usage on schema citus to public;

create table citus.calls (no bigint generated always as identity, call text not null);
create table citus.pg_dist_partition (
  logicalrelid regclass primary key, partmethod "char" not null, partkey text, colocationid integer not null, repmodel "char" not null
);
create table citus.pg_dist_node (nodeid serial, groupid integer not null, nodename text, nodeport integer, noderole text not null default 'primary');
create table citus.pg_dist_shard (logicalrelid regclass not null, shardid bigint not null);
create table citus.pg_dist_placement (placementid bigint generated always as identity, shardid bigint not null, groupid integer not null);
create table citus.pg_dist_object (classid oid not null, objid oid not null);
alter table citus.pg_dist_partition set schema pg_catalog;
alter table citus.pg_dist_node set schema pg_catalog;
alter table citus.pg_dist_shard set schema pg_catalog;
alter table citus.pg_dist_placement set schema pg_catalog;
alter table citus.pg_dist_object set schema pg_catalog;
grant select on citus.calls, pg_catalog.pg_dist_partition, pg_catalog.pg_dist_node, pg_catalog.pg_dist_shard,
  pg_catalog.pg_dist_placement, pg_catalog.pg_dist_object to public;

insert into pg_catalog.pg_dist_node (groupid, nodename, nodeport) values (0, 'coordinator', 5432), (1, 'one', 5432), (2, 'two', 5432);

create function column_to_column_name(regclass, text) returns text language sql as 'select $2';

create function citus.refuse(message text) returns void language plpgsql as $$
begin
  raise exception '%', message using errcode = 'feature_not_supported';
end
$$;

-- What every kind of table has to be.
create function citus.check_table(t regclass) returns void language plpgsql as $$
begin
  if exists (select from pg_attribute a where a.attrelid = t and a.attidentity <> '' and a.atttypid <> 'bigint'::regtype) then
    perform citus.refuse(format('cannot complete operation on %s with smallint/int identity column', t));
  end if;
  if not exists (select from pg_catalog.pg_dist_node where groupid = 0) then
    perform citus.refuse('the coordinator is not in the metadata');
  end if;
end
$$;

-- Triggers, but on tables of the coordinator, only by consent.
create function citus.check_triggers(t regclass) returns void language plpgsql as $$
begin
  if coalesce(current_setting('citus.enable_unsafe_triggers', true), 'off') <> 'on'
    and exists (select from pg_trigger g where g.tgrelid = t and not g.tgisinternal) then
    perform citus.refuse(format('cannot distribute relation "%s" because it has triggers', t));
  end if;
end
$$;

-- Foreign keys of a table as they would be once it lies as it is about to.
create function citus.check_keys(t regclass, method "char", replication "char", colocation integer) returns void language plpgsql as $$
declare
  k record;
begin
  for k in
    select c.conname, c.conrelid, c.confrelid, o.partmethod, o.repmodel, o.colocationid, c.conrelid = t as refers,
      exists (select from unnest(c.conkey, c.confkey) as x(a, b)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = x.a
        join pg_attribute b on b.attrelid = c.confrelid and b.attnum = x.b
        where a.attname = 'account_id' and b.attname = 'account_id') as by_account
    from pg_constraint c
    left join pg_catalog.pg_dist_partition o on o.logicalrelid = case when c.conrelid = t then c.confrelid else c.conrelid end
    where c.contype = 'f' and t in (c.conrelid, c.confrelid) and c.conrelid <> c.confrelid
  loop
    -- A table of the coordinator may refer to one that is the same everywhere, which may refer to it; nothing else goes with it.
    if method = 'h' and k.refers and not coalesce(k.partmethod = 'n' and k.repmodel = 't', false)
      and not coalesce(k.partmethod = 'h' and k.colocationid = colocation and k.by_account, false) then
      perform citus.refuse(format('cannot create foreign key constraint %s: relations are not colocated or not referencing a reference table', k.conname));
    end if;
    if method = 'h' and not k.refers and not coalesce(k.partmethod = 'h' and k.colocationid = colocation and k.by_account, false) then
      perform citus.refuse(format('foreign key %s from a table that is not distributed to one that is', k.conname));
    end if;
    if method = 'n' and k.refers and k.partmethod = 'h' then
      perform citus.refuse(format('cannot create foreign key constraint %s: from reference tables and local tables to distributed tables', k.conname));
    end if;
  end loop;
end
$$;

create function citus.lay(t regclass, method "char", key text, colocation integer, replication "char") returns void language plpgsql as $$
begin
  insert into pg_catalog.pg_dist_partition values (t, method, key, colocation, replication)
  on conflict (logicalrelid) do update set partmethod = excluded.partmethod, partkey = excluded.partkey,
    colocationid = excluded.colocationid, repmodel = excluded.repmodel;
end
$$;

create function create_reference_table(table_name regclass) returns void language plpgsql security definer
set search_path from current as $$
begin
  insert into citus.calls (call) values (format('create_reference_table %s', table_name));
  if exists (select from pg_catalog.pg_dist_partition where logicalrelid = table_name and repmodel = 't') then
    perform citus.refuse(format('table "%s" is already distributed', table_name));
  end if;
  perform citus.check_table(table_name);
  perform citus.check_triggers(table_name);
  perform citus.check_keys(table_name, 'n', 't', 0);
  perform citus.lay(table_name, 'n', null, 1, 't');
  -- What refers to it becomes a table of the coordinator that the engine knows.
  perform citus.lay(c.conrelid::regclass, 'n', null, 0, 's') from pg_constraint c
  where c.contype = 'f' and c.confrelid = table_name and not exists (select from pg_catalog.pg_dist_partition where logicalrelid = c.conrelid);
end
$$;

create function create_distributed_table(table_name regclass, distribution_column text, distribution_type text default 'hash',
  colocate_with text default 'default', shard_count integer default null) returns void language plpgsql security definer
set search_path from current as $$
declare
  colocation integer := 2;
begin
  insert into citus.calls (call)
  values (format('create_distributed_table %s by %s with %s', table_name, distribution_column, colocate_with));
  if exists (select from pg_catalog.pg_dist_partition where logicalrelid = table_name and partmethod = 'h') then
    perform citus.refuse(format('table "%s" is already distributed', table_name));
  end if;
  perform citus.check_table(table_name);
  perform citus.check_triggers(table_name);
  if exists (select from pg_index i where i.indrelid = table_name and i.indisunique and not exists (
      select from unnest(i.indkey) k join pg_attribute a on a.attrelid = table_name and a.attnum = k where a.attname = distribution_column)) then
    perform citus.refuse(format('cannot create constraint on "%s": distributed relations cannot have UNIQUE constraints that do not include the partition column', table_name));
  end if;
  perform citus.check_keys(table_name, 'h', 's', colocation);
  perform citus.lay(table_name, 'h', distribution_column, colocation, 's');
  insert into pg_catalog.pg_dist_shard select table_name, 1000 * table_name::oid::bigint + n from generate_series(0, 3) n;
  insert into pg_catalog.pg_dist_placement (shardid, groupid)
  select 1000 * table_name::oid::bigint + n, 1 + n % 2 from generate_series(0, 3) n;
end
$$;

create function citus_add_local_table_to_metadata(table_name regclass, cascade_via_foreign_keys boolean default false) returns void
language plpgsql security definer set search_path from current as $$
begin
  insert into citus.calls (call) values (format('citus_add_local_table_to_metadata %s', table_name));
  perform citus.check_table(table_name);
  perform citus.check_keys(table_name, 'n', 's', 0);
  perform citus.lay(table_name, 'n', null, 0, 's');
end
$$;

create function create_distributed_function(function_name regprocedure) returns void language plpgsql security definer
set search_path from current as $$
begin
  insert into citus.calls (call) values (format('create_distributed_function %s', function_name));
  insert into pg_catalog.pg_dist_object values ('pg_proc'::regclass, function_name);
end
$$;

-- The rows that it frees are those that everybody sees here.
create function truncate_local_data_after_distributing_table(table_name regclass) returns void language plpgsql security definer
set search_path from current as $$
begin
  insert into citus.calls (call) values (format('truncate_local_data_after_distributing_table %s', table_name));
  if exists (select from pg_constraint where contype = 'f' and confrelid = table_name) then
    perform citus.refuse('it would go on to what refers to it');
  end if;
  execute format('truncate %s', table_name);
end
$$;

-- Four shards: the first letter's code says which.
create function get_shard_id_for_distribution_column(table_name regclass, distribution_value text) returns bigint language sql stable as
'select 1000 * $1::oid::bigint + ascii($2) % 4';
