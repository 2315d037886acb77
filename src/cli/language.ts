// The language to speak: --lang, else the locale of the shell, else English.

import type { Words } from '../core/price-book.ts';

export type Language = keyof Words;

/** What `--lang` takes: a language, or its name with a region, such as zh_CN or en-US. */
export const isLanguage = (asked: string): boolean => /^(zh|en)([-_.].*)?$/i.test(asked);

/** Read before the arguments are parsed: help and their errors are in it too. */
export function chooseLanguage(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
  const given =
    args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length) ?? args[args.indexOf('--lang') + 1];
  const asked = args.some((arg) => arg === '--lang' || arg.startsWith('--lang=')) ? given : undefined;
  // `||`: an empty variable counts as not set, as in POSIX.
  const locale = asked || environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || 'en';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
