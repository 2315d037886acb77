// `import { quote, simulate, settle, rate } from 'suanpan'`: what computes, without a server, a database or a file. Runs in Node from 20.20 on
// and in browsers. Calls and money are whole numbers of their own types (`callsOf`, `moneyOf`); nothing rounds but where the rules say.

export { hasProblems, parsePriceBook } from './book/decode.ts';
export type { BookDocument } from './book/schema.ts';
export type { LivePack } from './core/pack.ts';
export type { PriceBook, Tariff } from './core/price-book.ts';
export { type Quantities, type Rated, rate } from './core/rate.ts';
export { isRefusal, type Refusal } from './core/refusal.ts';
export { type Draw, type Settlement, settle, type Use } from './core/settle.ts';
export {
  type Calls,
  callsOf,
  formatMoney,
  formatPrice,
  type Instant,
  instantOf,
  type Money,
  moneyOf,
  parseMoney,
} from './core/units.ts';
export { type Quote, type QuoteRequest, quote } from './scenario/quote.ts';
export { type BooksById, type Simulation, simulate } from './scenario/simulate.ts';
export { refusalWords } from './words/refusals.ts';
