// The texts of what is refused before any route is reached, or in its place. The others stand in refusal-texts.ts.

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
      '请求没有在时限内发完，本次未执行；请用同一 id 重试，正文太大时分批发送。',
      'The request did not arrive in time and nothing was done; send it again with the same id, a large body in parts.',
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
};
