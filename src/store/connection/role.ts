// What the role that a server connects as may do beyond its own database. It needs to own that, and nothing else.

import type { Pool } from 'pg';

/** `named`: which role, schema or database, where the power is over one. */
export type ExcessPower = { readonly power: Power; readonly named: string | null };

export type Power =
  | 'superuser'
  | 'createrole'
  | 'createdb'
  | 'replication'
  | 'bypassrls'
  | 'member'
  | 'schema'
  | 'database';

/** Roles of PostgreSQL's own that let one look at statistics, and that of the database's owner. */
const harmless = [
  'pg_database_owner',
  'pg_monitor',
  'pg_read_all_settings',
  'pg_read_all_stats',
  'pg_stat_scan_tables',
];

export async function readRole(
  pool: Pool,
): Promise<{ readonly name: string; readonly excess: readonly ExcessPower[] }> {
  const { rows } = await pool.query<{ name: string; power: Power | null; named: string | null }>(
    `with own as (select * from pg_roles where rolname = current_user),
       reached as (
         select g.* from pg_roles g, own
         where not own.rolsuper and (g.oid = own.oid or pg_has_role(own.oid, g.oid, 'member'))),
       excess as (
         select 'superuser' as power, null::text as named from own where rolsuper
         union select power, nullif(r.rolname, own.rolname) from reached r, own, lateral (values
           ('superuser', r.rolsuper), ('createrole', r.rolcreaterole), ('createdb', r.rolcreatedb),
           ('replication', r.rolreplication), ('bypassrls', r.rolbypassrls)) as p (power, has) where p.has
         union select 'member', r.rolname from reached r where r.rolname like 'pg\\_%' and r.rolname <> all ($1)
         union select 'schema', n.nspname from pg_namespace n join reached r on r.oid = n.nspowner
           where n.nspname <> current_schema() and r.rolname not like 'pg\\_%'
         union select 'database', d.datname from pg_database d join reached r on r.oid = d.datdba
           where d.datname <> current_database())
     select own.rolname as name, excess.power, excess.named from own left join excess on true order by power, named`,
    [harmless],
  );
  const excess = rows.flatMap(({ power, named }) => (power === null ? [] : [{ power, named }]));
  return { name: rows[0]?.name ?? '', excess };
}
