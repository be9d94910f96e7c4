import { Command } from 'commander';
import { Random, deferSchema, parseConfig } from '../../../core/index.js';
import type { TokenBatch } from '../../../data/index.js';
import { summarize } from '../../../inspection/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { buildOptimizer } from '../../../optim/index.js';
import { manualSeed } from '../../../tensor/index.js';
import { createDefaultOptimizer } from '../../../training/config/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';
import { createModel, modelSettingsSchema, resolveModelSettings } from '../../settings/model-settings.js';
import { readSettings, withSettings } from '../../settings/settings.js';
import type { SettingsSection } from '../../settings/settings.js';
import { describeModelCheck, checkModel, reportComputing } from '../../model-check.js';

const EXIT_FAILED = 1;
/** Tokens of a row for models without a limit, and rows to overfit. */
const DEFAULT_LENGTH = 100;
const ROWS = 4;

const schema = deferSchema((z) =>
  z.strictObject({
    vocabSize: z.int().min(1).default(10_004).describe("Token ids; 10,004 are a word tokenizer's."),
    batch: z.int().min(1).default(32).describe('Rows of the training step whose memory is foretold.'),
    length: z.int().min(1).exactOptional().describe('Tokens of a row. Default: the context length, or 100.'),
    seed: z.int().default(0).describe('Draws the weights and the tokens.'),
  }),
);
const sizes = { name: 'build', title: 'Sizes', schema };
const sections: readonly SettingsSection[] = [
  sizes,
  { name: 'model', title: 'Model', schema: modelSettingsSchema, implied: { '': 'gpt' } },
];

interface Flags extends JsonFlag {
  dryRun?: boolean;
}

/** `palabra build`: a model from its settings alone, before there is any text. */
export function createBuildCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('build')
    .description('Build a model from settings, without data: layers, shapes, parameters, memory. Writes nothing.')
    .option('--dry-run', 'pass random tokens at batch 1 and 32, and overfit one batch; exit code 1 if that fails')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: palabra build --dry-run --model lstm --build.vocabSize 5000')
    .action(async (flags: Flags) => end(await build(flags, output)));
  return withSettings(command, sections);
}

async function build(flags: Flags, output: Output): Promise<number> {
  const settings = await readSettings(sections, { ...flags });
  const { vocabSize, batch, length: asked, seed } = parseConfig('build', schema, settings.build ?? {}, 'build');
  manualSeed(seed);
  const model = createModel(resolveModelSettings(settings.model, vocabSize));
  const optimizer = buildOptimizer(createDefaultOptimizer(1), model);
  const length = asked ?? model.config.contextLength ?? DEFAULT_LENGTH;
  const step = { batch, length, optimizer, onComputing: reportComputing(output) };
  try {
    if (flags.dryRun !== true) {
      printResult(output, flags, summarize(model, step), String);
      return 0;
    }
    const trial = await checkModel(model, {
      ...{ step, batch: createRandomBatch(model, length, seed), log: output.err },
    });
    printResult(output, flags, trial, describeModelCheck);
    return trial.passed ? 0 : EXIT_FAILED;
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

/** Rows of random tokens, each to be followed by the next. */
function createRandomBatch({ config: { vocabSize } }: LanguageModel, length: number, seed: number): TokenBatch {
  const random = new Random(seed);
  const rows = Array.from({ length: ROWS }, () => Array.from({ length: length + 1 }, () => random.integer(vocabSize)));
  return {
    inputs: Int32Array.from(rows.flatMap((row) => row.slice(0, -1))),
    targets: Int32Array.from(rows.flatMap((row) => row.slice(1))),
    shape: [ROWS, length],
  };
}
