// What `suanpan account cap` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliCapWords = {
  capCommand: words(
    '调用上限：按日或按月，可限部门、计量项或密钥',
    'caps by day or month, of a department, a meter or a key',
  ),
  list: words('上限及已用', 'caps, and what of each is used'),
  set: words('设置上限；同名的被取代', 'set a cap, in place of the one of its name'),
  remove: words('取消上限', 'remove a cap'),
  per: words('day 或 month，按账户所在时区', 'day or month, of the account’s calendar'),
  of: words('all 连资源包抵扣的也计；postpaid 只计后付费', 'all: packs too; postpaid: what no pack pays'),
  most: words('至多次数', 'most calls'),
  department: words('只计此部门', 'of this department alone'),
  meter: words('只计此计量项', 'of this meter alone'),
  key: words('只计此密钥（及其轮换所得）；密钥 id', 'of this key alone (and what it was rotated into); its id'),
  noWholeNumber: (text: Shown) => words(`须为整数：${text}`, `a whole number: ${text}`),
  perTitle: words('周期', 'per'),
  ofTitle: words('计数', 'of'),
  own: words('（账户本身）', '(the account’s own)'),
  limits: words('限于', 'limited to'),
  mostTitle: words('上限', 'most'),
  used: words('已用', 'used'),
  resets: words('重新计数', 'resets'),
  removed: (name: Shown) => words(`已取消 ${name}`, `removed ${name}`),
};
