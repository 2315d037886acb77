// What is done on the server's machine, without a server: kept in the audit as what a server does.

import { localAct } from '../core/act.ts';
import { inTransaction } from '../store/connection/transaction.ts';
import { keepAct } from '../store/ledger/audit.ts';
import type { Suanpan } from './suanpan.ts';

/** Before it begins: what breaks off half done must not be what nobody did. */
export async function keepLocalAct(
  { pool, clock }: Pick<Suanpan, 'pool' | 'clock'>,
  operation: string,
  asked: object,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await keepAct(tx, localAct(operation, null, clock(), asked));
    return true;
  });
}
