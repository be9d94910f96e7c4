import { Command } from 'commander';
import { deferSchema, parseConfig, raise } from '../../../core/index.js';
import { EmbeddingSpace, summarize } from '../../../inspection/index.js';
import type { ModelSummary, Neighbour } from '../../../inspection/index.js';
import { buildOptimizer } from '../../../optim/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { createDefaultOptimizer } from '../../../training/config/index.js';
import { printResult, formatColumns } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { openModel } from '../../inputs/model-folder.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { readSettings, withSettings } from '../../settings/settings.js';
import { reportComputing } from '../../model-check.js';
import { drawAttention, drawLosses, drawPlane } from './inspect-pictures.js';
import type { DrawFlags } from './inspect-pictures.js';
import { drawPhi } from './inspect-phi.js';

const schema = deferSchema((z) =>
  z.strictObject({
    batch: z.int().min(1).default(32).describe('Rows of the training step whose memory is foretold.'),
    length: z.int().min(1).exactOptional().describe('Tokens of a row. Default: the context length, or 100.'),
    neighbours: z.string().exactOptional().describe('A token whose nearest ones are listed.'),
    count: z.int().min(1).default(10).describe('How many neighbours.'),
    analogy: z
      .array(z.string())
      .length(3)
      .exactOptional()
      .describe('Tokens [a, b, c]: lists what is to c as b is to a.'),
    attention: z.string().min(1).exactOptional().describe('A text whose attention is drawn; needs --out.'),
    phi: z.string().min(1).exactOptional().describe('A text, or @FILE, whose phi is drawn; needs --out.'),
    plane: z.boolean().default(false).describe('Draws the token vectors in two dimensions (PCA).'),
    losses: z.boolean().default(false).describe("Draws the losses of a run's training; needs --out."),
  }),
);
type Asked = (typeof schema)['_output'];
const sections = [{ name: '', title: 'What to look at', schema }];

/** `palabra inspect`: what a model is made of and what it has learned. */
export function createInspectCommand(output: Output): Command {
  const command = new Command('inspect')
    .description('Show layers, shapes, parameters and memory of a model; its token vectors, attention, phi and losses.')
    .argument('<model>', 'a model folder or a run folder')
    .option('--out <folder>', 'where pictures go, as SVG')
    .option('--png', 'write pictures as PNG too; needs the package @resvg/resvg-js')
    .option('--json', 'print JSON')
    .addHelpText('after', "\nExample: palabra inspect runs/first --attention 'Once upon a time' --out maps --png")
    .action(async (folder: string, flags: DrawFlags) => {
      const asked = parseConfig('inspect', schema, await readSettings(sections, { ...flags }));
      if (asked.losses) return await drawLosses(folder, flags, output);
      using opened = await openModel(folder, output);
      await show(opened, asked, flags, output);
    });
  return withSettings(command, sections);
}

async function show(opened: OpenModel, asked: Asked, flags: DrawFlags, output: Output): Promise<void> {
  if (asked.attention !== undefined) return await drawAttention(opened, asked.attention, flags, output);
  if (asked.phi !== undefined) return await drawPhi(opened, asked.phi, flags, output);
  if (asked.neighbours === undefined && asked.analogy === undefined && !asked.plane) {
    return showSummary(opened, asked, flags, output);
  }
  using space = new EmbeddingSpace(getEmbeddingTable(opened), opened.tokenizer);
  if (asked.plane) return await drawPlane(space, flags, output);
  printResult(output, flags, findNeighbours(space, asked), (found) => formatColumns(found.map(formatNeighbour)));
}

function findNeighbours(space: EmbeddingSpace, { neighbours, analogy, count }: Asked): Neighbour[] {
  if (neighbours !== undefined) return space.neighbours(neighbours, count);
  const [from, to, of] = analogy as [string, string, string];
  return space.analogy({ from, to, of }, count);
}

function showSummary(
  { folder, model, tokenizer, generation }: OpenModel,
  { batch, length = model.config.contextLength ?? 100 }: { batch: number; length?: number },
  flags: JsonFlag,
  output: Output,
): void {
  const optimizer = buildOptimizer(createDefaultOptimizer(1), model);
  const found = summarize(model, { batch, length, optimizer, onComputing: reportComputing(output) });
  optimizer.dispose();
  const { type, size } = tokenizer;
  const value = { folder, kind: model.kind, config: model.config, ...found, tokenizer: { type, size }, generation };
  printResult(output, flags, value, () => `${describeModel(value)}\n\n${found.toString()}`);
}

interface About extends Pick<ModelSummary, 'parameters'> {
  folder: string;
  kind: string;
  tokenizer: { type: string; size: number };
  generation: object;
}

function describeModel({ folder, kind, tokenizer, generation }: About): string {
  return formatColumns([
    ['folder', folder],
    ['kind', kind],
    ['tokenizer', `${tokenizer.type}, ${tokenizer.size} tokens`],
    ['generation', JSON.stringify(generation)],
  ]);
}

function formatNeighbour({ text, similarity }: Neighbour): [string, string] {
  return [JSON.stringify(text), similarity.toFixed(4)];
}

function getEmbeddingTable({ model }: OpenModel): Tensor {
  const table = model.namedParameters()['embedding.weight'];
  if (table !== undefined) return table;
  const received = Object.keys(model.namedParameters()).slice(0, 3).join(', ');
  return raise('PAL_UNSUPPORTED', { where: 'palabra inspect', expected: 'a table embedding.weight', received });
}
