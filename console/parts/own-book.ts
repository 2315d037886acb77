// A visitor's own price book: the whole document, packed, behind the "#" of the link. It is sent to nobody, and the link still carries it.

import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { useLocation, useNavigate } from 'react-router';
import type { BookChoice } from '../worker/books.ts';
import { useInWorker } from '../worker/in-worker.ts';

const mark = '#book=';
/** Longer addresses are cut by what people send them with. */
const longest = 30_000;

/** What stands behind the address of the calculator or planner; undefined: the document is too large for a link. */
export function hashOf(document: unknown): string | undefined {
  const packed = deflateSync(strToU8(JSON.stringify(document)), { level: 9 });
  const text = btoa(Array.from(packed, (byte) => String.fromCharCode(byte)).join(''));
  const hash = `${mark}${text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
  return hash.length > longest ? undefined : hash;
}

/** The document in a link; undefined: none, or the link was cut. */
export function documentIn(hash: string): unknown {
  if (!hash.startsWith(mark)) return undefined;
  try {
    const text = atob(hash.slice(mark.length).replaceAll('-', '+').replaceAll('_', '/'));
    return JSON.parse(strFromU8(inflateSync(Uint8Array.from(text, (letter) => letter.charCodeAt(0)))));
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
