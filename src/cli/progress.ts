// The progress bar of a long command: on a terminal only, on standard error.

import { Presets, SingleBar } from 'cli-progress';
import type { Words } from '../core/price-book.ts';
import { headingWords } from '../words/cli/headings.ts';
import { cliOutputWords } from '../words/cli/output.ts';

export interface Progress {
  /** So many things are done, and so much of the total. */
  show(count: number, done: number): void;
  stop(): void;
}

const noBar: Progress = { show: () => {}, stop: () => {} };
const redrawMilliseconds = 100;

/** `say` picks the reader's language. Without a total there is a rate, but no time left. */
export function progressBar(total: number | null, things: Words, say: (words: Words) => string): Progress {
  if (!process.stderr.isTTY) return noBar;
  const began = performance.now();
  const known = total !== null && total > 0;
  const counted = `{count} ${say(things)}  {rate} ${say(cliOutputWords.perSecond(things))}`;
  const format = known ? `{bar} {percentage}%  ${counted}  ${say(headingWords.left)} {left}` : counted;
  const bar = new SingleBar({ format, stream: process.stderr, fps: 10, hideCursor: true }, Presets.shades_classic);
  const group = new Intl.NumberFormat('en');
  bar.start(total ?? 1, 0, { count: 0, rate: 0, left: '–' });
  let shown = 0;
  let last: readonly [count: number, done: number] = [0, 0];
  const draw = (now: number): void => {
    const [count, done] = last;
    shown = now;
    const seconds = (now - began) / 1000;
    const left = total === null ? 0 : (seconds * (total - done)) / Math.max(done, 1);
    const rate = group.format(Math.round(count / Math.max(seconds, 0.001)));
    bar.update(known ? done : 0, { count: group.format(count), rate, left: done === 0 ? '–' : clock(left) });
  };
  const show = (count: number, done: number): void => {
    last = [count, done];
    const now = performance.now();
    if (now - shown >= redrawMilliseconds) draw(now);
  };
  const stop = (): void => {
    draw(performance.now());
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
