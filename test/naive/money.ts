// The balance of the naive implementation: all of its entries, added up each time.

type Purse = { money: { at: number; amount: bigint }[] };

export const balanceOf = (w: Purse): bigint => w.money.reduce((sum, entry) => sum + entry.amount, 0n);

export function negativeSince(w: Purse): number | null {
  let sum = 0n;
  let since: number | null = null;
  for (const { at, amount } of w.money) {
    sum += amount;
    since = sum < 0n ? (since ?? at) : null;
  }
  return since;
}
