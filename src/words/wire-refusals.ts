// The texts of what is refused before any route is reached, in its place, or at its door. The others stand in refusal-texts.ts.

import { text } from './refusal-text.ts';

export const wireRefusalTexts = {
  MALFORMED_REQUEST: text(
    400,
    ['请求不是 HTTP', 'Not an HTTP request'],
    [
      '收到的内容不是完整的 HTTP 请求[：{problem}]；请检查客户端与中间的代理。',
      'What arrived is no proper HTTP request[: {problem}]; check the client and the proxies between.',
    ],
  ),
  REQUEST_TIMEOUT: text(
    408,
    ['请求未及时发完', 'The request took too long to arrive'],
    [
      '请求没有在时限内发完，本次未执行；请重新发送，正文太大时分批发送。',
      'The request did not arrive in time and nothing was done; send it again, a large body in parts.',
    ],
  ),
  HEADERS_TOO_LARGE: text(
    431,
    ['请求头过大', 'The head is too large'],
    [
      '请求行与请求头合计不能超过 {most} 字节；请缩短地址、Cookie 等。',
      'Request line and headers may have {most} bytes together; shorten the address, cookies and the like.',
    ],
  ),
  UNSUPPORTED_MEDIA_TYPE: text(
    415,
    ['不支持这样的正文', 'A body of this kind is not read'],
    ['不支持这样的正文：{problem}。', 'A body of this kind is not read: {problem}.'],
  ),
  METHOD_NOT_ALLOWED: text(
    405,
    ['不支持这个方法', 'The method is not allowed'],
    ['这个地址不支持 {method}[，可用：{allowed}]。', 'This address does not take {method}[; it takes {allowed}].'],
  ),
  IDEMPOTENCY_KEY_REQUIRED: text(
    400,
    ['缺少 Idempotency-Key', 'Idempotency-Key is missing'],
    [
      '此操作涉及款项，须带 Idempotency-Key 请求头。',
      'This command creates or moves money: send an Idempotency-Key header.',
    ],
  ),
  IDEMPOTENCY_KEY_REUSED: text(
    422,
    ['Idempotency-Key 重复', 'Idempotency-Key was reused'],
    [
      'Idempotency-Key[ {key} ]已用于另一请求；请换一个。',
      'The Idempotency-Key[ {key}] was used for another request; choose a new one.',
    ],
  ),
  IDEMPOTENCY_IN_PROGRESS: text(
    409,
    ['请求处理中', 'The first request is still running'],
    [
      '同一 Idempotency-Key 的请求仍在处理；请稍后重试。',
      'A request with this Idempotency-Key is still running; try again shortly.',
    ],
  ),
  UNAUTHENTICATED: text(
    401,
    ['未认证', 'Not authenticated'],
    [
      '请提供有效的 API 密钥（Authorization: Bearer 密钥），或先登录。[{signed} 与正文、webhook-id、5 分钟内的 webhook-timestamp 不符，或未设置 SUANPAN_PAYMENT_SECRET。]',
      'Send a valid API key (Authorization: Bearer KEY), or sign in.[ The {signed} does not fit the body, webhook-id and a webhook-timestamp of the last five minutes, or SUANPAN_PAYMENT_SECRET is not set.]',
    ],
  ),
  KEY_EXPIRED: text(
    401,
    ['密钥已过期', 'The key has expired'],
    [
      '密钥 {key} 已过期；请改用新的密钥（轮换：suanpan key rotate）。',
      'The key {key} has expired; use a new one (to rotate in time: suanpan key rotate).',
    ],
  ),
  FORBIDDEN: text(
    403,
    ['无权限', 'Not allowed'],
    [
      '此密钥无权执行该操作[：需要具有 {scope} 权限][的{role}密钥]。',
      'This key may not do that[: it takes the scope {scope}][ on an {role}’s key].',
    ],
  ),
  TOO_LARGE: text(
    413,
    ['请求过大', 'Too large'],
    ['请求过大[，上限 {most}]；请分批发送。', 'The request is too large[; the limit is {most}]; send it in parts.'],
  ),
};
