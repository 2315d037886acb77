// The calls of the month added up day by day, and where its end is expected.

import type { EChartsOption } from 'echarts';
import { Chart } from '../parts/chart.tsx';
import { countText } from '../parts/figures.tsx';
import { PlainTable } from '../parts/plain-table.tsx';
import { useWords } from '../shell/language.ts';
import { accent, useShade } from '../shell/theme.ts';
import { usageForecastWords } from '../words/usage-forecast.ts';
import type { ForecastFigures, Told } from './forecast-shown.tsx';

interface Props {
  readonly forecast: ForecastFigures;
  readonly days: Told['days'];
}

export function MonthChart({ forecast, days }: Props) {
  const say = useWords(usageForecastWords);
  const shade = useShade();
  const { month, calls } = forecast;
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const names = Array.from({ length: last }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
  const callsOn = new Map(days.map((each) => [each.day as string, each.calls]));
  const today = names.findLastIndex((day) => callsOn.has(day));
  let sum = 0;
  const known = names.slice(0, today + 1).map((day) => {
    sum += callsOn.get(day) ?? 0;
    return sum;
  });
  // A straight line to the month's end: the days between are not figures.
  const ahead = (end: number | null) =>
    end === null ? [] : names.map((_, index) => (index === today ? sum : index === last - 1 ? end : null));
  const line = (name: string, end: number | null, color: string): object => ({
    name,
    type: 'line',
    connectNulls: true,
    color,
    lineStyle: { type: 'dashed' },
    data: ahead(end),
  });
  const option: EChartsOption = {
    grid: { left: 72, right: 24, top: 40, bottom: 32 },
    legend: { top: 0 },
    tooltip: { trigger: 'axis', renderMode: 'richText' },
    xAxis: { type: 'category', data: names.map((day) => day.slice(5)) },
    yAxis: { type: 'value' },
    series: [
      { name: say('known'), type: 'line', color: accent[shade], areaStyle: { opacity: 0.15 }, data: known },
      line(say('ahead'), calls.expected, accent[shade]),
      ...(calls.low === null ? [] : [line(say('low'), calls.low, '#8b949e'), line(say('high'), calls.high, '#8b949e')]),
    ] as never,
  };
  const table = (
    <PlainTable
      label={say('chart')}
      columns={[say('day'), { title: say('known'), isNumber: true }]}
      rows={known.map((count, index) => ({
        key: names[index] ?? '',
        cells: [names[index] ?? '', countText(count)],
      }))}
    />
  );
  const label = say('chartLabel', { expected: countText(calls.expected) });
  return <Chart option={option} table={table} label={label} height={280} />;
}
