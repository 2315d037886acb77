// One price book as people read it: what it is, postpaid prices, packs, meters, policies, result codes.

import { Card, Descriptions } from 'antd';
import type { ReactNode } from 'react';
import { Amount, amountText, countText } from '../parts/figures.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { priceBookWords } from '../words/price-books.ts';
import type { ReadBook } from '../worker/book-tasks.ts';
import { useSpan } from './span.ts';

interface Props {
  readonly book: ReadBook;
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card size="small" title={<h2 className="card-title">{title}</h2>}>
    {children}
  </Card>
);

export function BookShown({ book }: Props) {
  return (
    <div className="stack">
      <About book={book} />
      <Tariffs book={book} />
      <Packs book={book} />
      <Meters book={book} />
      <Policies book={book} />
      <Codes book={book} />
      <Gifts book={book} />
    </div>
  );
}

function About({ book }: Props) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const span = useSpan();
  const { source, effective, accounts } = book;
  const items = [
    { key: 'id', label: 'id', children: <code>{book.id}</code> },
    { key: 'currency', label: say('currency'), children: book.currency },
    { key: 'timeZone', label: say('timeZone'), children: book.timeZone },
    {
      key: 'source',
      label: say('source'),
      children: `${said(source.title)}, ${say('published', { date: source.published })}`,
    },
    { key: 'effective', label: say('effective'), children: span(effective.from, effective.until) },
    {
      key: 'accounts',
      label: say('accounts'),
      children: accounts === null ? '–' : span(accounts.openedFrom, accounts.openedBefore),
    },
  ];
  const notes = source.notes ?? [];
  return (
    <Section title={said(book)}>
      <Descriptions size="small" column={{ xs: 1, md: 2 }} items={items} />
      {notes.length === 0 ? null : (
        <details>
          <summary>{say('notes')}</summary>
          <ul>
            {notes.map((note) => (
              <li key={note.en}>{said(note)}</li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}

function Tariffs({ book }: Props) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  return (
    <Section title={say('tariffs')}>
      <div className="tables">
        {book.tariffs.map((tariff) => (
          <section key={tariff.id}>
            <h3 className="card-title">{said(tariff)}</h3>
            <p>
              {say(tariff.mode)}; {say(tariff.basis)}
              {tariff.counter === 'day' ? `; ${say('countedByDay')}` : ''}.{' '}
              {say('fedBy', { meters: tariff.meters.map(said).join(', ') })}
            </p>
            <Limits tariff={tariff} currency={book.currency} />
            <Tiers tariff={tariff} currency={book.currency} />
          </section>
        ))}
      </div>
    </Section>
  );
}

interface OfTariff {
  readonly tariff: ReadBook['tariffs'][number];
  readonly currency: string;
}

/** What prices are for, and fees, stand in a column of their own where there are any. */
function Tiers({ tariff, currency }: OfTariff) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const hasMore = tariff.tiers.some(({ block, fee }) => block !== null || fee !== null);
  const byMeter = tariff.tiers.some(({ meter }) => meter !== null);
  const more = ({ block, fee }: OfTariff['tariff']['tiers'][number]): string =>
    [
      ...(block === null ? [] : [said(block)]),
      ...(fee === null ? [] : [say('tierFee', { fee: amountText(fee, currency) })]),
    ].join(say('semicolon'));
  return (
    <PlainTable
      label={said(tariff)}
      columns={[
        say(tariff.counter === 'day' ? 'rangeOfDay' : 'range'),
        ...(byMeter ? [say('meter')] : []),
        { title: say('unitPrice'), isNumber: true },
        ...(hasMore ? [say('priceTerms')] : []),
      ]}
      rows={tariff.tiers.map((tier) => ({
        key: `${tier.range} ${tier.meter?.en ?? ''}`,
        cells: [
          tier.range,
          ...(byMeter ? [tier.meter === null ? say('everyMeter') : said(tier.meter)] : []),
          <Amount key="price" amount={tier.price} currency={currency} />,
          ...(hasMore ? [more(tier)] : []),
        ],
      }))}
    />
  );
}

/** What a month costs beside its calls. */
function Limits({ tariff, currency }: OfTariff) {
  const say = useWords(priceBookWords);
  const { fee, minimum, maximum, withoutCalls } = tariff;
  const texts = Object.entries({ fee, minimum, maximum } as const).flatMap(([name, amount]) =>
    amount === null ? [] : [say(name as 'fee' | 'minimum' | 'maximum', { amount: amountText(amount, currency) })],
  );
  if (texts.length === 0 && !withoutCalls) return null;
  return <p>{[...texts, ...(withoutCalls ? [say('withoutCalls')] : [])].join(say('semicolon'))}</p>;
}

function Packs({ book }: Props) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const unitShown = (unit: string): string =>
    unit.startsWith('≈') ? `≈ ${amountText(unit.slice(2), book.currency)}` : amountText(unit, book.currency);
  return (
    <Section title={say('packs')}>
      <div className="tables">
        {book.products.map((product) => (
          <section key={product.id}>
            <h3 className="card-title">{said(product)}</h3>
            <p>
              {say('covers', {
                meters: product.covers
                  .map((meter) => {
                    const text = meter.ratio === 1 ? said(meter) : `${said(meter)} × ${meter.ratio}`;
                    return meter.priority === null ? text : say('priority', { meter: text, priority: meter.priority });
                  })
                  .join(', '),
              })}
            </p>
            {product.sizes.length === 0 ? (
              <p>{say('notSold')}</p>
            ) : (
              <PlainTable
                label={said(product)}
                columns={(['size', 'price', 'perCall'] as const).map((key) => ({ title: say(key), isNumber: true }))}
                rows={product.sizes.map(({ calls, price, unit }) => ({
                  key: String(calls),
                  cells: [
                    countText(calls),
                    <Amount key="price" amount={price} currency={book.currency} />,
                    unitShown(unit),
                  ],
                }))}
              />
            )}
          </section>
        ))}
      </div>
    </Section>
  );
}

function Meters({ book }: Props) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  const titleOf = (id: string | null) =>
    id === null ? say('prepaidOnly') : said(book.tariffs.find((tariff) => tariff.id === id) ?? { zh: id, en: id });
  return (
    <Section title={say('meters')}>
      <PlainTable
        label={say('meters')}
        columns={[say('meter'), say('tariff'), say('facts')]}
        rows={book.meters.map(({ id, title, tariff, facts }) => ({
          key: id,
          cells: [
            <span key="title">
              {said(title)}
              <br />
              <code>{id}</code>
            </span>,
            titleOf(tariff),
            (facts ?? []).map(({ actions, channels = [], libraries = [] }) => (
              <div key={[...actions, ...channels, ...libraries].join()} className="break-anywhere">
                {[actions, channels, libraries]
                  .flatMap((names) => (names.length === 0 ? [] : [names.join(', ')]))
                  .join(' · ')}
              </div>
            )),
          ],
        }))}
      />
    </Section>
  );
}

function Policies({ book }: Props) {
  const say = useWords(priceBookWords);
  const textOf = (value: unknown): string =>
    value === null
      ? say('never')
      : typeof value === 'boolean'
        ? say(value ? 'yes' : 'no')
        : Array.isArray(value)
          ? value.join(' › ')
          : String(value);
  const names = Object.keys(book.policies) as (keyof ReadBook['policies'])[];
  return (
    <Section title={say('policies')}>
      <PlainTable
        label={say('policies')}
        columns={[say('policy'), say('value')]}
        rows={names.map((name) => ({ key: name, cells: [say(name), textOf(book.policies[name])] }))}
      />
    </Section>
  );
}

function Codes({ book }: Props) {
  const say = useWords(priceBookWords);
  const span = useSpan();
  if (book.codeTable.length === 0) return null;
  const codes = (each: 'rest' | readonly string[]): string => (each === 'rest' ? say('rest') : each.join(', '));
  return (
    <Section title={say('codes')}>
      <PlainTable
        label={say('codes')}
        columns={[say('actions'), say('effective'), say('charged'), say('notCharged')]}
        rows={book.codeTable.map(({ actions, channels = [], from, until, charged, notCharged }) => ({
          key: [...actions, ...channels, from, until].join(),
          cells: [
            <span key="actions" className="break-anywhere">
              {[...actions, ...channels].join(', ')}
            </span>,
            span(from, until),
            codes(charged),
            codes(notCharged),
          ],
        }))}
      />
    </Section>
  );
}

function Gifts({ book }: Props) {
  const say = useWords(priceBookWords);
  const said = useSaid();
  if (book.gifts.length === 0) return null;
  const titleOf = (id: string) => said(book.products.find((each) => each.id === id) ?? { zh: id, en: id });
  return (
    <Section title={say('gifts')}>
      <PlainTable
        label={say('gifts')}
        columns={[say('packs'), { title: say('size'), isNumber: true }, say('every'), say('packValidity')]}
        rows={book.gifts.map(({ product, calls, every, life }) => ({
          key: `${product} ${every} ${calls}`,
          cells: [titleOf(product), countText(calls), say(every), life ?? '–'],
        }))}
      />
    </Section>
  );
}
