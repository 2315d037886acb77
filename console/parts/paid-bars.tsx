// Bars of what packs and postpaid calls cost, one on the other. The figures stand in a table beside it already.

import type { EChartsOption } from 'echarts';
import { decimalsOf } from '../../src/core/currency.ts';
import { accent, useShade } from '../shell/theme.ts';
import { Chart } from './chart.tsx';
import { amountText } from './figures.tsx';

export interface PaidBar {
  readonly name: string;
  readonly prepaid: string;
  /** Null: no public price. */
  readonly postpaid: string | null;
}

interface Props {
  readonly bars: readonly PaidBar[];
  readonly names: { readonly prepaid: string; readonly postpaid: string };
  readonly currency: string;
  readonly label: string;
  readonly height?: number;
}

export function PaidBars({ bars, names, currency, label, height = 280 }: Props) {
  const shade = useShade();
  const option: EChartsOption = {
    grid: { left: 80, right: 16, top: 40, bottom: 32 },
    legend: { top: 0 },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      valueFormatter: (value) => amountText(Number(value).toFixed(decimalsOf(currency)), currency),
    },
    xAxis: { type: 'category', data: bars.map(({ name }) => name) },
    yAxis: { type: 'value' },
    // Numbers for drawing alone: places on the paper, not amounts.
    series: [
      {
        name: names.prepaid,
        type: 'bar',
        stack: 'paid',
        barMaxWidth: 48,
        color: accent[shade],
        data: bars.map(({ prepaid }) => Number(prepaid)),
      },
      {
        name: names.postpaid,
        type: 'bar',
        stack: 'paid',
        barMaxWidth: 48,
        color: '#bf8700',
        data: bars.map(({ postpaid }) => (postpaid === null ? null : Number(postpaid))),
      },
    ],
  };
  return <Chart option={option} label={label} height={height} />;
}
