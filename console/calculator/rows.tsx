// The rows that are typed: calls, packs to buy, gifts.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { amountText, countText } from '../parts/figures.tsx';
import { useLanguage, useSaid, useWords } from '../shell/language.ts';
import { calculatorWords } from '../words/calculator.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { type GiftRow, isDays, isQuantity, isUsage, type PackRow, type UseRow } from './inputs.ts';

interface RowsProps<Row> {
  readonly book: ShownBook;
  readonly rows: readonly Row[];
  readonly onChange: (rows: readonly Row[]) => void;
}

interface FrameProps<Row> {
  readonly rows: readonly Row[];
  readonly first: Row;
  readonly add: string;
  readonly legend: string;
  readonly onChange: (rows: readonly Row[]) => void;
  readonly children: (row: Row, change: (part: Partial<Row>) => void, index: number) => ReactNode;
}

function Rows<Row extends object>({ rows, first, add, legend, onChange, children }: FrameProps<Row>) {
  const say = useWords(calculatorWords);
  return (
    <fieldset style={{ border: 0, padding: 0, margin: '0 0 16px', minWidth: 0 }}>
      <legend style={{ fontWeight: 600, padding: 0, marginBottom: 8 }}>{legend}</legend>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; what stands in it may be typed twice.
        <div key={index} style={{ display: 'flex', gap: 8, alignItems: 'flex-start' }}>
          <div style={{ flex: 1, minWidth: 0, display: 'flex', gap: 8, flexWrap: 'wrap' }}>
            {children(
              row,
              (part) => onChange(rows.map((old, at) => (at === index ? { ...old, ...part } : old))),
              index,
            )}
          </div>
          <Button
            type="text"
            aria-label={`${say('remove')} ${legend} ${index + 1}`}
            icon={<DeleteOutlined />}
            onClick={() => onChange(rows.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...rows, first])}>
        {add}
      </Button>
    </fieldset>
  );
}

interface NumberProps {
  readonly label: string;
  readonly text: string;
  readonly isRight: boolean;
  readonly onChange: (text: string) => void;
}

function NumberInput({ label, text, isRight, onChange }: NumberProps) {
  const say = useWords(calculatorWords);
  return (
    <Form.Item
      style={{ margin: '0 0 8px', flex: '1 1 110px' }}
      {...(text === '' || isRight ? {} : { validateStatus: 'error', help: say('whole') })}
    >
      <Input
        aria-label={label}
        placeholder={label}
        inputMode="numeric"
        className="number"
        value={text}
        onChange={({ target }) => onChange(target.value)}
      />
    </Form.Item>
  );
}

const wide = { flex: '3 1 200px', minWidth: 0, marginBottom: 8 };

function titled<Item extends { id: string; zh: string; en: string }>(
  items: readonly Item[],
  said: (item: Item) => string,
) {
  return items.map((item) => ({ value: item.id, label: said(item), title: item.id }));
}

export function UseRows({ book, rows, onChange }: RowsProps<UseRow>) {
  const say = useWords(calculatorWords);
  const said = useSaid();
  const options = [
    { label: say('tariffGroup'), options: titled(book.tariffs, said) },
    {
      label: say('meterGroup'),
      options: titled(
        book.meters.filter(({ id }) => !book.tariffs.some((tariff) => tariff.id === id)),
        said,
      ),
    },
  ];
  const first = { of: book.tariffs[0]?.id ?? book.meters[0]?.id ?? '', calls: '', days: '' };
  const isByDay = (of: string): boolean => {
    const tariff = book.meters.find(({ id }) => id === of)?.tariff ?? of;
    return book.tariffs.find(({ id }) => id === tariff)?.counter === 'day';
  };
  return (
    <Rows rows={rows} first={first} add={say('addUse')} legend={say('use')} onChange={onChange}>
      {(row, change, index) => (
        <>
          <Select
            aria-label={`${say('meter')} ${index + 1}`}
            style={wide}
            showSearch={{ optionFilterProp: 'label' }}
            value={row.of}
            options={options}
            onChange={(of: string) => change({ of, ...(isByDay(of) ? {} : { days: '' }) })}
          />
          <NumberInput
            label={`${say(isByDay(row.of) ? 'callsADay' : 'calls')} ${index + 1}`}
            text={row.calls}
            isRight={isUsage(row.calls)}
            onChange={(calls) => change({ calls })}
          />
          {isByDay(row.of) || row.days !== '' ? (
            <NumberInput
              label={`${say('days')} ${index + 1}`}
              text={row.days}
              isRight={isDays(row.days)}
              onChange={(days) => change({ days })}
            />
          ) : null}
        </>
      )}
    </Rows>
  );
}

export function PackRows({ book, rows, onChange }: RowsProps<PackRow>) {
  const say = useWords(calculatorWords);
  const said = useSaid();
  const sold = book.products.filter(({ sizes }) => sizes.length > 0);
  const sizesOf = (product: string) =>
    (sold.find(({ id }) => id === product)?.sizes ?? []).map(({ calls, price }) => ({
      value: String(calls),
      label: `${countText(calls)} · ${amountText(price, book.currency)}`,
    }));
  const firstProduct = sold[0];
  const first = { product: firstProduct?.id ?? '', size: String(firstProduct?.sizes[0]?.calls ?? ''), count: '1' };
  return (
    <Rows rows={rows} first={first} add={say('addPack')} legend={say('packs')} onChange={onChange}>
      {(row, change, index) => (
        <>
          <Select
            aria-label={`${say('product')} ${index + 1}`}
            style={wide}
            value={row.product}
            options={titled(sold, said)}
            onChange={(product: string) => change({ product, size: sizesOf(product)[0]?.value ?? '' })}
          />
          <Select
            aria-label={`${say('size')} ${index + 1}`}
            style={{ flex: '2 1 170px', minWidth: 0, marginBottom: 8 }}
            value={row.size.replaceAll(',', '')}
            options={sizesOf(row.product)}
            onChange={(size: string) => change({ size })}
          />
          <NumberInput
            label={`${say('count')} ${index + 1}`}
            text={row.count}
            isRight={isQuantity(row.count)}
            onChange={(count) => change({ count })}
          />
        </>
      )}
    </Rows>
  );
}

export function GiftRows({ book, rows, onChange }: RowsProps<GiftRow>) {
  const say = useWords(calculatorWords);
  const said = useSaid();
  const language = useLanguage();
  const first = { product: book.products[0]?.id ?? '', calls: '' };
  return (
    <Rows key={language} rows={rows} first={first} add={say('addGift')} legend={say('gifts')} onChange={onChange}>
      {(row, change, index) => (
        <>
          <Select
            aria-label={`${say('gifts')} ${say('product')} ${index + 1}`}
            style={wide}
            value={row.product}
            options={titled(book.products, said)}
            onChange={(product: string) => change({ product })}
          />
          <NumberInput
            label={`${say('gifts')} ${say('calls')} ${index + 1}`}
            text={row.calls}
            isRight={isQuantity(row.calls)}
            onChange={(calls) => change({ calls })}
          />
        </>
      )}
    </Rows>
  );
}
