// The options that say how an event file is to be read, the same for every command that reads one.

import type { Command } from 'commander';
import { isTimeZone } from '../core/calendar.ts';
import type { UsageReading } from '../usage-files/read.ts';
import type { Output } from './output.ts';

export interface ReadingOptions {
  readonly format?: string;
  readonly timeZone?: string;
  readonly ignoreColumns?: readonly string[];
}

export function withReadingOptions(command: Command, output: Output): Command {
  const say = (zh: string, en: string) => output.say({ zh, en });
  return command
    .option('--format <ndjson|csv>', say('格式；默认自动识别', 'format; found out by default'))
    .option(
      '--time-zone <ZONE>',
      say('没有偏移的时间属于哪个时区，如 Asia/Shanghai', 'zone of times without an offset, such as Asia/Shanghai'),
    )
    .option('--ignore-columns <NAME...>', say('不看这些列（字段）', 'columns (fields) that are not looked at'));
}

/** Undefined when the command has been ended. */
export function readingOf(options: ReadingOptions, output: Output): UsageReading | undefined {
  const { format, timeZone, ignoreColumns } = options;
  if (format !== undefined && format !== 'ndjson' && format !== 'csv') {
    output.misused({ zh: `--format ${format}：应为 ndjson 或 csv`, en: `--format ${format}: write ndjson or csv` });
    return undefined;
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    output.misused({
      zh: `--time-zone ${timeZone}：没有这个时区，应写成 Asia/Shanghai`,
      en: `--time-zone ${timeZone}: no such zone; write one such as Asia/Shanghai`,
    });
    return undefined;
  }
  return { format, timeZone, ignoreColumns };
}
