// What the check of a bill came to: the verdict, the totals, and under each cause the figures that it explains.

import { Alert, Card } from 'antd';
import { amountText, countText } from '../parts/figures.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { ProblemShown } from '../parts/problem-shown.tsx';
import { SaveText } from '../parts/save-text.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { billCheckWords } from '../words/bill-check.ts';
import type { Tasks } from '../worker/core-worker.ts';
import { isRefused } from '../worker/outcome.ts';

type Outcome = Awaited<ReturnType<Tasks['billCheck']>>;
type Whole = Exclude<Outcome, { readonly refused: unknown }>;
type AtEnd = Extract<Whole, { readonly at: 'end' }>;
type Difference = AtEnd['differences'][number];

interface Props {
  readonly outcome: Outcome;
  readonly currency: string;
}

export function BillChecked({ outcome, currency }: Props) {
  const said = useSaid();
  if (isRefused(outcome)) return <ProblemShown problem={new Error(said(outcome.refused))} />;
  return (
    <section aria-live="polite" className="stack">
      {outcome.at === 'end' ? <Judged judged={outcome} currency={currency} /> : <NotRead outcome={outcome} />}
      {outcome.notes.length === 0 ? null : (
        <ul>
          {outcome.notes.map((note) => (
            <li key={note.en}>{said(note)}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function NotRead({ outcome }: { readonly outcome: Exclude<Whole, AtEnd> }) {
  const say = useWords(billCheckWords);
  const said = useSaid();
  const title =
    outcome.at === 'cells'
      ? say('cells', { name: outcome.path, count: outcome.problems.length })
      : say('rows', { name: outcome.path, rows: countText(outcome.rows), unread: countText(outcome.unread) });
  const lines =
    outcome.at === 'cells'
      ? outcome.problems.map(({ line, column, ...what }) => say('cell', { line, column, what: said(what) }))
      : outcome.problems.map(({ line, ...what }) => say('row', { line, what: said(what) }));
  return <Alert type="error" role="alert" showIcon title={title} description={<Lines lines={lines} />} />;
}

const Lines = ({ lines }: { readonly lines: readonly string[] }) => (
  <ul>
    {lines.map((line) => (
      <li key={line}>{line}</li>
    ))}
  </ul>
);

function Judged({ judged, currency }: { readonly judged: AtEnd; readonly currency: string }) {
  const say = useWords(billCheckWords);
  const said = useSaid();
  const { usage, totals, unread, differences } = judged;
  const verdict = differences.length === 0 ? said(judged.verdict) : say('differ', { count: differences.length });
  const money = (amount: string | null) => (amount === null ? say('unknown') : amountText(amount, currency));
  return (
    <>
      <Alert type={judged.isRight ? 'success' : 'warning'} showIcon title={verdict} />
      {judged.warnings.map((warning) => (
        <Alert key={warning.en} type="warning" showIcon title={said(warning)} />
      ))}
      {unread.unread === 0 ? null : (
        <Alert
          type="warning"
          showIcon
          title={say('left', { unread: countText(unread.unread) })}
          description={
            <Lines lines={unread.problems.map(({ line, ...what }) => say('row', { line, what: said(what) }))} />
          }
        />
      )}
      <Card size="small" title={<h2 className="card-title">{say('result')}</h2>}>
        <PlainTable
          label={say('result')}
          columns={[
            say('what'),
            { title: say('billed'), isNumber: true },
            { title: say('expected'), isNumber: true },
            { title: say('difference'), isNumber: true },
          ]}
          rows={(['postpaid', 'purchases', 'total'] as const).map((key) => ({
            key,
            cells: [
              say(key),
              money(totals.billed[key]),
              money(totals.expected[key]),
              key === 'total' ? money(totals.difference) : '',
            ],
          }))}
        />
        <p>
          {say('record', {
            rows: countText(usage.rows),
            duplicates: countText(usage.duplicates),
            conflicts: countText(usage.conflicts),
            notCharged: countText(usage.notCharged),
            held: countText(usage.heldForReview),
            others: countText(usage.otherAccounts),
          })}
        </p>
        <SaveText name="bill-check.json" text={judged.json} label={say('download')} />
      </Card>
      {judged.causes.map((cause) => (
        <Cause key={cause.en} cause={cause} judged={judged} currency={currency} />
      ))}
      <Told title={say('ways')} words={judged.ways} />
      <Told title={say('notCompared')} words={judged.notCompared} />
    </>
  );
}

function Told({ title, words }: { readonly title: string; readonly words: readonly { zh: string; en: string }[] }) {
  const said = useSaid();
  if (words.length === 0) return null;
  return (
    <Card size="small" title={<h2 className="card-title">{title}</h2>}>
      <Lines lines={words.map(said)} />
    </Card>
  );
}

const shownDifferences = 8;
const isMoney = ({ kind }: Difference): boolean => kind === 'line' || kind === 'purchase' || kind === 'total';

interface CauseProps {
  readonly cause: AtEnd['causes'][number];
  readonly judged: AtEnd;
  readonly currency: string;
}

function Cause({ cause, judged, currency }: CauseProps) {
  const say = useWords(billCheckWords);
  const said = useSaid();
  const of = judged.differences.filter((difference) => difference.cause?.en === cause.en);
  const shown = of.toSorted((a, b) => Number(isMoney(b)) - Number(isMoney(a))).slice(0, shownDifferences);
  const kinds = { draw: 'draw', postpaid: 'days', line: 'line', purchase: 'purchase', total: 'total' } as const;
  const side = ({ calls, unitPrice, amount }: Difference['billed']) =>
    [
      calls === undefined ? '' : say('calls', { calls: countText(calls) }),
      unitPrice === undefined ? '' : `× ${unitPrice}`,
      amount === undefined ? '' : amountText(amount, currency),
    ]
      .filter((part) => part !== '')
      .join(' ') || say('nothing');
  return (
    <Card size="small">
      <h2 className="card-title">{said(cause)}</h2>
      <p>
        <small>{say('cause', { code: cause.code, count: cause.differences })}</small>
      </p>
      {(cause.or ?? []).map((other) => (
        <p key={other.en}>{say('or', { what: said(other) })}</p>
      ))}
      <PlainTable
        label={said(cause)}
        columns={[say('where'), { title: say('billed'), isNumber: true }, { title: say('expected'), isNumber: true }]}
        rows={shown.map(({ kind, where, billed, expected }) => ({
          key: `${kind} ${Object.values(where).join(' ')}`,
          cells: [
            [say(kinds[kind]), where.day, where.meter, where.tariff, where.pack]
              .filter((part) => part !== null)
              .join(' '),
            side(billed),
            side(expected),
          ],
        }))}
      />
      {of.length > shown.length ? <p>{say('more8', { count: of.length - shown.length })}</p> : null}
    </Card>
  );
}
