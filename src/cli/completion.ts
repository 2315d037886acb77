// suanpan completion: a script that completes commands and options in a shell.

import { type Command, InvalidArgumentError } from 'commander';
import { cliOutputWords } from '../words/cli/output.ts';
import type { Output } from './output.ts';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

export function registerCompletion(program: Command, output: Output): void {
  program
    .command('completion')
    .description(output.say(cliOutputWords.completion))
    .argument('<SHELL>', shells.join(', '), (text) => {
      const shell = shells.find((each) => each === text);
      if (shell === undefined) throw new InvalidArgumentError(shells.join(', '));
      return shell;
    })
    .action((shell: Shell) => output.print(scripts[shell](placesOf(program)).trimEnd()));
}

/** A command, and what may stand behind it. */
interface Place {
  /** "account cap" of `suanpan account cap`; empty: the program. */
  readonly path: string;
  readonly words: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly { readonly name: string; readonly about: string }[];
}

function placesOf(command: Command, path = '', above: Place['options'] = []): Place[] {
  const own = command.options.flatMap(({ long, description }) =>
    long == null ? [] : [{ name: long.slice(2), about: description }],
  );
  // Those of the program hold for every command.
  const options = [...own, ...above];
  const words = command.commands.map((each) => ({ name: each.name(), about: each.description() }));
  const below = command.commands.flatMap((each) =>
    placesOf(each, `${path} ${each.name()}`.trim(), path === '' ? own : above),
  );
  return [{ path, words, options }, ...below];
}

/** A word is part of the path where there is such a command; all else between them is an option or what it takes. */
const bash = (places: readonly Place[]): string => `# source <(suanpan completion bash)
_suanpan() {
  local current=\${COMP_WORDS[COMP_CWORD]} place= at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "$place \${COMP_WORDS[at]}" in
      ${places.flatMap(({ path }) => (path === '' ? [] : [`" ${path}"`])).join('|')}) place="$place \${COMP_WORDS[at]}" ;;
    esac
  done
  local words= options=
  case "$place" in
${places
  .map(({ path, words, options }) => {
    const label = path === '' ? '""' : `" ${path}"`;
    const names = words.map(({ name }) => name).join(' ');
    return `    ${label}) words='${names}' options='${options.map(({ name }) => `--${name}`).join(' ')}' ;;`;
  })
  .join('\n')}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options --help" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  esac
}
complete -o default -F _suanpan suanpan
`;

const quoted = (text: string): string =>
  `'${text.replaceAll(/\s+/g, ' ').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const fish = (places: readonly Place[]): string => `# suanpan completion fish > ~/.config/fish/completions/suanpan.fish
function __suanpan_at
  set -l places ${places.flatMap(({ path }) => (path === '' ? [] : [quoted(path)])).join(' ')}
  set -l place
  for word in (commandline -opc)[2..-1]
    set -l next (string trim -- "$place $word")
    contains -- $next $places; and set place $next
  end
  test "$place" = "$argv[1]"
end
${places
  .flatMap(({ path, words, options }) => [
    // Where a command has to follow, no file can.
    ...(words.length === 0 ? [] : [`complete -c suanpan -n "__suanpan_at '${path}'" -f`]),
    ...words.map(({ name, about }) => `complete -c suanpan -n "__suanpan_at '${path}'" -a ${name} -d ${quoted(about)}`),
    ...options.map(
      ({ name, about }) => `complete -c suanpan -n "__suanpan_at '${path}'" -l ${name} -d ${quoted(about)}`,
    ),
  ])
  .join('\n')}
`;

const scripts: Readonly<Record<Shell, (places: readonly Place[]) => string>> = {
  bash,
  zsh: (places) => `# source <(suanpan completion zsh)
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
${bash(places)}`,
  fish,
};
