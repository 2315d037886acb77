// Commands as documents show them: blocks of `sh` are run, blocks of `console` are run and compared with what they show.

export interface Documented {
  readonly command: string;
  /** What the page shows as its output, where it shows any; … stands for whatever is there. */
  readonly shown: string | undefined;
}

/** Run elsewhere, or with what only the start prints. */
const notHere = /^((SUANPAN_SANDBOX=1 )?npm |export SUANPAN_)/;

export const commandsOf = (page: string): Documented[] =>
  [...page.replaceAll(/\\\n\s*/g, ' ').matchAll(/^```(sh|console)\n([\s\S]*?)^```/gm)].flatMap(
    ([, kind, text = '']): Documented[] =>
      kind === 'sh'
        ? text
            .split('\n')
            .filter((line) => line !== '' && !notHere.test(line))
            .map((command) => ({ command, shown: undefined }))
        : text
            .split(/^\$ /m)
            .slice(1)
            .map((each) => {
              const end = each.indexOf('\n');
              return { command: each.slice(0, end), shown: each.slice(end + 1).trimEnd() };
            }),
  );

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Whether an output is what a page shows. A line of … alone stands for any lines, one within a line for any part of it. */
export const isShown = (shown: string, output: string): boolean => {
  const pattern = shown
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${line.split('…').map(literally).join('.*')}\\s*?\\n`))
    .join('');
  return new RegExp(`^${pattern}(?:[ \\t]*\\n)*$`).test(`${output.trimEnd()}\n`);
};
