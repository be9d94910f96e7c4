import { Command } from 'commander';
import { balanceRecords } from '../../../../logic/index.js';
import type { BalanceOptions, BalanceTarget, LevelShares } from '../../../../logic/index.js';
import type { Output } from '../../../output.js';
import { readNumber, readShares, runStage } from './run-stage.js';
import type { StageFlags } from './run-stage.js';

interface Flags extends StageFlags, Omit<BalanceOptions, 'levelShares'> {
  levels?: Record<string, number>;
}

/** `palabra logic balance FILE… --out FILE`. */
export function createBalanceCommand(output: Output): Command {
  return new Command('balance')
    .description(
      'Remove records until levels, domains and connectives have their shares; rare constructions get weights.',
    )
    .argument('<files...>', 'clean records')
    .requiredOption('--out <file>', 'the records left; counts go to FILE.stats.json')
    .option('--levels <shares>', 'of each level, as simple=0.33,intermediate=0.34,advanced=0.33 (even)', readShares)
    .option('--level-tolerance <ratio>', 'the largest level by its share to the scarcest one (1.25)', readNumber)
    .option('--domain-cap <share>', 'the most of a domain (0.25)', readNumber)
    .option('--connective-floor <share>', 'the least of each connective (0.15)', readNumber)
    .option('--iff-cap <share>', 'the most of ↔ (0.25)', readNumber)
    .option('--surface-floor <share>', 'the least of each construction, by weight (0.005)', readNumber)
    .option('--least-kept <share>', 'targets that would leave less are given up and told (0.25)', readNumber)
    .option('--seed <number>', 'draws what goes (42)', readNumber)
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample: palabra logic balance clean.jsonl --out balanced.jsonl --connective-floor 0.15')
    .action(async (files: string[], { out, json, levels, ...others }: Flags) => {
      const options = { ...others, ...(levels && { levelShares: levels as LevelShares }) };
      const flags = { out, ...(json === undefined ? {} : { json }) };
      await runStage(files, flags, output, (records) => {
        const balanced = balanceRecords(records, options);
        for (const target of balanced.statistics.targets) if (!target.met) output.err(`${describeMiss(target)}\n`);
        return balanced;
      });
    });
}

function describeMiss({ name, bound, target, reached }: BalanceTarget): string {
  return `not reached: ${name} at ${bound} ${target}, is ${reached.toFixed(4)}`;
}
