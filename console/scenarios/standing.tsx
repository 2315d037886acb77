// What the story has come to at a step: packs with what is left, receipts, bills, the balance.

import { Card, Progress, Statistic } from 'antd';
import { Amount, amountText, countText, When } from '../parts/figures.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { callsWords } from '../words/calls.ts';
import { packsWords } from '../words/packs.ts';
import { scenarioWords } from '../words/scenarios.ts';
import type { Played } from '../worker/scenario-tasks.ts';

interface Props {
  readonly played: Played;
}

export function Standing({ played }: Props) {
  const say = useWords(scenarioWords);
  const { simulation, book } = played;
  return (
    <>
      <Card size="small">
        <Statistic title={say('balance')} value={amountText(simulation.balance, book.currency)} className="total" />
      </Card>
      <Card size="small" title={<h2 className="card-title">{say('packs')}</h2>}>
        {simulation.packs.length === 0 ? <p>{say('noPacks')}</p> : <Packs played={played} />}
      </Card>
      <Card size="small" title={<h2 className="card-title">{say('receipts')}</h2>}>
        {simulation.receipts.length === 0 ? <p>{say('noReceipts')}</p> : <Receipts played={played} />}
      </Card>
      <Card size="small" title={<h2 className="card-title">{say('bills')}</h2>}>
        {simulation.bills.length === 0 ? <p>{say('noBills')}</p> : <Bills played={played} />}
      </Card>
    </>
  );
}

function Packs({ played: { simulation, book } }: Props) {
  const say = useWords(scenarioWords);
  const states = useWords(packsWords);
  const said = useSaid();
  const titleOf = (id: string) => said(book.products.find((each) => each.id === id) ?? { zh: id, en: id });
  const numbers = (['left', 'ofAll', 'forfeited'] as const).map((key) => ({
    title: say(key),
    isNumber: true as const,
  }));
  return (
    <PlainTable
      label={say('packs')}
      columns={[say('pack'), ...numbers, say('state'), say('expires')]}
      rows={simulation.packs.map((pack) => ({
        key: pack.id,
        cells: [
          <span key="pack">
            {titleOf(pack.product)} <code>{pack.id}</code> {pack.gift ? `(${say('given')})` : null}
            <Progress
              size="small"
              showInfo={false}
              aria-label={`${say('left')} ${pack.id}`}
              percent={(100 * pack.remaining) / pack.calls}
            />
          </span>,
          countText(pack.remaining),
          countText(pack.calls),
          countText(pack.forfeited),
          states(pack.state),
          <When key="expires" at={pack.expiresAt} zone={book.timeZone} />,
        ],
      }))}
    />
  );
}

function Receipts({ played: { simulation, book } }: Props) {
  const say = useWords(scenarioWords);
  const calls = useWords(callsWords);
  const said = useSaid();
  const titleOf = (id: string | null) =>
    id === null ? '–' : said(book.meters.find((each) => each.id === id) ?? { zh: id, en: id });
  return (
    <PlainTable
      label={say('receipts')}
      columns={[
        say('event'),
        say('meter'),
        { title: say('calls'), isNumber: true },
        say('paidBy'),
        { title: say('postpaid'), isNumber: true },
        say('state'),
      ]}
      rows={simulation.receipts.map((receipt) => ({
        key: receipt.event,
        cells: [
          <code key="event">{receipt.event}</code>,
          titleOf(receipt.meter),
          countText(receipt.calls),
          <span key="paid">
            {receipt.draws.map((draw) => (
              <div key={draw.pack}>
                <code>{draw.pack}</code> {countText(draw.calls)}
              </div>
            ))}
            {receipt.unused.map(({ pack, reason }) => (
              <div key={pack}>
                <code>{pack}</code> {calls(reason)}
              </div>
            ))}
          </span>,
          countText(receipt.postpaid),
          receipt.voided === true ? say('void') : calls(receipt.outcome),
        ],
      }))}
    />
  );
}

function Bills({ played: { simulation, book } }: Props) {
  const say = useWords(scenarioWords);
  const said = useSaid();
  return simulation.bills.map((bill) => (
    <section key={bill.month}>
      <h3 className="card-title">{say('bill', { month: bill.month })}</h3>
      <PlainTable
        label={say('bill', { month: bill.month })}
        columns={[say('line'), { title: say('amount'), isNumber: true }]}
        rows={[
          ...bill.lines.map((line) => ({
            key: line.formula.en,
            cells: [said(line.formula), <Amount key="amount" amount={line.amount} currency={book.currency} />],
          })),
          {
            key: 'total',
            cells: [
              <strong key="total">{say('total')}</strong>,
              <strong key="amount">
                <Amount amount={bill.total} currency={book.currency} />
              </strong>,
            ],
          },
        ]}
      />
    </section>
  ));
}
