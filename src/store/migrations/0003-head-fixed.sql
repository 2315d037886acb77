-- A head in two texts: `fixed` is what only commands change (book, balance, bills, the packs as delivered), `state` what calls change
-- (ledger number, counters, what is left of the packs, holds) and every group rewrites.
alter table account_heads add column fixed text;
update account_heads set
  fixed = (state::jsonb - array['seq', 'months', 'usage', 'holds', 'packs'] || jsonb_build_object('packs', coalesce((
    select jsonb_agg(jsonb_build_array(p->0, p->1, p->2, p->3, p->4, p->5, p->6, p->7, p->8) order by n)
    from jsonb_array_elements(state::jsonb->'packs') with ordinality as packs(p, n)), '[]')))::text,
  state = (jsonb_build_object(
    'seq', state::jsonb->'seq', 'months', state::jsonb->'months', 'usage', state::jsonb->'usage',
    'packs', coalesce((
      select jsonb_agg(jsonb_build_array(p->0, p->9, p->10) order by n)
      from jsonb_array_elements(state::jsonb->'packs') with ordinality as packs(p, n)), '[]'),
    'holds', coalesce(state::jsonb->'holds', '[]')))::text;
alter table account_heads alter column fixed set not null;
