// The options that say how an event file is to be read, the same for every command that reads one.

import type { Command } from 'commander';
import { isTimeZone } from '../core/calendar.ts';
import type { Columns } from '../usage-files/columns.ts';
import type { UsageReading } from '../usage-files/read.ts';
import { cliColumnsWords } from '../words/cli/columns.ts';
import { cliUsageFilesWords } from '../words/cli/usage-files.ts';
import type { ColumnOptions } from './column-files.ts';
import type { Output } from './output.ts';

export interface ReadingOptions extends ColumnOptions {
  readonly format?: string;
  readonly ignoreColumns?: readonly string[];
}

export function withReadingOptions(command: Command, output: Output): Command {
  const { say } = output;
  return command
    .option('--format <ndjson|csv>', say(cliUsageFilesWords.format))
    .option('--columns <FILE|NAME...>', say(cliColumnsWords.columns))
    .option('--profile <NAME>', say(cliColumnsWords.profile))
    .option('--time-zone <ZONE>', say(cliUsageFilesWords.zoneOfTimesWithoutAnOffset))
    .option('--ignore-columns <NAME...>', say(cliUsageFilesWords.columns));
}

/** How events are read, and what columns other tables have. Undefined when the command has been ended. */
export async function readingOf(
  options: ReadingOptions,
  output: Output,
): Promise<{ readonly reading: UsageReading; readonly columns: Columns } | undefined> {
  const { format, timeZone, ignoreColumns } = options;
  if (format !== undefined && format !== 'ndjson' && format !== 'csv') {
    output.misused(cliUsageFilesWords.formatIsNone(format));
    return undefined;
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    output.misused(cliUsageFilesWords.timeZone(timeZone));
    return undefined;
  }
  const { columnsOf } = await import('./column-files.ts');
  const columns = columnsOf(options, output);
  if (columns === undefined) return undefined;
  const zone = timeZone ?? columns.usage?.timeZone;
  return { reading: { format, timeZone: zone, ignoreColumns, columns: columns.usage }, columns };
}
