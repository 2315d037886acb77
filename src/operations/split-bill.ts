// A bill by department: one pool and one counter an account, the amounts shared by calls.

import { endOfPeriod, startOfPeriod } from '../core/calendar.ts';
import { type DepartmentShare, splitBill } from '../core/department.ts';
import { isRefusal, type Refusal } from '../core/refusal.ts';
import { readDepartmentCalls } from '../store/ledger/events.ts';
import { findPacks } from '../store/ledger/packs.ts';
import { refuseArchived } from './archive-events.ts';
import { readHead } from './read-account.ts';
import type { BillReading } from './read-bills.ts';
import type { Reader } from './suanpan.ts';

export interface BillSplit {
  readonly account: string;
  readonly month: string;
  readonly departments: readonly DepartmentShare[];
}

/** Splits a bill. Refusals: NOT_FOUND, ARCHIVED while the month's events lie in files. */
export async function splitBillByDepartment(suanpan: Reader, bill: BillReading): Promise<BillSplit | Refusal> {
  const archived = await refuseArchived(suanpan.pool, bill.month);
  if (archived !== undefined) return archived;
  const reading = await readHead(suanpan.pool, suanpan, bill.account);
  if (isRefusal(reading)) return reading;
  const { head, book } = reading;
  const month = { from: startOfPeriod(head.timeZone, bill.month), to: endOfPeriod(head.timeZone, bill.month) };
  const usage = await readDepartmentCalls(
    suanpan.pool,
    { account: bill.account, ...month, through: bill.seq },
    suanpan.meters,
  );
  const ids = bill.document.lines.flatMap((line) => ('pack' in line ? [line.pack] : []));
  const packs = await findPacks(suanpan.pool, bill.account, ids);
  const owners = packs.flatMap(({ facts: { id, department } }): [string, string][] =>
    department === undefined ? [] : [[id, department]],
  );
  const departments = splitBill(bill.document, usage, book, new Map(owners));
  return { account: bill.account, month: bill.month, departments };
}
