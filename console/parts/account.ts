// The account that a page is of.

import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import type { PackStart } from '../../src/core/price-book.ts';
import { type Answer, ask } from '../server/ask.ts';

export function useAccountId(): string {
  const { account = '' } = useParams();
  return account;
}

export const accountPath = (account: string, page: string): string =>
  `/accounts/${encodeURIComponent(account)}/${page}`;
export const accountCall = (account: string, rest = ''): string => `/v1/accounts/${encodeURIComponent(account)}${rest}`;

export const useAccount = (id: string) =>
  useQuery({
    queryKey: [accountCall(id)],
    queryFn: () => ask<Answer<'account'>>('GET', accountCall(id)),
    enabled: id !== '',
    staleTime: 10_000,
  });

/** The book of the account: titles of its products and meters. */
export const useBookOf = (book: string | undefined) =>
  useQuery({
    queryKey: ['/v1/price-books', book],
    queryFn: () => ask<BookDocument>('GET', `/v1/price-books/${encodeURIComponent(book ?? '')}`),
    enabled: book !== undefined,
    staleTime: 60_000,
  });

interface Titled {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
}

/** As much of a price book's document as pages show. */
export interface BookDocument extends Titled {
  readonly currency: string;
  readonly policies: { readonly packStart: PackStart };
  readonly meters: readonly (Titled & { readonly tariff?: string | null })[];
  readonly tariffs: readonly Titled[];
  readonly packProducts: readonly (Titled & {
    readonly covers: unknown;
    readonly sizes: readonly { readonly calls: number; readonly price: string }[];
  })[];
}

/** The title of a meter, tariff or product; its id where the book has none. */
export function titleIn(
  book: BookDocument | undefined,
  kind: 'meters' | 'tariffs' | 'packProducts',
  id: string,
): { readonly zh: string; readonly en: string } {
  return book?.[kind].find((each) => each.id === id)?.title ?? { zh: id, en: id };
}

/** What a charge for calls is for: the title of its tariff, or of its meter where there is none. */
export const chargeTitleIn = (
  book: BookDocument | undefined,
  { tariff, meter }: { readonly tariff: string | null; readonly meter?: string | null | undefined },
) => (tariff === null ? titleIn(book, 'meters', meter ?? '') : titleIn(book, 'tariffs', tariff));
