// A share of what is bounded: nobody takes more of it than he leaves for all others together.

/** How much `taken` is beyond the share of one who has `own` of it; 0 or less: it is his. Both counted with what he asks for. */
export const beyondShare = (most: number, taken: number, own: number): number =>
  Math.max(taken - most, own - (most - taken));
