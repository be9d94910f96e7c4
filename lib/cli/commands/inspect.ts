import { Command } from 'commander';
import { formatBytes, formatInteger } from '../../core/index.js';
import { answer, columns } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { openModel } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import type { Output } from '../output.js';

/** `palabra inspect`: what a model is made of. */
export function inspectCommand(output: Output): Command {
  return new Command('inspect')
    .description('Show architecture, layers, parameters and tokenizer of a model.')
    .argument('<model>', 'a model folder or a run folder')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: JsonFlag) => {
      const opened = await openModel(folder);
      const layers = String(opened.model);
      answer(output, flags, describe(opened), (value) => `${layers}\n\n${columns(rows(value))}`);
      opened.model.dispose();
    });
}

interface Description {
  folder: string;
  kind: string;
  config: object;
  parameters: number;
  bytes: number;
  tokenizer: { type: string; size: number };
  generation: object;
}

function describe({ folder, model, tokenizer, generation }: OpenModel): Description {
  const { type, size } = tokenizer;
  const bytes = model.parameters().reduce((sum, { numel, dtype }) => sum + numel * widthOf(dtype), 0);
  const parameters = model.parameterCount();
  return { folder, kind: model.kind, config: model.config, parameters, bytes, tokenizer: { type, size }, generation };
}

function widthOf(dtype: string): number {
  const bits = Number(/\d+$/.exec(dtype)?.[0] ?? 8);
  return bits / 8;
}

function rows({ folder, kind, parameters, bytes, tokenizer, generation }: Description): [string, string][] {
  return [
    ['folder', folder],
    ['kind', kind],
    ['parameters', `${formatInteger(parameters)}, ${formatBytes(bytes)}`],
    ['tokenizer', `${tokenizer.type}, ${formatInteger(tokenizer.size)} tokens`],
    ['generation', JSON.stringify(generation)],
  ];
}
