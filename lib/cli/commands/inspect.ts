import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { deferredSchema, fileFailure, parseConfig, raise, writeFileAtomic } from '../../core/index.js';
import { EmbeddingSpace, attentionMaps, attentionSvg, summary } from '../../inspection/index.js';
import type { ModelSummary, Neighbour } from '../../inspection/index.js';
import { scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { answer, columns } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { openModel } from '../inputs/model-folder.js';
import type { OpenModel } from '../inputs/model-folder.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';

const schema = deferredSchema((z) =>
  z.strictObject({
    batch: z.int().min(1).default(32).describe('Rows of the training step whose memory is foretold.'),
    length: z.int().min(1).exactOptional().describe('Tokens of a row. Default: the context length, or 100.'),
    neighbours: z.string().exactOptional().describe('A token whose nearest ones are listed.'),
    count: z.int().min(1).default(10).describe('How many neighbours.'),
    attention: z.string().exactOptional().describe('A text whose attention maps are drawn; needs --out.'),
  }),
);
const sections = [{ name: '', title: 'What to look at', schema }];

interface Flags extends JsonFlag {
  out?: string;
}

/** `palabra inspect`: what a model is made of and what it has learned. */
export function inspectCommand(output: Output): Command {
  const command = new Command('inspect')
    .description('Show layers, shapes, parameters and memory of a model; neighbours of a token; attention maps.')
    .argument('<model>', 'a model folder or a run folder')
    .option('--out <folder>', 'where attention maps go, as SVG')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: Flags) => {
      const asked = parseConfig('inspect', schema, await readSettings(sections, { ...flags }));
      const opened = await openModel(folder);
      if (asked.neighbours !== undefined) showNeighbours(opened, asked.neighbours, asked.count, flags, output);
      else if (asked.attention !== undefined) await drawAttention(opened, asked.attention, flags, output);
      else showSummary(opened, asked, flags, output);
      opened.model.dispose();
    });
  return withSettings(command, sections);
}

function showSummary(
  { folder, model, tokenizer, generation }: OpenModel,
  { batch, length = model.config.contextLength ?? 100 }: { batch: number; length?: number },
  flags: JsonFlag,
  output: Output,
): void {
  const found = summary(model, { batch, length });
  const { type, size } = tokenizer;
  const value = { folder, kind: model.kind, config: model.config, ...found, tokenizer: { type, size }, generation };
  answer(output, flags, value, () => `${about(value)}\n\n${found.toString()}`);
}

interface About extends Pick<ModelSummary, 'parameters'> {
  folder: string;
  kind: string;
  tokenizer: { type: string; size: number };
  generation: object;
}

function about({ folder, kind, tokenizer, generation }: About): string {
  return columns([
    ['folder', folder],
    ['kind', kind],
    ['tokenizer', `${tokenizer.type}, ${tokenizer.size} tokens`],
    ['generation', JSON.stringify(generation)],
  ]);
}

function showNeighbours(opened: OpenModel, token: string, count: number, flags: JsonFlag, output: Output): void {
  using space = new EmbeddingSpace(tableOf(opened), opened.tokenizer);
  answer(output, flags, space.neighbours(token, count), (found) => columns(found.map(neighbourRow)));
}

function neighbourRow({ text, similarity }: Neighbour): [string, string] {
  return [JSON.stringify(text), similarity.toFixed(4)];
}

function tableOf({ model }: OpenModel): Tensor {
  const table = model.namedParameters()['embedding.weight'];
  if (table !== undefined) return table;
  const received = Object.keys(model.namedParameters()).slice(0, 3).join(', ');
  return raise('PAL_UNSUPPORTED', { where: 'palabra inspect', expected: 'a table embedding.weight', received });
}

/** One picture for each layer and head. */
async function drawAttention({ model, tokenizer }: OpenModel, text: string, flags: Flags, output: Output) {
  const { out } = flags;
  if (out === undefined) refuseNoFolder();
  const ids = tokenizer.encode(text);
  const maps = scope(() => attentionMaps(model, tensor([[...ids]], { dtype: 'int64' })));
  await mkdir(out, { recursive: true }).catch((error: unknown) => fileFailure('palabra', out, error));
  const tokens = Array.from(ids, (id) => tokenizer.decode([id]));
  const files = maps.map((map) => ({ file: join(out, `${map.name}.head-${map.head}.svg`), map }));
  for (const { file, map } of files) await writeFileAtomic(file, attentionSvg(map, tokens));
  const written = files.map(({ file }) => file);
  answer(output, flags, written, () => written.join('\n') || 'This model has no attention.');
}

function refuseNoFolder(): never {
  raise('PAL_ARGUMENT', { where: 'palabra inspect', expected: '--out FOLDER for the pictures', received: 'none' });
}
