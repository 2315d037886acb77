// What will the month come to?

import { isRefusal } from '../core/refusal.ts';
import { accountFor } from './access.ts';
import { answerFromThread } from './from-thread.ts';
import { type RouteParts, route } from './route.ts';

export function registerForecasts(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/forecast',
      access: 'account',
      summary: 'Month-end calls and bill with a range, when packs run dry, what will be forfeited',
    },
    async (input) => {
      const account = accountFor(input.caller, input.params.id ?? '');
      if (isRefusal(account)) return account;
      return answerFromThread(parts, input, { kind: 'forecast', account, now: parts.suanpan.clock() });
    },
  );
}
