// What `suanpan account credential` says: its help and its answers.

import { type Shown, words } from '../words.ts';

export const cliCredentialWords = {
  command: words('官方 SDK 经网关调用所用的凭证', 'credentials that the official SDKs sign with at the gateway'),
  create: words('新建凭证；SecretKey 仅显示这一次', 'make a credential; its SecretKey is shown only now'),
  list: words('凭证，不含 SecretKey', 'credentials, without their SecretKeys'),
  rotate: words('SecretId 不变，换一个 SecretKey', 'another SecretKey under the same SecretId'),
  revoke: words('作废凭证', 'revoke a credential'),
  overlapHours: words(
    '原 SecretKey 还可用多少小时；默认 24',
    'hours that the former SecretKey is good for; 24 if not given',
  ),
  scopes: words(
    '权限，逗号分隔：meter 可发起计费的调用，read 可查询结果；默认两者',
    'what it may do, with commas: meter makes calls that are charged, read fetches what came of them; both if not given',
  ),
  actions: words(
    '只能调用的接口，逗号分隔；默认不限',
    'the only actions that it may call, with commas; any if not given',
  ),
  allowed: words('接口', 'actions'),
  secretId: words('凭证的 SecretId', 'its SecretId'),
  generation: words('代', 'generation'),
  formerUntil: words('上一代可用至', 'former good until'),
  revoked: (secretId: Shown) => words(`凭证 ${secretId} 已作废`, `credential ${secretId} is revoked`),
};
