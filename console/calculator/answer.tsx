// The amount, the lines it comes from in words, and what a careful clerk would point out.

import type { UseQueryResult } from '@tanstack/react-query';
import { Alert, Card, Skeleton, Statistic, Typography } from 'antd';
import type { Quote } from '../../src/scenario/quote.ts';
import { Amount, amountText } from '../parts/figures.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { calculatorWords } from '../words/calculator.ts';
import { partsWords } from '../words/parts.ts';
import { isRefused, type Refused } from '../worker/outcome.ts';

export type Answered = Quote | Refused;

export function AnswerShown({ answer, currency }: { answer: UseQueryResult<Answered>; currency: string }) {
  const said = useSaid();
  if (answer.isError) return <ProblemShown problem={answer.error} />;
  if (answer.data === undefined) return <Skeleton active />;
  if (isRefused(answer.data)) return <ProblemShown problem={new Error(said(answer.data.refused))} />;
  return <QuoteShown quote={answer.data} currency={currency} />;
}

function QuoteShown({ quote, currency }: { quote: Quote; currency: string }) {
  const say = useWords(calculatorWords);
  const parts = useWords(partsWords);
  const said = useSaid();
  const { total, prepaid, postpaid, estimate, lines, notices } = quote;
  const shown = (amount: string | null) => (amount === null ? parts('quoteRequired') : amountText(amount, currency));
  return (
    <section aria-live="polite" aria-label={say('total')}>
      <Card size="small" style={{ marginBottom: 16 }}>
        <Statistic title={say('total')} value={shown(total)} styles={{ content: { fontSize: 32 } }} className="total" />
        {total === null && estimate !== null ? (
          <p>{say('estimate', { amount: amountText(estimate, currency) })}</p>
        ) : null}
        <Typography.Text>
          {say('prepaid')} {shown(prepaid)} · {say('postpaid')} {shown(postpaid)}
        </Typography.Text>
      </Card>
      {notices.map((notice) => (
        <Alert
          key={`${notice.code} ${notice.en}`}
          type="warning"
          showIcon
          style={{ marginBottom: 8 }}
          title={said(notice)}
        />
      ))}
      <Typography.Title level={2} style={{ fontSize: 16 }}>
        {say('lines')}
      </Typography.Title>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{say('line')}</th>
            <th scope="col" className="number">
              {say('amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.formula.en}>
              <td>{said(line.formula)}</td>
              <td className="number">
                <Amount amount={line.amount} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
