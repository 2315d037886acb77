// Credits: money that nobody paid in, for a reason.

import { isRefusal } from '../core/refusal.ts';
import { creditBalance } from '../operations/accounts.ts';
import { amountFor, entryDocument, readHead } from '../operations/read-account.ts';
import { waitForSecond } from './approvals.ts';
import * as contract from './contract/contract.ts';
import { command, type RouteParts } from './route.ts';

export function registerCredits(parts: RouteParts): void {
  const { suanpan } = parts;
  command(
    parts,
    {
      method: 'POST',
      url: '/v1/accounts/:id/credits',
      answer: contract.entryOrApproval,
      access: { scope: 'manage', duty: 'money', of: 'path' },
      summary: 'Add money that nobody paid in, with a reason. Above a limit it waits for a second person (202)',
      body: contract.newCredit,
      once: 'required',
      statuses: [201, 202],
    },
    async (tx, { body, account, caller }) => {
      const amount = await amountFor(tx, suanpan, account, body.amount);
      if (isRefusal(amount)) return amount;
      const waits = await waitForSecond(parts, tx, caller, { act: 'credit', account, asked: body });
      if (waits !== undefined) return waits;
      const entry = await creditBalance(tx, suanpan, { account, amount, reason: body.reason }, suanpan.clock());
      if (isRefusal(entry)) return entry;
      const reading = await readHead(tx, suanpan, account);
      return isRefusal(reading)
        ? reading
        : { body: { account, ...entryDocument(entry, reading.head.timeZone, reading.book.currency) }, account };
    },
  );
}
