// What `suanpan audit` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliAuditWords = {
  auditCommand: words('审计：谁在何时从何处做了什么', 'the audit: who did what, when, from where'),
  list: words('最近的在前', 'the latest first'),
  exportAll: words('把全部写成 NDJSON，供存放他处', 'all of it as NDJSON, to be kept elsewhere'),
  verifyFile: words(
    '核对导出的文件：链条完整，且仍是本机数据库中的开头',
    'check an exported file: its chains hold, and are still how the database of this machine begins',
  ),
  file: words('导出的文件', 'an exported file'),
  offline: words('只核对文件本身，不需要数据库', 'the file by itself; it takes no database'),
  since: words('自某时刻起', 'from this moment on'),
  until: words('至某时刻之前', 'before this moment'),
  holdsAlone: (acts: Shown, chains: Shown) =>
    words(`${acts} 条记录、${chains} 条链完整`, `${acts} acts in ${chains} chains hold`),
  by: words('只列某人的', 'of one actor only'),
  operation: words('只列某操作的，如 "POST /v1/packs"', 'of one operation only, such as "POST /v1/packs"'),
  who: words('谁', 'by'),
  what: words('操作', 'operation'),
  from: words('来自', 'from'),
  subject: words('对象', 'subject'),
  asked: words('请求', 'asked'),
  noActs: words('文件中没有审计记录', 'the file holds no act'),
  notAnAct: (line: number) => words(`第 ${line} 行不是审计记录`, `line ${line} is no act`),
  holds: (acts: Shown, chains: Shown) =>
    words(
      `${acts} 条记录、${chains} 条链完整，且与数据库一致`,
      `${acts} acts in ${chains} chains hold, and the database agrees`,
    ),
  broken: (chain: Shown, no: Shown, found: Shown) =>
    words(`链“${chain}”第 ${no} 条：${found}`, `chain "${chain}", act ${no}: ${found}`),
  databaseDiffers: words('数据库中的这一条不同或已不在', 'the database has another act there, or none'),
};
