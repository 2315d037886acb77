// A visitor's own price book: the whole document stands in the link.

import { useLocation, useNavigate } from 'react-router';
import type { BookChoice } from '../worker/books.ts';
import { useInWorker } from '../worker/in-worker.ts';
import { hashOf, textIn } from './in-link.ts';

const name = 'book';

/** What stands behind the address of the calculator or planner; undefined: the document is too large for a link. */
export const hashOfBook = (document: unknown): string | undefined => hashOf(name, JSON.stringify(document));

function documentIn(hash: string): unknown {
  try {
    return JSON.parse(textIn(name, hash) ?? '');
  } catch {
    return undefined;
  }
}

/** The shipped books and the one in the link; what stands for a book when the core is asked. */
export function useBooks() {
  const { hash } = useLocation();
  const own = documentIn(hash);
  const books = useInWorker('books', { own });
  const isOwn = (id: string): boolean => own !== undefined && (own as { id?: unknown }).id === id;
  const choiceOf = (id: string): BookChoice => (isOwn(id) ? { document: own } : id);
  return { books, choiceOf };
}

/** What the link asks, and how it is changed: the own book stays in it. */
export function useAsked() {
  const { search, hash } = useLocation();
  const navigate = useNavigate();
  const setAsked = (asked: URLSearchParams) => void navigate({ search: asked.toString(), hash }, { replace: true });
  return [new URLSearchParams(search), setAsked] as const;
}

/** What stands for a book on the command line: its id, or the file that the visitor's own one is saved in. */
export const bookInCommand = (id: string, choice: BookChoice): string =>
  typeof choice === 'string' ? id : `${id}.json`;
