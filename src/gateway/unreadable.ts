// What reaches the gateway's port and is no request that can be read: answered as every call is, not by Node with another status and no
// body, which SDKs make nothing of.

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { GatewayError } from '../words/gateway.ts';
import { errorBody } from './error-body.ts';

/** So long a client may go on sending until it has read why, in milliseconds. */
const lingering = 1_000;

/** `underWay`: the calls that are not answered yet. `count` is told of each answer given here. */
export function answerUnreadable(
  server: Server,
  underWay: ReadonlySet<ServerResponse>,
  count: (error: GatewayError) => void,
): void {
  const done = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (done.has(socket)) return;
    done.add(socket);
    const call = [...underWay].find((response) => response.socket === socket);
    // What comes behind a whole call spoils nothing of it: it is answered first, and is the last one.
    if (call?.req.complete === true && socket.writable) {
      call.shouldKeepAlive = false;
      return;
    }
    // An answer to nobody's question would be taken for that to the next one.
    if (!socket.writable || socket.bytesRead === 0 || call?.headersSent === true) return void socket.destroy();
    const code = errorOf(error);
    count(code);
    const body = errorBody(code, undefined);
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`;
    socket.end(Buffer.concat([Buffer.from(head), body]));
    const end = setTimeout(() => socket.destroy(), lingering);
    socket.once('close', () => clearTimeout(end));
  });
  // What a client expects beyond the usual is not waited for; the call is a call.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

const errorOf = ({ code }: NodeJS.ErrnoException): GatewayError =>
  code === 'HPE_HEADER_OVERFLOW' || code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW'
    ? 'RequestSizeLimitExceeded'
    : 'UnsupportedProtocol';
