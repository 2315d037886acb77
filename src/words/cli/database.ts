// What `suanpan database` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliDatabaseWords = {
  databaseCommand: words('数据库', 'the database'),
  distribute: words(
    '在 Citus 上按账户把各表分布到各节点；可重复运行，只做尚未做的',
    'spread the tables over the nodes of a Citus by account; run again it does what is left',
  ),
  dryRun: words('只列出要做的步骤，什么都不改', 'list what would be done and change nothing'),
  noExtension: words(
    '此数据库没有 Citus 扩展，无处可分布。一台 PostgreSQL 无需此命令；若要分布，先由管理员在每个节点执行 create extension citus，并登记各节点',
    'this database does not have the Citus extension: there is nothing to spread over. One PostgreSQL needs none of this; to spread, let an administrator run create extension citus on every node first, and register the nodes',
  ),
  serversRun: words(
    '仍有 Suanpan 进程在用此数据库；请先停止所有服务器',
    'other Suanpan processes still use this database; stop all servers first',
  ),
  cannot: (problems: Shown) =>
    words(`无法分布，什么都没有改：${problems}`, `cannot be spread; nothing was changed: ${problems}`),
  noCoordinator: words(
    '协调节点尚未登记（select citus_set_coordinator_host(…)）',
    "the coordinator is not registered (select citus_set_coordinator_host('…'))",
  ),
  replicas: words(
    'citus.shard_replication_factor 必须为 1：其他值下行锁与外键不可用；每个节点的副本由流复制提供',
    'citus.shard_replication_factor has to be 1: with others neither row locks nor foreign keys work; copies of a node are made by streaming replication',
  ),
  older: words(
    '表结构与本程序不同；不带 --dry-run 运行会先升级它',
    "the schema is not this program's; without --dry-run it is brought up to date first",
  ),
  missing: (table: Shown) => words(`没有表 ${table}`, `there is no table ${table}`),
  unknown: (table: Shown) => words(`表 ${table} 不是 Suanpan 的`, `table ${table} is not Suanpan's`),
  otherwise: (table: Shown) => words(`表 ${table} 已以其他方式分布`, `table ${table} is spread in another way already`),
  key: (table: Shown, names: Shown) =>
    words(`表 ${table} 有不含账户的唯一键 ${names}`, `table ${table} has unique keys without the account: ${names}`),
  number: (table: Shown, names: Shown) =>
    words(
      `表 ${table} 的自增列不是 bigint：${names}`,
      `table ${table} has columns that number themselves in less than a bigint: ${names}`,
    ),
  step: words('步骤', 'step'),
  of: words('对象', 'of'),
  state: words('状态', 'state'),
  done: words('已完成', 'done'),
  toDo: words('待做', 'to do'),
  nothingLeft: (workers: Shown) =>
    words(
      `各表已按账户分布（工作节点 ${workers} 个），没有要做的`,
      `the tables are spread by account (${workers} workers); nothing is left to do`,
    ),
  spread: (count: Shown, workers: Shown) =>
    words(
      `已完成 ${count} 步；各表已按账户分布（工作节点 ${workers} 个）`,
      `${count} steps done; the tables are spread by account (${workers} workers)`,
    ),
  wouldDo: (count: Shown) =>
    words(`共 ${count} 步待做；什么都没有改`, `${count} steps are to be done; nothing was changed`),
  failed: (what: Shown, of: Shown, why: Shown) =>
    words(
      `步骤“${what}：${of}”失败：${why}。此前的步骤已生效；排除原因后再次运行即可继续`,
      `the step "${what}: ${of}" failed: ${why}. The steps before it hold; run it again when that is mended`,
    ),
  what: {
    reference: words('复制到每个节点', 'same on every node'),
    account: words('按账户分布', 'by account'),
    coordinator: words('留在协调节点', 'on the coordinator'),
    'key-away': words('暂去外键', 'foreign key away'),
    'key-back': words('恢复外键', 'foreign key back'),
    function: words('函数分发到各节点', 'function to every node'),
    free: words('清除协调节点上的残留', 'left-over rows on the coordinator freed'),
  },
};
