// How the cost of the month grows with the calls: tiers as bands, the present point, cliffs as drops.

import { Card, Segmented, Select, Typography } from 'antd';
import type { EChartsOption } from 'echarts';
import { useMemo, useState } from 'react';
import { decimalsOf } from '../../src/core/currency.ts';
import type { QuoteRequest } from '../../src/scenario/quote-month.ts';
import { Chart } from '../parts/chart.tsx';
import { amountText, countText } from '../parts/figures.tsx';
import { useSaid, useWords } from '../shell/language.ts';
import { accent, useShade } from '../shell/theme.ts';
import { calculatorWords } from '../words/calculator.ts';
import { partsWords } from '../words/parts.ts';
import type { BookChoice } from '../worker/books.ts';
import { useInWorker } from '../worker/in-worker.ts';
import { isRefused } from '../worker/outcome.ts';
import type { Curve, CurvePoint, ShownBook } from '../worker/quote-tasks.ts';
import type { Answered } from './answer.tsx';

interface Props {
  readonly book: ShownBook;
  readonly choice: BookChoice;
  readonly request: QuoteRequest;
  readonly answer: Answered | undefined;
}

type Scale = 'logarithmic' | 'linear';

/** A round number of calls a good way beyond the present, and beyond the tier after it. */
function topOf(calls: number, bounds: readonly number[]): number {
  const next = bounds.find((from) => from > calls) ?? calls;
  const wanted = Math.max(calls * 2, next * 1.2, 100);
  const magnitude = 10 ** Math.floor(Math.log10(wanted));
  return Math.ceil(wanted / magnitude) * magnitude;
}

export function CostCurve({ book, choice, request, answer }: Props) {
  const say = useWords(calculatorWords);
  const said = useSaid();
  const [chosen, setChosen] = useState(0);
  const [scale, setScale] = useState<Scale>('linear');
  const index = chosen < request.use.length ? chosen : 0;
  const { of = '', calls = 0n } = request.use[index] ?? {};
  const tariffId = book.meters.find(({ id }) => id === of)?.tariff ?? of;
  const bounds = (book.tariffs.find(({ id }) => id === tariffId)?.tiers ?? []).map(({ from }) => from);
  const top = topOf(Number(calls), bounds);
  const { data: curve } = useInWorker('curve', { book: choice, request, index, top });
  const nameOf = (id: string) =>
    said([...book.tariffs, ...book.meters].find((each) => each.id === id) ?? { zh: id, en: id });
  if (curve === undefined || isRefused(curve)) return null;
  return (
    <Card
      size="small"
      style={{ marginTop: 24 }}
      title={<h2 style={{ fontSize: 16, margin: 0 }}>{say('curve')}</h2>}
      extra={
        <Segmented<Scale>
          aria-label={say('curve')}
          options={[
            { value: 'linear', label: say('linear') },
            { value: 'logarithmic', label: say('logarithmic') },
          ]}
          value={scale}
          onChange={setScale}
        />
      }
    >
      {request.use.length > 1 ? (
        <Select
          aria-label={say('use')}
          value={index}
          style={{ minWidth: 240 }}
          options={request.use.map((use, value) => ({ value, label: nameOf(use.of) }))}
          onChange={setChosen}
        />
      ) : null}
      <p>{say('curveOf', { name: nameOf(of) })}</p>
      <CurveChart {...{ book, curve, scale, answer, calls: Number(calls) }} />
      <Cliffs curve={curve} currency={book.currency} />
    </Card>
  );
}

interface ChartProps {
  readonly book: ShownBook;
  readonly curve: Curve;
  readonly scale: Scale;
  readonly calls: number;
  readonly answer: Answered | undefined;
}

/** For drawing alone: a place on the paper, not an amount. */
const place = (amount: string | null): number | null => (amount === null ? null : Number(amount));

