// The frame of the public pages that compute by one price book: its title, and the books once the core has read them.

import { Skeleton, Typography } from 'antd';
import type { ReactNode } from 'react';
import type { BookChoice } from '../worker/books.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { useBooks } from './own-book.ts';
import { ProblemShown } from './problem-shown.tsx';

export interface OfBook {
  readonly book: ShownBook;
  readonly books: readonly ShownBook[];
  readonly choiceOf: (id: string) => BookChoice;
}

interface Props {
  readonly title: string;
  readonly lead: string;
  /** The book that the link names; `usual` stands in where there is no such one. */
  readonly asked: string | null;
  readonly usual?: 'first' | 'last';
  readonly children: (found: OfBook) => ReactNode;
}

export function BookPage({ title, lead, asked, usual = 'first', children }: Props) {
  const { books, choiceOf } = useBooks();
  if (books.isError) return <ProblemShown problem={books.error} onAgain={() => void books.refetch()} />;
  const all = books.data ?? [];
  const book = all.find(({ id }) => id === asked) ?? all.at(usual === 'first' ? 0 : -1);
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 28, marginTop: 0 }}>
        {title}
      </Typography.Title>
      <Typography.Paragraph>{lead}</Typography.Paragraph>
      {book === undefined ? <Skeleton active /> : children({ book, books: all, choiceOf })}
    </>
  );
}
