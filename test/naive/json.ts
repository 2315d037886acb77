// The JSON shapes of contracts.md, as the naive implementation reads and writes them. Nothing here comes from src/.

type Texts<Name extends string> = Record<Name, string>;
export type TariffJson = Texts<'id'> & {
  mode: 'volume' | 'graduated' | 'flat';
  bound: 'lower-inclusive' | 'upper-inclusive';
  basis: 'after-packs' | 'gross' | 'gross-in-order';
  counter?: 'month' | 'day';
  tiers: {
    from: number;
    to?: number | null;
    price?: string | null;
    prices?: Record<string, string>;
    per?: number;
    part?: 'up' | 'down' | 'exact';
    fee?: string;
  }[];
  withoutCalls?: boolean;
} & Partial<Texts<'fee' | 'minimum' | 'maximum'>>;
type TermsJson = { validity?: string; refundDays?: number | null; refundPart?: string };
export type ProductJson = Texts<'id'> & {
  covers: { meter: string; ratio?: number; priority?: number }[];
  sizes: ({ calls: number; price: string } & TermsJson)[];
} & TermsJson;
type PoliciesJson = Texts<
  'packValidity' | 'packStart' | 'packExpiry' | 'lateWindow' | 'finalAfter' | 'arrearsGrace'
> & {
  refundDays: number | null;
  packCovers?: string;
  drawOrder: string[];
  packsUsableInArrears: boolean;
};
export type BookJson = Texts<'id' | 'currency' | 'timeZone'> & {
  meters: { id: string; tariff: string | null }[];
  tariffs: TariffJson[];
  packProducts: ProductJson[];
  policies: PoliciesJson;
};

export type StepJson = Texts<'at' | 'do'> &
  Partial<Texts<'id' | 'product' | 'meter' | 'time' | 'amount' | 'month'>> & {
    from?: string;
    tariffs?: Record<string, { from: number; price: string | null }[]>;
    packs?: Record<string, { size: number; price: string }[]>;
    calls?: number;
    months?: number;
    startsOn?: string;
    department?: string;
    scope?: { department: string };
    size?: number;
  };
type AccountJson = Texts<'id'> & Partial<Texts<'opened' | 'balance' | 'timeZone'>> & { postpaid?: boolean };
export type ScenarioJson = { book: BookJson; account: AccountJson; steps: StepJson[] };

export type LineJson = { kind: string; amount?: string; [field: string]: string | number | null | undefined };
export type BillJson = Texts<'month' | 'state' | 'prepaid' | 'postpaid' | 'adjustments' | 'total'> & {
  lines: LineJson[];
};
export type ReceiptJson = { event: string; draws: { pack: string; calls: number }[]; postpaid: number; voided?: true };
export type OutputJson = {
  results: { step: number; ok: boolean; code?: string }[];
  packs: object[];
  receipts: ReceiptJson[];
  bills: BillJson[];
  balance: string;
};
