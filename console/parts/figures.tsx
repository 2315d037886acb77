// How amounts, counts and moments are shown. They come ready from the core or the server; here they are only written out.

import { type Language, useLanguage, useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import { useAccount, useAccountId } from './account.ts';

const localeOf = { zh: 'zh-CN', en: 'en-GB' } as const;

/** "12250.00" → "12,250.00", digit by digit: no number in between that could lose some. */
export const grouped = (figure: string): string => {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(figure) ?? [];
  return whole === '' ? figure : `${sign}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
};

const symbols: Readonly<Record<string, string>> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** As bills write it: "¥12,250.00", "-¥1.00", "HKD 1.00". */
export function amountText(amount: string, currency: string): string {
  const [sign, rest] = amount.startsWith('-') ? ['-', amount.slice(1)] : ['', amount];
  const symbol = symbols[currency];
  return symbol === undefined ? `${sign}${currency} ${grouped(rest)}` : `${sign}${symbol}${grouped(rest)}`;
}

interface AmountProps {
  /** Null: no public price. */
  readonly amount: string | null;
  readonly currency: string;
}

export function Amount({ amount, currency }: AmountProps) {
  const say = useWords(partsWords);
  return <span className="tabular">{amount === null ? say('quoteRequired') : amountText(amount, currency)}</span>;
}

export const countText = (count: number | bigint | string): string => grouped(String(count));

/** A moment, or its day, as people read it in their language and the account's zone. */
export function momentText(
  at: string,
  { language, zone, withTime = true }: { language: Language; zone?: string | undefined; withTime?: boolean },
): string {
  return new Intl.DateTimeFormat(localeOf[language], {
    dateStyle: 'medium',
    ...(withTime ? { timeStyle: 'short' } : {}),
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(new Date(at));
}

/** "5 January 2026" of "2026-01-05". */
export const dayText = (day: string, language: Language): string =>
  momentText(`${day}T00:00:00Z`, { language, zone: 'UTC', withTime: false });

/** "January 2026" of "2026-01". */
export const monthText = (month: string, language: Language): string =>
  new Intl.DateTimeFormat(localeOf[language], { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    new Date(`${month}-01T00:00:00Z`),
  );

interface WhenProps {
  /** RFC 3339; null or undefined: never. */
  readonly at: string | null | undefined;
  /** If not given, that of the account that the page is of; on other pages the browser's. */
  readonly zone?: string | undefined;
  readonly withTime?: boolean;
}

/** A date as people read it; the exact moment on hover. */
export function When({ at, zone: given, withTime = true }: WhenProps) {
  const { data } = useAccount(useAccountId());
  const zone = given ?? data?.timeZone;
  const language = useLanguage();
  const say = useWords(partsWords);
  if (at === null || at === undefined) return <span>–</span>;
  const moment = new Date(at);
  const options = zone === undefined ? {} : { timeZone: zone };
  const shown = momentText(at, { language, zone, withTime });
  const exact = new Intl.DateTimeFormat(localeOf[language], { dateStyle: 'full', timeStyle: 'long', ...options });
  return (
    <time dateTime={at} title={say('exactly', { time: exact.format(moment), zone: exact.resolvedOptions().timeZone })}>
      {shown}
    </time>
  );
}
