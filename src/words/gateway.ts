// What a gateway answers in place of the provider, and what it says when it starts.

import type { Words } from '../core/price-book.ts';
import { type Shown, words } from './words.ts';

/** By the provider's own codes, so that SDKs and their users find what they know. */
export const gatewayErrors = {
  'AuthFailure.SecretIdNotFound': words('密钥不存在或已作废。', 'The SecretId is not found, or it is revoked.'),
  'AuthFailure.SignatureFailure': words(
    '签名错误：请检查 SecretKey，以及请求内容在签名后是否被改动。',
    'The signature is wrong: check the SecretKey, and whether the request was changed after it was signed.',
  ),
  'AuthFailure.SignatureExpire': words(
    '签名已过期：时间戳与服务器时间相差不得超过五分钟。',
    'The signature has expired: the timestamp must lie within five minutes of the server’s time.',
  ),
  'AuthFailure.InvalidAuthorization': words(
    '请求头 Authorization 不符合 TC3-HMAC-SHA256 的格式，或带有不接受的 X-TC-Token。',
    'The Authorization header is not one of TC3-HMAC-SHA256, or there is an X-TC-Token, which is not taken.',
  ),
  'AuthFailure.UnauthorizedOperation': words('此密钥无权调用该接口。', 'This SecretId may not call that action.'),
  'UnauthorizedOperation.Arrears': words(
    '账户欠费、资源包已用完或达到调用上限。',
    'The account is in arrears, its packs are used up, or its cap is reached.',
  ),
  'UnauthorizedOperation.ChargeStatusException': words('账户已停用。', 'The account is suspended.'),
  'UnauthorizedOperation.Nonactivated': words('服务未开通。', 'The account has no such service.'),
  'InvalidParameterValue.BizTokenIllegal': words(
    '令牌不是由此账户发起的流程的。',
    'The token is not that of a flow of this account.',
  ),
  RequestLimitExceeded: words(
    '请求过多或计费暂不可用，请稍后重试。',
    'Too many requests, or no ledger for now: try again.',
  ),
  RequestSizeLimitExceeded: words(
    '请求超过 12 MiB，或请求头超过 16 KiB。',
    'The request is larger than 12 MiB, or its head than 16 KiB.',
  ),
  UnsupportedProtocol: words(
    'HTTP 请求无法读取，或未及时收齐。',
    'This is no HTTP request that can be read, or it did not arrive in time.',
  ),
  UnsupportedOperation: words('不支持的接口。', 'The action is not supported.'),
  InternalError: words('上游没有给出可用的结果。', 'The provider gave no result that can be used.'),
} satisfies Readonly<Record<string, Words>>;
export type GatewayError = keyof typeof gatewayErrors;

export const gatewayWords = {
  command: words(
    '网关：官方 FaceID SDK 不改代码即可调用；先预占，再转发，按结果计费',
    'a gateway that official FaceID SDKs call unchanged: holds, passes on, and charges by the result',
  ),
  port: words('监听端口；默认 8090', 'the port it listens on; 8090 if not given'),
  host: words('监听地址；默认 127.0.0.1', 'the address it listens on; 127.0.0.1 if not given'),
  upstream: words('上游地址', 'where calls are passed on to'),
  map: words('接口与规则的 JSON 文件，覆盖自带的', 'a JSON file of actions and rules over those that ship'),
  credentials: words(
    '运营方凭证的 JSON 文件 {"secretId","secretKey"}；不给则取环境变量 TENCENTCLOUD_SECRET_ID、TENCENTCLOUD_SECRET_KEY',
    'a JSON file of the operator’s credentials, {"secretId","secretKey"}; the environment’s TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY if not given',
  ),
  noSweeps: words('不自行核对服务商的清单', 'does not read the provider’s own list of attempts by itself'),
  yes: words('是', 'yes'),
  no: words('否', 'no'),
  noCredentials: words(
    '没有运营方凭证：请设置 TENCENTCLOUD_SECRET_ID 与 TENCENTCLOUD_SECRET_KEY，或给出 --credentials 文件',
    'no credentials of the operator: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or give --credentials',
  ),
  noPort: (given: Shown) => words(`--port 须为 0 到 65535：${given}`, `--port takes 0 to 65535: ${given}`),
  noKey: words(
    '网关需要运营方密钥（权限 meter）：请设置 SUANPAN_API_KEY',
    'a gateway needs an operator’s key with the scope meter: set SUANPAN_API_KEY',
  ),
  unreadable: (what: Shown) => words(`无法读取：${what}`, `cannot be read: ${what}`),
  ready: (url: Shown, upstream: Shown) => words(`网关 ${url} → ${upstream}`, `gateway ${url} → ${upstream}`),
};

interface Swept {
  readonly day: Shown;
  readonly attempts: Shown;
  readonly metered: Shown;
  readonly held: Shown;
  readonly findings: Shown;
}

export const sweepWords = {
  sweep: words(
    '把服务商一天的清单与账本核对：没有人查询过的次数记入账本，对不上的列出',
    'a day of the provider’s own list against the ledger: what nobody fetched is metered, what cannot be matched is listed',
  ),
  dayOption: words(
    '哪一天（服务商的日历）；已核对完的从头再来。不给则取最早该核对的一天',
    'which day, by the provider’s calendar, anew where it is whole; if not given, the first that is due',
  ),
  sweeps: words('已核对的日子', 'the days that were swept'),
  listFindings: words('一天里对不上的次数', 'attempts of a day that could not be matched'),
  day: words('日期', 'day'),
  ended: words('核对完于', 'ended'),
  pages: words('页', 'pages'),
  attempts: words('次数', 'attempts'),
  metered: words('补记', 'metered'),
  findings: words('对不上', 'not matched'),
  token: words('令牌', 'token'),
  attempt: words('序号', 'attempt'),
  why: words('原因', 'why'),
  rule: words('规则', 'rule'),
  resultCode: words('结果码', 'result code'),
  recorded: words('账本', 'ledger'),
  charged: words('服务商计费', 'charged by the provider'),
  noDay: (given: Shown) => words(`不是日期：${given}`, `not a day: ${given}`),
  incomplete: (day: Shown, last: Shown) =>
    words(
      `${day} 的清单还不完整；最近完整的一天是 ${last}`,
      `the list of ${day} is not whole yet; the last that is: ${last}`,
    ),
  nothingDue: words('没有该核对的日子', 'no day is due'),
  left: (day: Shown, why: Shown) =>
    words(
      `${day} 没有核对完（${why}）；下次从此处继续`,
      `${day} is not whole (${why}); it goes on from there next time`,
    ),
  whole: ({ day, attempts, metered, held, findings }: Swept) =>
    words(
      `${day} 核对完：${attempts} 次，补记 ${metered}，待定 ${held}，对不上 ${findings}`,
      `${day} is whole: ${attempts} attempts, ${metered} metered, ${held} held for review, ${findings} not matched`,
    ),
};
