// A pack as a bar: what is left, until when, what will probably be lost.

import { Progress } from 'antd';
import { Link } from 'react-router';
import { type Answer, ask } from '../server/ask.ts';
import { useLanguage, useSaid, useWords } from '../shell/language.ts';
import { overviewWords } from '../words/overview.ts';
import { accountCall, accountPath, type BookDocument, titleIn } from './account.ts';
import { amountText, countText, dayText, When } from './figures.tsx';
import { daysUntil } from './month.tsx';
import { useNow } from './now.ts';

export type Pack = Answer<'packPage'>['packs'][number];
type Ahead = Answer<'forecast'>['packs'][number];

interface Props {
  readonly account: Answer<'account'>;
  readonly pack: Pack;
  readonly book: BookDocument | undefined;
  readonly ahead: Ahead | undefined;
}

/** A share for drawing: a hundredth is the finest that the eye sees. */
export const percentOf = (part: number | bigint, whole: number | bigint): number =>
  whole === 0 ? 0 : Number((BigInt(part) * 100n) / BigInt(whole));

export const forecastOf = (account: string) => ({
  queryKey: [accountCall(account, '/forecast')],
  queryFn: () => ask<Answer<'forecast'>>('GET', accountCall(account, '/forecast')),
  staleTime: 30_000,
});

/** What a forecast says of a pack: equal packs stand together there. */
export const aheadOf = (forecast: Answer<'forecast'> | undefined, { id }: Pack): Ahead | undefined =>
  forecast?.packs.find(({ pack, others }) => pack === id || others.includes(id));

/** What will probably be lost of a pack at its end; undefined: nothing, or nobody can tell. */
export function lossOf(
  ahead: Ahead | undefined,
): { readonly calls: number | bigint; readonly worth: string } | undefined {
  const { calls, worth } = ahead?.forfeits ?? {};
  if (calls?.expected == null || calls.expected === 0 || worth?.expected == null) return undefined;
  return { calls: calls.expected, worth: worth.expected };
}

export function PackBar({ account, pack, book, ahead }: Props) {
  const say = useWords(overviewWords);
  const said = useSaid();
  const language = useLanguage();
  const now = useNow();
  const days = now === undefined ? null : daysUntil(now, pack.expiresAt, account.timeZone);
  const lost = lossOf(ahead);
  const title = said(titleIn(book, 'packProducts', pack.product));
  return (
    <div className="pack-bar">
      <div className="bar" style={{ marginBottom: 0 }}>
        <Link to={accountPath(account.id, `packs/${encodeURIComponent(pack.id)}`)}>{title}</Link>
        <span className="grow" />
        <When at={pack.expiresAt} zone={account.timeZone} withTime={false} />
        {days === null ? null : <span>{days <= 0 ? say('endsToday') : say('endsIn', { days })}</span>}
      </div>
      <Progress percent={percentOf(pack.remaining, pack.calls)} showInfo={false} aria-label={title} size="small" />
      <div>{say('left', { left: countText(pack.remaining), all: countText(pack.calls) })}</div>
      {ahead?.runsDry.expected == null ? null : (
        <div>{say('runsDry', { day: dayText(ahead.runsDry.expected, language) })}</div>
      )}
      {lost === undefined ? null : (
        <div>{say('atRisk', { calls: countText(lost.calls), worth: amountText(lost.worth, account.currency) })}</div>
      )}
    </div>
  );
}
