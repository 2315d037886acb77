// Loaded into a server before its own program (NODE_OPTIONS=--import): how long its event loop was held at a time, told over a socket.
// What counts is the processor time of the loop's own thread: on a busy machine a thread that merely waits for its turn holds nobody up.

import { createServer } from 'node:net';
import { isMainThread } from 'node:worker_threads';

const path = process.env.LOOP_WATCH_SOCKET;
if (isMainThread && path !== undefined) watch(path);

function watch(socketPath: string): void {
  let longest = 0;
  let last = { at: performance.now(), used: process.threadCpuUsage() };
  const look = () => {
    const now = { at: performance.now(), used: process.threadCpuUsage() };
    const used = (now.used.user + now.used.system - last.used.user - last.used.system) / 1_000;
    longest = Math.max(longest, Math.min(used, now.at - last.at));
    last = now;
  };
  setInterval(look, 2).unref();
  // Whoever connects is told the longest time since the one before.
  const server = createServer((socket) => {
    look();
    socket.end(JSON.stringify(longest));
    longest = 0;
  });
  server.on('error', () => undefined);
  server.listen(socketPath).unref();
}
