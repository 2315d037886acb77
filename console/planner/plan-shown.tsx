// The plan: what it costs, the calendar of purchases, the months as bars, what else could be done, and how it is proved.

import { Alert, Card, Statistic, Typography } from 'antd';
import { Amount, amountText, countText } from '../parts/figures.tsx';
import { PaidBars } from '../parts/paid-bars.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { Scroll } from '../parts/scroll.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { partsWords } from '../words/parts.ts';
import { plannerWords } from '../words/planner.ts';
import { isRefused, type Refused } from '../worker/outcome.ts';
import type { Planned } from '../worker/plan-tasks.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';

interface Props {
  readonly outcome: Planned | Refused;
  readonly books: readonly ShownBook[];
}

export function PlanShown({ outcome, books }: Props) {
  const said = useSaid();
  if (isRefused(outcome)) return <ProblemShown problem={new Error(said(outcome.refused))} />;
  const book = books.find(({ id }) => id === outcome.book);
  return <Whole plan={outcome} book={book} />;
}

interface WholeProps {
  readonly plan: Planned;
  readonly book: ShownBook | undefined;
}

function Whole({ plan, book }: WholeProps) {
  const say = useWords(plannerWords);
  const parts = useWords(partsWords);
  const said = useSaid();
  const { best, currency, notices } = plan;
  const shown = (amount: string | null) => (amount === null ? parts('quoteRequired') : amountText(amount, currency));
  return (
    <section aria-live="polite" aria-label={say('calendar')} className="stack">
      <Card size="small">
        <Statistic
          title={say('total')}
          value={shown(best.total)}
          styles={{ content: { fontSize: 32 } }}
          className="total"
        />
        {best.total === null && best.estimate !== null ? (
          <p>{say('estimate', { amount: amountText(best.estimate, currency) })}</p>
        ) : null}
        <Typography.Text>
          {say('prepaid')} {shown(best.prepaid)} · {say('postpaid')} {shown(best.postpaid)}
        </Typography.Text>
        <Proof plan={plan} />
      </Card>
      <Calendar plan={plan} book={book} />
      <Alternatives plan={plan} book={book} />
      {notices.map((notice) => (
        <Alert key={`${notice.code} ${notice.en}`} type="warning" showIcon title={said(notice)} />
      ))}
    </section>
  );
}

const methods = {
  tables: 'exact dynamic programming',
  search: 'exhaustive search',
  program: 'integer program (HiGHS)',
  relaxed: 'bound by integer program (HiGHS)',
} as const;

function Proof({ plan: { proof } }: Pick<WholeProps, 'plan'>) {
  const say = useWords(plannerWords);
  const said = useSaid();
  const used = proof.method.split(' + ');
  const keys = (Object.keys(methods) as (keyof typeof methods)[]).filter((key) => used.includes(methods[key]));
  return (
    <details className="proof">
      <summary>
        {proof.isProved ? '✓ ' : null}
        {said(proof)} {say('how')}
      </summary>
      {keys.map((key) => (
        <p key={key}>{say(key)}</p>
      ))}
      <p>{say('billed')}</p>
    </details>
  );
}

type Purchase = Planned['best']['purchases'][number];

function usePackText(book: ShownBook | undefined) {
  const say = useWords(plannerWords);
  const said = useSaid();
  return ({ product, size, count }: Purchase): string => {
    const title = said(book?.products.find(({ id }) => id === product) ?? { zh: product, en: product });
    return say('pack', { count, title, size: countText(size) });
  };
}

function Calendar({ plan, book }: WholeProps) {
  const say = useWords(plannerWords);
  const packText = usePackText(book);
  const { best, currency } = plan;
  const months = ('months' in best ? best.months : undefined) ?? [];
  const boughtIn = (month: string) => best.purchases.filter((each) => 'month' in each && each.month === month);
  const title = <h2 className="card-title">{say('calendar')}</h2>;
  return (
    <Card size="small" title={title}>
      {best.purchases.length === 0 ? <p>{say('noPacks')}</p> : null}
      <Scroll label={say('calendar')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{say('month')}</th>
              <th scope="col">{say('buy')}</th>
              {(['calls', 'drawn', 'prepaid', 'postpaid'] as const).map((key) => (
                <th scope="col" className="number" key={key}>
                  {say(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {months.map(({ month, calls, drawn, prepaid, postpaid }) => (
              <tr key={month}>
                <th scope="row" className="nowrap">
                  {month}
                </th>
                <td style={{ minWidth: 180 }}>
                  {boughtIn(month).map((each) => (
                    <div key={`${each.product} ${each.size}`}>
                      {packText(each)} · <Amount amount={each.price} currency={currency} />
                    </div>
                  ))}
                  {boughtIn(month).length === 0 ? '–' : null}
                </td>
                <td className="number">{countText(calls)}</td>
                <td className="number">{countText(drawn)}</td>
                <td className="number">
                  <Amount amount={prepaid} currency={currency} />
                </td>
                <td className="number">
                  <Amount amount={postpaid} currency={currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {months.length < 2 ? null : (
        <PaidBars
          label={say('monthsLabel')}
          currency={currency}
          names={{ prepaid: say('prepaid'), postpaid: say('postpaid') }}
          bars={months.map(({ month, prepaid, postpaid }) => ({ name: month, prepaid, postpaid }))}
        />
      )}
    </Card>
  );
}

function Alternatives({ plan, book }: WholeProps) {
  const say = useWords(plannerWords);
  const said = useSaid();
  const packText = usePackText(book);
  const { alternatives, currency } = plan;
  return (
    <Card size="small" title={<h2 className="card-title">{say('alternatives')}</h2>}>
      <Scroll label={say('alternatives')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{say('alternative')}</th>
              {(['prepaid', 'postpaid', 'total', 'above'] as const).map((key) => (
                <th scope="col" className="number" key={key}>
                  {say(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {alternatives.map(({ label, title, purchases, prepaid, postpaid, total, above }) => (
              <tr key={label}>
                <td style={{ minWidth: 160 }}>
                  {purchases.length === 0 ? (
                    said(title)
                  ) : (
                    <details>
                      <summary>{said(title)}</summary>
                      {purchases.map((each) => (
                        <div key={`${'month' in each ? each.month : ''} ${each.product} ${each.size}`}>
                          {'month' in each ? `${each.month} ` : ''}
                          {packText(each)}
                        </div>
                      ))}
                    </details>
                  )}
                </td>
                {[prepaid, postpaid, total].map((amount, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: three columns, always the same.
                  <td className="number" key={at}>
                    <Amount amount={amount} currency={currency} />
                  </td>
                ))}
                <td className="number">{above === null ? '–' : `+${amountText(above, currency)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <PaidBars
        label={say('alternativesLabel')}
        currency={currency}
        height={220}
        names={{ prepaid: say('prepaid'), postpaid: say('postpaid') }}
        bars={alternatives.map(({ title, prepaid, postpaid }) => ({ name: said(title), prepaid, postpaid }))}
      />
    </Card>
  );
}
