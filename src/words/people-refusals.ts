// Refusals about people who sign in.

import { text } from './refusal-text.ts';

export const peopleRefusalTexts = {
  FOREIGN_ORIGIN: text(
    403,
    ['请求来自其他网站', 'The request comes from another site'],
    [
      '以登录会话修改数据的请求须来自本站页面（Origin 与 Host 一致）；程序请改用 API 密钥。',
      'A request that changes something by a session must come from a page of this server (Origin as Host); a program uses an API key.',
    ],
  ),
  DUTY_REQUIRED: text(
    403,
    ['角色无此职责', 'Not a duty of the role'],
    [
      '角色{personRole}不能执行该操作：它属于“{duty}”，见 GET /v1/me 的 duties。',
      'The role {personRole} may not do that: it is of the duty “{duty}”; GET /v1/me says which duties one has.',
    ],
  ),
  PERSON_REQUIRED: text(
    403,
    ['须由本人登录操作', 'It takes a person who has signed in'],
    ['此操作只对已登录的人员开放，API 密钥不能代替。', 'Only a person who has signed in may do that; no API key can.'],
  ),
  WRONG_PASSWORD: text(
    401,
    ['邮箱或密码不正确', 'The address or the password is wrong'],
    [
      '邮箱或密码不正确。忘记密码可申请重设链接：POST /v1/password-resets。',
      'The e-mail address or the password is wrong. Who forgot it gets a link: POST /v1/password-resets.',
    ],
  ),
  WEAK_PASSWORD: text(
    422,
    ['密码过弱', 'The password is too weak'],
    [
      '密码须为 12 到 200 个字符，至少含 5 种不同字符，且不能是邮箱。',
      'A password has 12 to 200 characters, at least five different ones, and is not the e-mail address.',
    ],
  ),
  LINK_ENDED: text(
    410,
    ['链接已失效', 'The link is no longer good'],
    [
      '此链接已使用、已过期或被新链接取代；请申请新的链接：POST /v1/password-resets，或请管理员重新发送。',
      'The link was used, has expired or was replaced by a newer one. Ask for another: POST /v1/password-resets, or whoever invited you.',
    ],
  ),
  EMAIL_TAKEN: text(
    409,
    ['邮箱已被使用', 'The e-mail address is taken'],
    [
      '邮箱 {email} 已有人员使用；每个邮箱只属于一人。',
      'Somebody has the address {email} already; each belongs to one person.',
    ],
  ),
  ROLE_OF_OTHER_SIDE: text(
    422,
    ['角色不适用', 'The role is one of the other side'],
    [
      '角色{personRole}不适用：运营方为 admin、finance、support、read-only；账户为 owner、member、read-only。',
      'The role {personRole} does not fit: operators are admin, finance, support or read-only; an account’s people owner, member or read-only.',
    ],
  ),
  NOT_ONESELF: text(
    409,
    ['不能更改自己', 'Nobody does that to oneself'],
    [
      '不能更改自己的角色，也不能停用自己；请由另一人操作。',
      'Nobody changes their own role or turns themselves off; another person must do it.',
    ],
  ),
  APPROVAL_ENDED: text(
    409,
    ['待批事项已了结', 'The approval has ended'],
    [
      '待批事项 {approval} 已批准、已驳回或已过期；如仍需要，请重新提出。',
      'The approval {approval} was given, rejected or has lapsed; ask anew if it is still wanted.',
    ],
  ),
  SECOND_PERSON: text(
    409,
    ['须由另一人批准', 'It takes another person'],
    [
      '待批事项 {approval} 由你（或你建的密钥）提出，须由另一位具有“款项”职责的人员批准。',
      'The approval {approval} was asked for by you, or by a key of your making: another person with the duty “money” must approve it.',
    ],
  ),
  LAST_ADMIN: text(
    409,
    ['最后一位管理员', 'The last admin'],
    ['这是最后一位管理员；请先指定另一位。', 'This is the last admin; make another one first.'],
  ),
};
