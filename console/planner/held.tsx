// Packs that are there already: they pay first, so less is bought.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, Select } from 'antd';
import { isUsage } from '../calculator/inputs.ts';
import { useSaid, useWords } from '../shell/language.ts';
import { plannerWords } from '../words/planner.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { type HeldRow, isDay } from './inputs.ts';

interface Props {
  readonly legend: string;
  readonly book: ShownBook;
  readonly rows: readonly HeldRow[];
  readonly onChange: (rows: readonly HeldRow[]) => void;
}

export function HeldRows({ legend, book, rows, onChange }: Props) {
  const say = useWords(plannerWords);
  const said = useSaid();
  const set = (at: number, part: Partial<HeldRow>) =>
    onChange(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  const first = { product: book.products[0]?.id ?? '', calls: '', expires: '' };
  const options = book.products.map((product) => ({ value: product.id, label: said(product), title: product.id }));
  return (
    <fieldset style={{ border: 0, padding: 0, margin: '8px 0 16px', minWidth: 0 }}>
      <legend style={{ fontWeight: 600, padding: 0, marginBottom: 8 }}>{legend}</legend>
      {rows.map(({ product, calls, expires }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; what stands in it may be typed twice.
        <div key={at} className="bar" style={{ marginBottom: 8 }}>
          <Select
            aria-label={`${say('product')} ${at + 1}`}
            style={{ flex: '3 1 200px', minWidth: 0 }}
            value={product}
            options={options}
            onChange={(chosen: string) => set(at, { product: chosen })}
          />
          <Input
            aria-label={`${say('left')} ${at + 1}`}
            placeholder={say('left')}
            className="number"
            inputMode="numeric"
            style={{ flex: '1 1 110px' }}
            value={calls}
            status={calls === '' || isUsage(calls) ? '' : 'error'}
            onChange={({ target }) => set(at, { calls: target.value })}
          />
          <Input
            aria-label={`${say('expires')} ${at + 1}`}
            placeholder={say('expiresHelp')}
            style={{ flex: '1 1 170px' }}
            value={expires}
            status={expires === '' || isDay(expires) ? '' : 'error'}
            onChange={({ target }) => set(at, { expires: target.value })}
          />
          <Button
            type="text"
            aria-label={say('remove', { what: `${legend} ${at + 1}` })}
            icon={<DeleteOutlined />}
            onClick={() => onChange(rows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange([...rows, first])}>
        {say('addHave')}
      </Button>
    </fieldset>
  );
}
