// What will the month come to?

import { refuseMissingAccount } from '../operations/read-account.ts';
import * as contract from './contract/contract.ts';
import { answerFromThread } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

export function registerForecasts(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/forecast',
      answer: contract.forecast,
      access: { scope: 'read', of: 'path' },
      summary: 'Month-end calls and bill with a range, when packs run dry, what will be forfeited',
      head: ({ account }) => refuseMissingAccount(parts.suanpan, account),
    },
    async (input) =>
      answerFromThread(parts, input, { kind: 'forecast', account: input.account, now: parts.suanpan.clock() }),
  );
}
