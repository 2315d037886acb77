// Lists that come page by page, by the server's cursor.

import { useInfiniteQuery } from '@tanstack/react-query';
import { type Asking, ask } from '../server/ask.ts';

interface Cursored {
  readonly next: string | null;
}

export function usePages<Page extends Cursored, Item>(
  path: string,
  query: NonNullable<Asking['query']>,
  itemsOf: (page: Page) => readonly Item[],
  limit = 50,
) {
  const found = useInfiniteQuery({
    queryKey: [path, query, limit],
    queryFn: ({ pageParam, signal }) =>
      ask<Page>('GET', path, { query: { ...query, limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? undefined,
  });
  return { ...found, items: found.data?.pages.flatMap((page) => itemsOf(page)) };
}

export type Pages<Item> = Pick<
  ReturnType<typeof usePages<Cursored, Item>>,
  'items' | 'error' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage' | 'refetch'
>;

/** The first pages of a list at once; `isCut`: it goes on behind them. */
export async function askPages<Page extends Cursored, Item>(
  path: string,
  query: NonNullable<Asking['query']>,
  itemsOf: (page: Page) => readonly Item[],
  most: { readonly pages: number; readonly limit: number },
): Promise<{ readonly rows: readonly Item[]; readonly isCut: boolean }> {
  const rows: Item[] = [];
  let cursor: string | null = null;
  for (let asked = 0; asked < most.pages; asked += 1) {
    const page: Page = await ask<Page>('GET', path, { query: { ...query, limit: most.limit, cursor } });
    rows.push(...itemsOf(page));
    cursor = page.next;
    if (cursor === null) break;
  }
  return { rows, isCut: cursor !== null };
}
