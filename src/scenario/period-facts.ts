// What a period's bill is made of, from the rows in memory. The server reads the same from its database.

import type { PeriodFacts } from '../core/bill.ts';
import type { Period } from '../core/calendar.ts';
import { periodFacts } from '../core/period-facts.ts';
import type { MemoryLedger } from './memory-ledger.ts';

export const factsOf = ({ head, packs, forfeits, corrections }: MemoryLedger, period: Period): PeriodFacts =>
  periodFacts(head, period, {
    written: () => [],
    packs: [...packs.values()].map(({ facts, seq, refund }) => ({
      facts,
      seq,
      refundedAt: refund?.at ?? null,
      refundedSeq: refund?.seq ?? null,
    })),
    forfeits: forfeits.map(({ bookedAt, pack, units }) => ({ bookedAt, pack: pack.no, units })),
    corrections,
  });
