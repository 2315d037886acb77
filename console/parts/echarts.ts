// The parts of ECharts that the console draws with. On canvas: SVG would set styles that the page's policy refuses.

import { BarChart, LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
} from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
  CanvasRenderer,
]);

export const startChart = (holder: HTMLElement, shade: 'light' | 'dark'): EChartsType =>
  init(holder, shade === 'dark' ? 'dark' : undefined) as EChartsType;
