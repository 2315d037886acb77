// What the client for other people's programs says by itself; all else are the server's words.

import { type Shown, words } from './words.ts';

export const clientWords = {
  unreachable: words('无法连接服务器，或服务器未应答。', 'The server could not be reached, or did not answer.'),
  noAnswer: (status: Shown) =>
    words(`应答不是 Suanpan 的（状态 ${status}）。`, `What answered is not Suanpan (status ${status}).`),
  closed: words('队列已关闭，不再接收事件。', 'The queue is closed and takes no more events.'),
  notCaptured: (id: Shown) =>
    words(
      `调用已完成，但未能记录；请用同一编号 ${id} 再次 capture，或作为用量事件发送。`,
      `The call was made but could not be recorded; capture it again by its id, ${id}, or send it as an event.`,
    ),
};
