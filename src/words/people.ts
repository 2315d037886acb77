// What is said of people who sign in: their roles and duties, refusals, and the letters that bring a link.

import type { Words } from '../core/price-book.ts';
import type { Duty, Role } from '../core/roles.ts';
import { type Shown, words } from './words.ts';

export const roleTexts: Readonly<Record<Role, Words>> = {
  admin: words('管理员', 'admin'),
  finance: words('财务', 'finance'),
  support: words('客服', 'support'),
  owner: words('所有者', 'owner'),
  member: words('成员', 'member'),
  'read-only': words('只读', 'read-only'),
};

export const dutyTexts: Readonly<Record<Duty, Words>> = {
  read: words('查看', 'look'),
  buy: words('购买', 'buy'),
  meter: words('上报用量', 'meter'),
  support: words('处理调用', 'support'),
  accounts: words('管理账户', 'accounts'),
  money: words('款项', 'money'),
  prices: words('价格', 'prices'),
  keys: words('密钥', 'keys'),
  people: words('人员', 'people'),
  server: words('服务', 'server'),
};

interface Letter {
  readonly subject: Words;
  readonly lines: readonly Words[];
}

export const peopleWords = {
  invitation: (name: Shown, link: Shown, until: Shown): Letter => ({
    subject: words('算盘：请设置登录密码', 'Suanpan: set your password'),
    lines: [
      words(`${name}，您好：已为您开通算盘的登录。`, `Hello ${name}, you may now sign in to Suanpan.`),
      words(
        `请打开此链接设置密码（${until} 前有效，仅可使用一次）：`,
        `Set your password with this link, once, until ${until}:`,
      ),
      words(`${link}`, `${link}`),
      words('如不知此事，请忽略本邮件。', 'If you know nothing of this, ignore this mail.'),
    ],
  }),
  reset: (name: Shown, link: Shown, until: Shown): Letter => ({
    subject: words('算盘：重设登录密码', 'Suanpan: reset your password'),
    lines: [
      words(`${name}，您好：有人请求重设您的登录密码。`, `Hello ${name}, somebody asked to reset your password.`),
      words(
        `请打开此链接设置新密码（${until} 前有效，仅可使用一次）：`,
        `Set a new one with this link, once, until ${until}:`,
      ),
      words(`${link}`, `${link}`),
      words(
        '若非本人操作，请忽略本邮件，原密码仍然有效。',
        'If it was not you, ignore this mail: the password stays as it is.',
      ),
    ],
  }),
};
