// The options that say how an event file is to be read, the same for every command that reads one.

import type { Command } from 'commander';
import { isTimeZone } from '../core/calendar.ts';
import type { UsageReading } from '../usage-files/read.ts';
import { cliUsageFilesWords } from '../words/cli/usage-files.ts';
import type { Output } from './output.ts';

export interface ReadingOptions {
  readonly format?: string;
  readonly timeZone?: string;
  readonly ignoreColumns?: readonly string[];
}

export function withReadingOptions(command: Command, output: Output): Command {
  const { say } = output;
  return command
    .option('--format <ndjson|csv>', say(cliUsageFilesWords.format))
    .option('--time-zone <ZONE>', say(cliUsageFilesWords.zoneOfTimesWithoutAnOffset))
    .option('--ignore-columns <NAME...>', say(cliUsageFilesWords.columns));
}

/** Undefined when the command has been ended. */
export function readingOf(options: ReadingOptions, output: Output): UsageReading | undefined {
  const { format, timeZone, ignoreColumns } = options;
  if (format !== undefined && format !== 'ndjson' && format !== 'csv') {
    output.misused(cliUsageFilesWords.formatIsNone(format));
    return undefined;
  }
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    output.misused(cliUsageFilesWords.timeZone(timeZone));
    return undefined;
  }
  return { format, timeZone, ignoreColumns };
}
