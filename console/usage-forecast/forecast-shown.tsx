// The forecast of a file: its sentence, the month's end with its range, packs, and what was found in the file.

import { Alert, Card, Select } from 'antd';
import { Field } from '../parts/field.tsx';
import { Amount, amountText, countText, When } from '../parts/figures.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { usageForecastWords } from '../words/usage-forecast.ts';
import type { Tasks } from '../worker/core-worker.ts';
import { isRefused } from '../worker/outcome.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { MonthChart } from './month-chart.tsx';

type Outcome = Awaited<ReturnType<Tasks['usageForecast']>>;
export type Told = Exclude<Outcome, { readonly refused: unknown }>;
export type ForecastFigures = NonNullable<Told['forecast']>;

interface Props {
  readonly book: ShownBook;
  readonly name: string;
  readonly account: string | undefined;
  readonly onAccount: (account: string | undefined) => void;
  readonly outcome: Outcome;
}

export function ForecastShown({ outcome, ...props }: Props) {
  const said = useSaid();
  const say = useWords(usageForecastWords);
  if (isRefused(outcome)) return <ProblemShown problem={new Error(said(outcome.refused))} />;
  const { forecast, days } = outcome;
  return (
    <>
      <FileRead {...props} told={outcome} />
      {forecast === null ? (
        <Alert type="warning" showIcon title={say('nothing')} />
      ) : (
        <section aria-live="polite" aria-label={say('table')} className="stack">
          <MonthEnd book={props.book} forecast={forecast} />
          <Card size="small" title={<h2 className="card-title">{say('chart')}</h2>}>
            <MonthChart forecast={forecast} days={days} />
          </Card>
          <Packs book={props.book} forecast={forecast} />
          <Lines forecast={forecast} />
        </section>
      )}
    </>
  );
}

function FileRead({ name, account, onAccount, told: { read } }: Omit<Props, 'outcome' | 'book'> & { told: Told }) {
  const say = useWords(usageForecastWords);
  const said = useSaid();
  const counts = (['unread', 'repeated', 'held', 'notCharged', 'unknown'] as const).filter((key) => read[key] > 0);
  return (
    <Card size="small" title={<h2 className="card-title">{say('file')}</h2>}>
      <p>{say('read', { name, rows: countText(read.rows) })}</p>
      <ul>
        {counts.map((key) => (
          <li key={key}>{say(key, { count: countText(read[key]) })}</li>
        ))}
        {read.problems.map(({ line, ...what }) => (
          <li key={line}>{say('line', { line, what: said(what) })}</li>
        ))}
        {read.notes.map((note) => (
          <li key={note.en}>{said(note)}</li>
        ))}
      </ul>
      {read.accounts.length > 1 ? (
        <Field label={say('account')}>
          <Select
            style={{ display: 'flex', maxWidth: 320 }}
            value={account ?? ''}
            onChange={(chosen: string) => onAccount(chosen === '' ? undefined : chosen)}
            options={[
              { value: '', label: say('all') },
              ...read.accounts.map((each) => ({ value: each.name, label: `${each.name} (${countText(each.rows)})` })),
            ]}
          />
        </Field>
      ) : null}
    </Card>
  );
}

function MonthEnd({ book, forecast }: { readonly book: ShownBook; readonly forecast: ForecastFigures }) {
  const say = useWords(usageForecastWords);
  const said = useSaid();
  const { bill, calls, meters, currency, summary, notices, billNotices, asOf } = forecast;
  const titleOf = (id: string) => said(book.meters.find((meter) => meter.id === id) ?? { zh: id, en: id });
  const count = (value: number | null) => (value === null ? '–' : countText(value));
  const money = (value: string | null) => (value === null ? '–' : amountText(value, currency));
  // What a pack cost does not stand in the file, so neither is known what is lost with it; its calls stand in the table of packs.
  const told = [...notices.filter(({ code }) => code !== 'PACK_FORFEITS'), ...billNotices];
  const figures = (['soFar', 'expected', 'low', 'high'] as const).map((key) => ({ key, title: say(key) }));
  return (
    <Card size="small" title={<h2 className="card-title">{say('table')}</h2>}>
      <p>
        <strong>{said(summary)}</strong>
      </p>
      <PlainTable
        label={say('table')}
        columns={[say('what'), ...figures.map(({ title }) => ({ title, isNumber: true as const }))]}
        rows={[
          ...meters.map((meter) => ({
            key: meter.meter,
            cells: [titleOf(meter.meter), ...figures.map(({ key }) => count(meter[key]))],
          })),
          { key: 'calls', cells: [say('calls'), ...figures.map(({ key }) => count(calls[key]))] },
          { key: 'bill', cells: [say('bill'), ...figures.map(({ key }) => money(bill[key]))] },
        ]}
      />
      <p>
        {say('asOf', { time: '' })}
        <When at={asOf} zone={book.timeZone} />
      </p>
      {told.map((notice) => (
        <Alert
          key={`${notice.code} ${notice.en}`}
          type="warning"
          showIcon
          style={{ marginBottom: 8 }}
          title={said(notice)}
        />
      ))}
    </Card>
  );
}

function Packs({ book, forecast }: { readonly book: ShownBook; readonly forecast: ForecastFigures }) {
  const say = useWords(usageForecastWords);
  const said = useSaid();
  if (forecast.packs.length === 0) return null;
  const titleOf = (id: string) => said(book.products.find((each) => each.id === id) ?? { zh: id, en: id });
  const span = ({ expected, earliest, latest }: ForecastFigures['postpaidFrom']) =>
    expected === null && earliest === null
      ? say('never')
      : `${expected ?? '–'}${earliest === null ? '' : ` (${earliest} … ${latest ?? ''})`}`;
  return (
    <Card size="small" title={<h2 className="card-title">{say('packs')}</h2>}>
      <PlainTable
        label={say('packs')}
        columns={[
          say('pack'),
          { title: say('left'), isNumber: true },
          say('runsDry'),
          say('lastDay'),
          { title: say('lost'), isNumber: true },
        ]}
        rows={forecast.packs.map((pack) => ({
          key: pack.pack,
          cells: [
            titleOf(pack.product),
            countText(pack.remaining),
            span(pack.runsDry),
            pack.lastDay,
            pack.forfeits.calls.expected === null ? '–' : countText(pack.forfeits.calls.expected),
          ],
        }))}
      />
    </Card>
  );
}

function Lines({ forecast: { bill, currency } }: { readonly forecast: ForecastFigures }) {
  const say = useWords(usageForecastWords);
  const said = useSaid();
  if (bill.lines.length === 0) return null;
  return (
    <Card size="small" title={<h2 className="card-title">{say('lines')}</h2>}>
      <PlainTable
        label={say('lines')}
        columns={[say('why'), { title: say('amount'), isNumber: true }]}
        rows={bill.lines.map((line) => ({
          key: line.formula.en,
          cells: [said(line.formula), <Amount key="amount" amount={line.amount} currency={currency} />],
        }))}
      />
    </Card>
  );
}
