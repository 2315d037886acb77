// Answers that a thread makes: the loop hands the work over and sends the text that comes back.

import type { FastifyReply } from 'fastify';
import type { ShelvedBook } from '../book/shelf.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { type Asked, isLongAnswer, makeAnswer } from '../operations/answers.ts';
import type { Answer, SentBook, Work } from '../threads/tasks.ts';
import { words } from '../words/words.ts';
import { maySeeBook } from './access.ts';
import type { Caller } from './caller.ts';
import { isStranger } from './caller.ts';
import { shareOf } from './caller-share.ts';
import { languageOf, sendProblem } from './problem.ts';
import { type Input, type RouteParts, sendBytes, sendText } from './route.ts';

/** Refusals: those of the work, OVERLOADED beyond the caller's share or patience, TOO_MUCH_WORK when its time is up. */
export function threadAnswer({ rooms }: RouteParts, input: Input<unknown, unknown>, work: Work): Promise<Answer> {
  const { caller, request, reply } = input;
  // A thread reads on a connection of its own, and the rooms have lines of their own.
  input.endTurn();
  return rooms[isStranger(caller) ? 'strangers' : 'keyed'].run(work, shareOf(caller, request.ip), hungUp(reply));
}

/** Aborted when the connection closes; after the answer nobody listens. */
function hungUp({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController();
  if (raw.destroyed) closed.abort();
  else raw.once('close', () => closed.abort());
  return closed.signal;
}

/** A body is sent with this status. */
export function sendAnswer(
  { request, reply }: Input<unknown, unknown>,
  answer: Answer,
  status = 200,
): FastifyReply | Refusal {
  if ('refusal' in answer) return answer.refusal;
  if ('body' in answer) return sendText(reply, status, answer.body);
  if ('file' in answer) return sendBytes(reply, status, answer.file);
  const { problems } = answer;
  const [first] = problems;
  const language = languageOf(request.headers['accept-language']);
  const fields = problems.map((each) => ({ pointer: each.pointer, code: each.code, detail: each[language] }));
  return sendProblem(
    request,
    reply,
    refuse('INVALID_BOOK', first === undefined ? {} : { problem: words(first.zh, first.en) }, first?.pointer),
    fields,
  );
}

export const answerFromThread = async (
  parts: RouteParts,
  input: Input<unknown, unknown>,
  work: Work,
): Promise<FastifyReply | Refusal> => sendAnswer(input, await threadAnswer(parts, input, work));

/** An answer that may be long: made in a thread if it may be for this account, else here. */
export async function askedAnswer(parts: RouteParts, input: Input<unknown, unknown>, asked: Asked): Promise<Answer> {
  const { suanpan } = parts;
  if (await isLongAnswer(suanpan.pool, input.account, asked)) {
    return threadAnswer(parts, input, { kind: 'read', asked, now: suanpan.clock() });
  }
  const made = await makeAnswer(suanpan, asked);
  if (isRefusal(made)) return { refusal: made };
  return typeof made === 'string' ? { body: made } : { file: made };
}

/** The same as the reply, whose type is set before unless it is JSON. */
export const sendAsked = async (
  parts: RouteParts,
  input: Input<unknown, unknown>,
  asked: Asked,
): Promise<FastifyReply | Refusal> => sendAnswer(input, await askedAnswer(parts, input, asked));

/** The books that a caller sees, in order of id. */
export const booksFor = ({ suanpan: { books } }: RouteParts, caller: Caller): ShelvedBook[] =>
  books.all().filter((shelved) => books.isPublic(shelved) || maySeeBook(caller, shelved.book.id));

/** A book on the shelf, as a thread is sent it. Refusal: UNKNOWN_BOOK, also for one that the caller may not see. */
export function sentBook(parts: RouteParts, caller: Caller, id: string): SentBook | Refusal {
  const seen = booksFor(parts, caller);
  const shelved = seen.find(({ book }) => book.id === id);
  if (shelved !== undefined) return { digest: shelved.digest, document: shelved.document };
  const known = seen.map(({ book }) => book.id);
  return refuse('UNKNOWN_BOOK', { book: id, known: known.join(', ') }, '/book');
}
