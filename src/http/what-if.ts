// What would past months have cost on other terms? Nothing is written.

import { hasProblems } from '../book/decode.ts';
import type { Problem } from '../book/problem.ts';
import { shelve } from '../book/shelf.ts';
import type { PriceBook } from '../core/price-book.ts';
import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { callsOf } from '../core/units.ts';
import type { BookShelf } from '../operations/book-shelf.ts';
import { whatIf } from '../operations/what-if.ts';
import * as contract from './contract.ts';
import { languageOf, sendProblem } from './problem.ts';
import { type RouteParts, route } from './route.ts';

export function registerWhatIf(parts: RouteParts): void {
  const { suanpan } = parts;
  route(
    parts,
    {
      method: 'POST',
      url: '/v1/what-if',
      access: { scope: 'read', of: 'body' },
      summary: 'Past months under another book, other packs or with more calls, beside what was billed. Writes nothing',
      body: contract.whatIfRequest,
    },
    async ({ account, body, request, reply }) => {
      const offer = body.book === undefined ? null : offered(suanpan.books, body.book);
      if (isRefusal(offer)) return offer;
      if (offer !== null && 'problems' in offer) {
        const language = languageOf(request.headers['accept-language']);
        return sendProblem(request, reply, invalidBook(offer.problems), fieldsOf(offer.problems, language));
      }
      const packs =
        body.packs?.map(({ product, size, count = 1 }) => ({ product, size: callsOf(size), count })) ?? null;
      const { months, growth = 1 } = body;
      const answer = await whatIf(suanpan, {
        account,
        months,
        book: offer?.book ?? null,
        packs,
        growth: String(growth),
      });
      return isRefusal(answer) ? answer : { body: answer };
    },
  );
}

type Offer = { readonly book: PriceBook } | { readonly problems: readonly Problem[] };

/** A book that the server knows by its id, or one that is not on its shelf: a contract offer. */
function offered(books: BookShelf, given: string | Readonly<Record<string, unknown>>): Offer | Refusal {
  if (typeof given === 'string') {
    const book = books.find(given);
    const known = books.all().map(({ book: other }) => other.id);
    return book === undefined ? refuse('UNKNOWN_BOOK', { book: given, known: known.join(', ') }, '/book') : { book };
  }
  const shelved = shelve(given);
  return hasProblems(shelved)
    ? { problems: shelved.problems.map((each) => ({ ...each, pointer: `/book${each.pointer}` })) }
    : { book: shelved.book };
}

const invalidBook = ([first]: readonly Problem[]): Refusal =>
  refuse('INVALID_BOOK', { problem: first?.en ?? '', problemZh: first?.zh ?? '' }, first?.pointer);

const fieldsOf = (problems: readonly Problem[], language: 'zh' | 'en') =>
  problems.map((problem) => ({ pointer: problem.pointer, code: problem.code, detail: problem[language] }));
