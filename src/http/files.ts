// Files that are written while they are read: a few at a time for a caller, and no longer than somebody reads them.

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { shareOf } from './caller-share.ts';
import type { Input, RouteParts } from './route.ts';
import type { Turns } from './turns.ts';

/** Files may be long: a caller's few at a time, so that the connections are left to the others. */
export const fileTurns = { mostOfOne: 2, most: 4, mostWaiting: 2, patience: 3_000 };

/** How long a reader may stand still, milliseconds: while others wait for its turn, and at all. */
const longestStanding = { waitedFor: 10_000, atAll: 20_000 };
const betweenLooks = 500;

export const fileTypes = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  lines: 'application/x-ndjson; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  focus: 'text/csv; charset=utf-8',
};

export const nameFile = (reply: FastifyReply, name: string): FastifyReply =>
  reply.header('content-disposition', `attachment; filename="${name}"`);

/** Sends the pieces of what `open` opens, each read when the last is taken, in a turn of its own kind. Refusals: those of opening, OVERLOADED. */
export async function sendFile(
  { fileTurns: turns }: RouteParts,
  { caller, request, reply, endTurn }: Input<unknown, unknown>,
  open: () => Promise<AsyncIterable<string | Buffer> | Refusal>,
): Promise<FastifyReply | Refusal> {
  // From here on it has a turn of its own kind.
  endTurn();
  const end = await turns.take(shareOf(caller, request.ip).own);
  if (isRefusal(end)) return end;
  try {
    const pieces = await open();
    if (isRefusal(pieces)) {
      end();
      return pieces;
    }
    const file = Readable.from(pieces, { highWaterMark: 1 });
    // Also when the client leaves: the stream is destroyed then, and reads no further.
    file.once('close', end);
    endIfStanding(file, turns);
    return reply.send(file);
  } catch (error) {
    end();
    throw error;
  }
}

/**
 * Cuts a file off whose reader takes nothing of it any more: whoever opens downloads and leaves them lying would keep everybody from
 * theirs. A reader that is only slow moves on with every piece. The client sees a broken transfer, never a file that looks whole.
 */
function endIfStanding(file: Readable, turns: Turns): void {
  let since = performance.now();
  // Each piece that the connection cannot take at once pauses the file until it could.
  file.on('pause', () => {
    since = performance.now();
  });
  const looks = setInterval(() => {
    if (file.readableFlowing !== false) return;
    const most = turns.isWaitedFor ? longestStanding.waitedFor : longestStanding.atAll;
    if (performance.now() - since >= most) file.destroy(new Error('nobody reads this export any more'));
  }, betweenLooks).unref();
  file.once('close', () => clearInterval(looks));
}
