// What `suanpan key` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliKeyWords = {
  keysRevoked: (revoked: Shown) => words(`已作废 ${revoked} 个密钥`, `${revoked} key(s) revoked`),
  presentPepperIsThatOfThe: words(
    '现有密钥正是用现在的 pepper 生成的：--new-pepper 会作废全部密钥，而并无必要。去掉它即可新建密钥：suanpan key create --local。若确要全部作废，请先把 SUANPAN_PEPPER 设为另一个值',
    'the present pepper is that of the keys there are: --new-pepper would revoke every one of them, for nothing. Leave it out to make one more: suanpan key create --local. To revoke all on purpose, set SUANPAN_PEPPER to another value first',
  ),
  scopesTakesSomeOf: (list: Shown) => words(`--scopes 只能是 ${list} 中的`, `--scopes takes some of ${list}`),
  apiKeys: words('API 密钥：新建、列出、轮换、作废', 'API keys: create, list, rotate, revoke'),
  keys: words('密钥，不含密文', 'keys, without their secrets'),
  oneAccountsOnly: words('只列某账户的', "one account's only"),
  revokeAKey: words('作废密钥', 'revoke a key'),
  itsId: words('密钥 id（列表中的八位）', 'its id, the eight characters of the list'),
  makeAKey: words('新建密钥；仅显示这一次', 'make a key; it is shown only now'),
  accountsKey: words('账户密钥', "an account's key"),
  operatorsKey: words('运营方密钥', "an operator's key"),
  whatItMayDo: words(
    '权限，逗号分隔：账户 read,buy,meter，运营方 read,meter,manage；不给则全部',
    'what it may do, with commas: read,buy,meter of an account, read,meter,manage of an operator; all if not given',
  ),
  straightIntoTheDatabaseOfThis: words(
    '不经服务、直接写入本机数据库（丢失密钥时）；不给 --account 则为运营方密钥',
    "straight into the database of this machine, for when a key is lost; an operator's without --account",
  ),
  withLocal: words(
    '与 --local 同用：pepper 已丢失，作废全部密钥，改用现在的',
    'with --local: the pepper is lost; revoke every key and begin with the present one',
  ),
  eitherAccountOrOperator: words('--account 与 --operator 二选一', 'either --account or --operator'),
  sayWhoseKeyItIs: words(
    '请指明为谁新建：--account ID 或 --operator',
    'say whose key it is: --account ID or --operator',
  ),
  newPepperGoesWithLocal: words('--new-pepper 须与 --local 同用', '--new-pepper goes with --local'),
  ofWord: words('属于', 'of'),
  operator: words('运营方', 'operator'),
  scopes: words('权限', 'scopes'),
  made: words('新建于', 'made'),
  madeBy: words('新建者', 'by'),
  revokedAt: words('作废于', 'revoked'),
  revokedBy: words('作废者', 'by'),
  until: words(
    '有效至，如 2027-01-01T00:00:00+08:00；不给则至作废为止',
    'until when it is good, such as 2027-01-01T00:00:00+08:00; until revoked if not given',
  ),
  rotateAKey: words('换新密钥；旧的过渡期内仍有效', 'a new key in place of one, which goes on for a while'),
  overlapHours: words('新旧同时有效的小时数；默认 24', 'hours that both are good; 24 if not given'),
  formerUntil: (id: Shown, at: Shown) => words(`旧密钥 ${id} 有效至 ${at}`, `the former key ${id} is good until ${at}`),
  lastUsed: words('最近使用', 'last used'),
  portal: words('给浏览器用的短期只读密钥', 'a key for a browser: it reads one account for minutes'),
  minutes: words('有效分钟数，至多 1440；默认 60', 'minutes that it is good, at most 1440; 60 if not given'),
  goodUntil: (at: Shown) => words(`有效至 ${at}`, `good until ${at}`),
  keyRevoked: (id: Shown) => words(`已作废 ${id}`, `revoked ${id}`),
};
