// How packs of an order are written: PRODUCT:SIZE[xCOUNT].

export interface PackOrder {
  readonly product: string;
  readonly size: number;
  readonly count: number;
}

/** Undefined: it is written otherwise. */
export function readPackOrder(text: string): PackOrder | undefined {
  const [, product, size, count = '1'] = /^([^:]+):(\d{1,13})(?:x(\d{1,4}))?$/.exec(text) ?? [];
  return product === undefined ? undefined : { product, size: Number(size), count: Number(count) };
}
