// A chart: ECharts, loaded when the first one is shown, and nothing computed in it. Every chart has a table behind it.

import { Collapse, Skeleton } from 'antd';
import type { EChartsOption, EChartsType } from 'echarts';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../shell/language.ts';
import { useShade } from '../shell/theme.ts';
import { partsWords } from '../words/parts.ts';

interface Props {
  readonly option: EChartsOption;
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  /** The same figures as a table, folded. */
  readonly table?: ReactNode;
  /** Or one that stands open below. */
  readonly below?: ReactNode;
  readonly height?: number;
}

export function Chart({ option, label, table, below, height = 360 }: Props) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [isReady, setReady] = useState(false);
  const shade = useShade();
  const say = useWords(partsWords);

  useEffect(() => {
    let isGone = false;
    let observer: ResizeObserver | undefined;
    void import('./echarts.ts').then(({ startChart }) => {
      if (isGone || holder.current === null) return;
      chart.current = startChart(holder.current, shade);
      observer = new ResizeObserver(() => chart.current?.resize());
      observer.observe(holder.current);
      setReady(true);
    });
    return () => {
      isGone = true;
      observer?.disconnect();
      chart.current?.dispose();
      chart.current = null;
      setReady(false);
    };
  }, [shade]);

  useEffect(() => {
    if (isReady) chart.current?.setOption({ backgroundColor: 'transparent', animation: false, ...option }, true);
  }, [isReady, option]);

  return (
    <figure style={{ margin: 0 }}>
      {isReady ? null : <Skeleton active paragraph={{ rows: 6 }} />}
      <div ref={holder} role="img" aria-label={label} style={{ width: '100%', height: isReady ? height : 1 }} />
      {table === undefined ? null : (
        <Collapse size="small" ghost items={[{ key: 'table', label: say('tableOfChart'), children: table }]} />
      )}
      {below}
    </figure>
  );
}
