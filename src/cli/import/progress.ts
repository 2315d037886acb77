// The progress bar of an import: on a terminal only, on standard error.

import { Presets, SingleBar } from 'cli-progress';
import type { ByteCount } from '../../usage-files/lines.ts';

export interface Progress {
  show(rows: number): void;
  stop(): void;
}

const noBar: Progress = { show: () => {}, stop: () => {} };
const redrawMilliseconds = 100;

/** `say` picks the reader's language. Without a total (standard input) there is a rate, but no time left. */
export function importProgress(bytes: Readonly<ByteCount>, say: (zh: string, en: string) => string): Progress {
  if (!process.stderr.isTTY) return noBar;
  const began = performance.now();
  const known = bytes.total !== null && bytes.total > 0;
  const rows = say('{rows} 行  {rate} 行/秒', '{rows} rows  {rate} rows/s');
  const format = known ? `{bar} {percentage}%  ${rows}  ${say('剩余', 'left')} {left}` : rows;
  const bar = new SingleBar({ format, stream: process.stderr, fps: 10, hideCursor: true }, Presets.shades_classic);
  const group = new Intl.NumberFormat('en');
  bar.start(bytes.total ?? 1, 0, { rows: 0, rate: 0, left: '–' });
  let shown = 0;
  const show = (count: number): void => {
    const now = performance.now();
    if (now - shown < redrawMilliseconds) return;
    shown = now;
    const seconds = (now - began) / 1000;
    const left = bytes.total === null ? 0 : (seconds * (bytes.total - bytes.read)) / Math.max(bytes.read, 1);
    const rate = group.format(Math.round(count / Math.max(seconds, 0.001)));
    bar.update(known ? bytes.read : 0, { rows: group.format(count), rate, left: clock(left) });
  };
  const stop = (): void => {
    shown = 0;
    bar.stop();
  };
  return { show, stop };
}

function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const rest = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return hours === 0 ? rest : `${hours}:${rest}`;
}
