// What is lost of packs, and what is paid back of them, as the naive implementation understands it.

import type { DrawnPack } from './draw-order.ts';
import { decimal, monthOf, placesOf, written } from './figures.ts';
import type { BookJson, LineJson } from './json.ts';

type Pack = DrawnPack & { refunded: boolean; lost: { at: number; units: bigint }[] };
type World<P extends Pack> = {
  book: BookJson;
  zone: string;
  now: number;
  packs: P[];
  events: { draws: { pack: string; units: bigint }[]; voided: { at: number } | null }[];
};

const half = (sum: bigint, by: bigint): bigint => (2n * sum + by) / (2n * by);

/** The price less what each used unit costs, half up; "paid": as much as a unit of the pack did. */
export function paidBack(book: BookJson, { price, calls }: DrawnPack, left: bigint, part: string): bigint {
  if (part === 'paid') return half(price * left, calls);
  const scale = 10n ** BigInt(8 - placesOf(book));
  const exact = price * scale - (calls - left) * decimal(part, 8);
  return exact < 0n ? 0n : half(exact, scale);
}

/** Forfeits are booked when the late window closes; units that a void returns later are lost at the void. */
export function forfeitLines<P extends Pack>(w: World<P>, month: string, bookedAt: (pack: P) => number): LineJson[] {
  const lines: LineJson[] = [];
  const tell = (pack: P, lost: bigint) => {
    const worth = half(pack.price * lost, pack.calls);
    if (lost > 0n) lines.push({ kind: 'forfeit', pack: pack.id, calls: Number(lost), worth: written(w.book, worth) });
  };
  for (const pack of w.packs.filter((p) => !p.refunded && w.now >= bookedAt(p))) {
    const booked = bookedAt(pack);
    let lost = monthOf(booked, w.zone) === month ? pack.calls : 0n;
    for (const { draws, voided } of w.events) {
      const units = draws.filter((d) => d.pack === pack.id).reduce((sum, d) => sum + d.units, 0n);
      const late = voided !== null && voided.at >= booked;
      if (late && monthOf(voided.at, w.zone) === month) lost += units;
      if ((!voided || late) && monthOf(booked, w.zone) === month) lost -= units;
    }
    tell(pack, lost);
  }
  for (const pack of w.packs) {
    const ofMonth = pack.lost.filter(({ at }) => monthOf(at, w.zone) === month);
    tell(
      pack,
      ofMonth.reduce((sum, { units }) => sum + units, 0n),
    );
  }
  return lines;
}
