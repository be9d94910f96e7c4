import { Argument, Command } from 'commander';
import type { Output } from '../output.js';
import { completeSettings } from '../settings/settings.js';

/** The words that a shell may complete after the words of a command. */
interface Completion {
  path: string;
  words: string[];
}

/** `palabra completion`: a script that teaches the shell the commands and their options. */
export function createCompletionCommand(output: Output, program: () => Command): Command {
  return new Command('completion')
    .description('Print a script for the shell: source <(palabra completion bash)')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .action((shell: string) => {
      const script = renderBashScript(listCompletions(program()));
      output.out(shell === 'zsh' ? `autoload -U +X bashcompinit && bashcompinit\n${script}` : script);
    });
}

/** Lists the words that may follow each command: its subcommands and options. */
function listCompletions(command: Command, path: readonly string[] = []): Completion[] {
  completeSettings(command);
  const names = command.commands.map((child) => child.name());
  const options = command.options.map(({ long }) => long ?? '').filter((long) => long !== '');
  const own = { path: path.join(' '), words: [...names, ...options, '--help'] };
  return [own, ...command.commands.flatMap((child) => listCompletions(child, [...path, child.name()]))];
}

/** The longest run of words that names a command decides; other words may be files. */
function renderBashScript(completions: readonly Completion[]): string {
  const cases = completions.map(({ path, words }) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `_palabra() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) break ;; esac
    case " ${completions.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} " in
      *" \${path:+\${path// //}/}$word "*) path="\${path:+$path }$word" ;;
      *) break ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _palabra palabra
`;
}
