// What will the month come to?

import { isRefusal } from '../core/refusal.ts';
import { forecastAccount } from '../operations/forecast.ts';
import { type RouteParts, route } from './route.ts';

export function registerForecasts(parts: RouteParts): void {
  route(
    parts,
    {
      method: 'GET',
      url: '/v1/accounts/:id/forecast',
      access: { scope: 'read', of: 'path' },
      summary: 'Month-end calls and bill with a range, when packs run dry, what will be forfeited',
    },
    async ({ account }) => {
      const forecast = await forecastAccount(parts.suanpan, account);
      return isRefusal(forecast) ? forecast : { body: forecast };
    },
  );
}
