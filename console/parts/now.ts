import { useQuery } from '@tanstack/react-query';
import { ask } from '../server/ask.ts';

/** The server's clock: packs end by it, and not by the browser's. */
export const useNow = (): string | undefined =>
  useQuery({ queryKey: ['/v1/clock'], queryFn: () => ask<{ now: string }>('GET', '/v1/clock'), staleTime: 60_000 }).data
    ?.now;
