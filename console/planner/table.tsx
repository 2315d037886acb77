// The table of months and meters. Cells of a spreadsheet pasted into it fill it.

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input, Select, Typography } from 'antd';
import type { ClipboardEvent } from 'react';
import { isUsage } from '../calculator/inputs.ts';
import { Scroll } from '../parts/scroll.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { plannerWords } from '../words/planner.ts';
import type { ShownBook } from '../worker/quote-tasks.ts';
import { type Inputs, isMonth, monthAfter, mostMonths } from './inputs.ts';
import { type Cell, filled, isTable } from './paste.ts';

interface Props {
  readonly book: ShownBook;
  readonly inputs: Inputs;
  readonly change: (part: Partial<Inputs>) => void;
}

const rightMonth = (text: string): boolean => text.trim() === '' || isMonth(text);
const rightCalls = (text: string): boolean => text.trim() === '' || isUsage(text);

export function UsageTable({ book, inputs, change }: Props) {
  const say = useWords(plannerWords);
  const said = useSaid();
  const { meters, months } = inputs;
  const nameOf = (id: string) => said(book.meters.find((meter) => meter.id === id) ?? { zh: id, en: id });
  const meterOf = (name: string) =>
    book.meters.find(({ id, zh, en }) => [id, zh, en].includes(name.trim()) || id === name.trim().toLowerCase())?.id;
  const paste = (cell: Cell) => (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain');
    if (!isTable(text)) return;
    event.preventDefault();
    change(filled(inputs, text, cell, meterOf));
  };
  const setMonth = (at: number, part: Partial<Inputs['months'][number]>) =>
    change({ months: months.map((row, index) => (index === at ? { ...row, ...part } : row)) });
  const addMonth = () => {
    const month = monthAfter(months.at(-1)?.month ?? '');
    change({ months: [...months, { month, calls: meters.map(() => '') }] });
  };
  const removeMeter = (at: number) =>
    change({
      meters: meters.filter((_, index) => index !== at),
      months: months.map((row) => ({ ...row, calls: row.calls.filter((_, index) => index !== at) })),
    });
  const free = book.meters.find(({ id }) => !meters.includes(id))?.id;
  const addMeter = () =>
    change({
      meters: [...meters, free ?? ''],
      months: months.map((row) => ({ ...row, calls: [...row.calls, ''] })),
    });
  const options = book.meters.map(({ id }) => ({ value: id, label: nameOf(id), title: id }));
  return (
    <>
      <Typography.Paragraph type="secondary">{say('pasteHelp')}</Typography.Paragraph>
      <Scroll label={say('usage')}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{say('month')}</th>
              {meters.map((meter, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
                <th scope="col" key={at}>
                  <span style={{ display: 'flex', gap: 4 }}>
                    <Select
                      aria-label={say('meterAt', { at: at + 1 })}
                      style={{ width: 210 }}
                      showSearch={{ optionFilterProp: 'label' }}
                      value={meter}
                      options={options}
                      onChange={(chosen: string) =>
                        change({ meters: meters.map((old, index) => (index === at ? chosen : old)) })
                      }
                    />
                    {meters.length > 1 ? (
                      <Button
                        type="text"
                        aria-label={say('removeMeter', { meter: nameOf(meter) })}
                        icon={<DeleteOutlined />}
                        onClick={() => removeMeter(at)}
                      />
                    ) : null}
                  </span>
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {months.map(({ month, calls }, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; what stands in it may be typed twice.
              <tr key={row}>
                <td>
                  <Input
                    aria-label={say('monthAt', { at: row + 1 })}
                    style={{ width: 104 }}
                    value={month}
                    status={rightMonth(month) ? '' : 'error'}
                    onPaste={paste({ row, column: -1 })}
                    onChange={({ target }) => setMonth(row, { month: target.value })}
                  />
                </td>
                {meters.map((meter, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place.
                  <td key={column}>
                    <Input
                      aria-label={say('callsAt', { month, meter: nameOf(meter) })}
                      className="number"
                      inputMode="numeric"
                      style={{ width: 210 }}
                      value={calls[column] ?? ''}
                      status={rightCalls(calls[column] ?? '') ? '' : 'error'}
                      onPaste={paste({ row, column })}
                      onChange={({ target }) =>
                        setMonth(row, { calls: calls.map((old, at) => (at === column ? target.value : old)) })
                      }
                    />
                  </td>
                ))}
                <td>
                  {months.length > 1 ? (
                    <Button
                      type="text"
                      aria-label={say('removeMonth', { month })}
                      icon={<DeleteOutlined />}
                      onClick={() => change({ months: months.filter((_, at) => at !== row) })}
                    />
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <WrongCells inputs={inputs} />
      <div className="bar" style={{ marginTop: 8 }}>
        <Button type="dashed" icon={<PlusOutlined />} disabled={months.length >= mostMonths} onClick={addMonth}>
          {say('addMonth')}
        </Button>
        <Button type="dashed" icon={<PlusOutlined />} disabled={free === undefined} onClick={addMeter}>
          {say('addMeter')}
        </Button>
      </div>
    </>
  );
}

function WrongCells({ inputs: { months } }: Pick<Props, 'inputs'>) {
  const say = useWords(plannerWords);
  const wrongMonths = months.filter(({ month }) => !rightMonth(month)).length;
  const wrongCalls = months.flatMap(({ calls }) => calls).filter((text) => !rightCalls(text)).length;
  if (wrongMonths + wrongCalls === 0) return null;
  const why = [wrongMonths > 0 ? say('monthWrong') : '', wrongCalls > 0 ? say('callsWrong') : ''];
  return (
    <Typography.Text type="danger" role="alert">
      {say('wrongCells', { cells: wrongMonths + wrongCalls, why: why.filter((each) => each !== '').join('; ') })}
    </Typography.Text>
  );
}