function CurveChart({ book, curve, scale, calls, answer }: ChartProps) {
  const say = useWords(calculatorWords);
  const parts = useWords(partsWords);
  const shade = useShade();
  const total = answer === undefined || isRefused(answer) ? null : answer.total;
  const shown = (amount: string | null) =>
    amount === null ? parts('quoteRequired') : amountText(amount, book.currency);
  const option = useMemo(
    () => curveOption({ curve, scale, calls, total, currency: book.currency, color: accent[shade], say }),
    [curve, scale, calls, total, book.currency, shade, say],
  );
  const turning = curve.points.filter(
    ({ calls: at }) => curve.tiers.some(({ from }) => at === from || at === from - 1) || at === calls,
  );
  const table = (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col" className="number">
            {say('calls')}
          </th>
          <th scope="col" className="number">
            {say('withPacks')}
          </th>
          <th scope="col" className="number">
            {say('withoutPacks')}
          </th>
        </tr>
      </thead>
      <tbody>
        {turning.map((point) => (
          <tr key={point.calls}>
            <td className="number">{countText(point.calls)}</td>
            <td className="number">{shown(point.total)}</td>
            <td className="number">{shown(point.withoutPacks)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return (
    <Chart option={option} table={table} label={say('curveLabel', { calls: countText(calls), total: shown(total) })} />
  );
}

interface Drawing {
  readonly curve: Curve;
  readonly scale: Scale;
  readonly calls: number;
  readonly total: string | null;
  readonly currency: string;
  readonly color: string;
  readonly say: ReturnType<typeof useWords<keyof typeof calculatorWords.zh & string>>;
}

function curveOption({ curve, scale, calls, total, currency, color, say }: Drawing): EChartsOption {
  const isLogarithmic = scale === 'logarithmic';
  const points = isLogarithmic ? curve.points.filter((point) => point.calls > 0) : curve.points;
  const line = (amountOf: (point: CurvePoint) => string | null) =>
    points.map((point) => [point.calls, place(amountOf(point))]);
  const bands = curve.tiers.map(({ from, to, range, price, per }, at) => [
    {
      name: price === null ? range : `${range}\n${amountText(price, currency)}${per === 1 ? '' : `/${countText(per)}`}`,
      xAxis: isLogarithmic ? Math.max(1, from) : from,
      itemStyle: { color, opacity: at % 2 === 0 ? 0.06 : 0.12 },
    },
    { xAxis: to ?? curve.points.at(-1)?.calls ?? from },
  ]);
  const last = curve.points.at(-1)?.calls ?? 0;
  return {
    grid: { left: 72, right: 24, top: 56, bottom: 40 },
    legend: { top: 0 },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      valueFormatter: (value) => amountText(Number(value).toFixed(decimalsOf(currency)), currency),
    },
    xAxis: {
      type: isLogarithmic ? 'log' : 'value',
      name: say('axisCalls'),
      nameLocation: 'middle',
      nameGap: 28,
      max: last,
      min: isLogarithmic ? 1 : 0,
    },
    yAxis: { type: isLogarithmic ? 'log' : 'value', name: say('axisCost'), min: isLogarithmic ? 'dataMin' : 0 },
    series: [
      {
        name: say('withPacks'),
        type: 'line',
        showSymbol: false,
        color,
        data: line((point) => point.total),
        markArea: {
          silent: true,
          label: { fontSize: 10, position: 'insideTop', color: '#8b949e', textBorderWidth: 0 },
          data: bands.filter(([start]) => Number(start?.xAxis) < last) as never,
        },
        markPoint: {
          symbol: 'circle',
          symbolSize: 12,
          label: { show: true, position: 'top', formatter: say('here') },
          data: total === null ? [] : [{ name: say('here'), coord: [calls, Number(total)] }],
        },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: '#cf222e', type: 'dashed' },
          label: { show: false },
          data: curve.cliffs.map((cliff) => ({ xAxis: cliff.calls })),
        },
      },
      {
        name: say('withoutPacks'),
        type: 'line',
        showSymbol: false,
        color: '#8b949e',
        lineStyle: { type: 'dashed' },
        data: curve.points.some(({ total: amount, withoutPacks }) => amount !== withoutPacks)
          ? line((point) => point.withoutPacks)
          : [],
      },
    ],
  };
}

function Cliffs({ curve, currency }: { curve: Curve; currency: string }) {
  const say = useWords(calculatorWords);
  if (curve.cliffs.length === 0) return null;
  return (
    <>
      <Typography.Title level={3} style={{ fontSize: 14 }}>
        {say('cliffs')}
      </Typography.Title>
      <ul>
        {curve.cliffs.map(({ calls, before, after, drop }) => (
          <li key={calls}>
            {say('cliff', {
              calls: countText(calls),
              before: amountText(before, currency),
              after: amountText(after, currency),
              drop: amountText(drop, currency),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}
