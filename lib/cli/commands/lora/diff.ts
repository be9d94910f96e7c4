import type { Command } from 'commander';
import { AdapterStore, compareAdapters, deleteAdapter, loadAdapter } from '../../../adapters/index.js';
import type { AdapterChange, VersionRecord } from '../../../adapters/index.js';
import { generateTexts } from '../../../generation/index.js';
import { findArchitecture } from '../../../models/index.js';
import { encodeChat, findEndTokens, findTurnEnd } from '../../../text/index.js';
import { openModel } from '../../inputs/model-folder.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import { readPrompts } from '../../inputs/prompts.js';
import type { Output } from '../../output.js';
import { printResult } from '../../print-result.js';
import { findNamedVersion } from './named-version.js';
import { createStoreCommand, reportWarnings } from './store-flag.js';
import type { StoreFlags } from './store-flag.js';

const WHERE = 'palabra lora diff';
/** Prompts answered where no file names any. */
const PROMPTS = 3;
const MAX_TOKENS = 48;

interface Flags extends StoreFlags {
  model?: string;
  prompts?: string;
}

interface Difference {
  first: string;
  second: string;
  modules: AdapterChange[];
  /** Validation losses of each data set that either version was trained on; null where it was not. */
  validation: { dataset: string; first: number | null; second: number | null }[];
  answers: { prompt: string; first: string; second: string }[];
}

/** `palabra lora diff`: what lies between two versions. */
export function createDiffCommand(output: Output): Command {
  return createStoreCommand('diff', 'Compare two versions: norm of the change of each module, figures, answers.')
    .argument('<first>', 'a version or a backup, `current` or `previous`')
    .argument('<second>', 'another')
    .option('--model <folder>', 'the base model, to answer prompts with both')
    .option('--prompts <file>', 'prompts, one a line; some of its own without it')
    .action(async (first: string, second: string, flags: Flags) => {
      const store = await AdapterStore.open(flags.store);
      reportWarnings(store, output);
      const a = await findNamedVersion(WHERE, store, first);
      const b = await findNamedVersion(WHERE, store, second);
      printResult(output, flags, await compare(a, b, flags, output), formatDifference);
    });
}

async function compare(first: VersionRecord, second: VersionRecord, flags: Flags, output: Output): Promise<Difference> {
  const { model, prompts } = flags;
  return {
    ...{ first: first.id, second: second.id },
    modules: await compareAdapters(first.folder, second.folder),
    validation: compareFigures(first, second),
    answers: model === undefined ? [] : await compareAnswers(first, second, { model, prompts }, output),
  };
}

function compareFigures({ metadata: a }: VersionRecord, { metadata: b }: VersionRecord): Difference['validation'] {
  const find = ({ datasets }: typeof a, name: string): number | null =>
    datasets.find((dataset) => dataset.name === name)?.validationLoss.after ?? null;
  const names = new Set([...a.datasets, ...b.datasets].map(({ name }) => name));
  return [...names].map((dataset) => ({ dataset, first: find(a, dataset), second: find(b, dataset) }));
}

async function compareAnswers(
  first: VersionRecord,
  second: VersionRecord,
  { model, prompts: file }: { model: string; prompts: string | undefined },
  output: Output,
): Promise<Difference['answers']> {
  using opened = await openModel(model, output);
  const read = await readPrompts([opened], [], file);
  const prompts = file === undefined ? read.slice(0, PROMPTS) : read;
  const [a, b] = [await generateAnswers(first, opened, prompts), await generateAnswers(second, opened, prompts)];
  return prompts.map((prompt, i) => ({ prompt, first: a[i]!, second: b[i]! }));
}

/** Answers prompts with an adapter, by the likeliest tokens; as turns of a conversation where the model has a template. */
async function generateAnswers(
  version: VersionRecord,
  opened: OpenModel,
  prompts: readonly string[],
): Promise<string[]> {
  const { model, tokenizer, chatTemplate, generation } = opened;
  await loadAdapter(version.folder, model, { layouts: findArchitecture(WHERE, model.kind).huggingFace });
  try {
    const asked = prompts.map((content) =>
      chatTemplate === undefined
        ? content
        : encodeChat(tokenizer, chatTemplate, [{ role: 'user', content }], { addGenerationPrompt: true }).ids,
    );
    const turnEnd = chatTemplate === undefined ? undefined : findTurnEnd(tokenizer, chatTemplate);
    const ends = new Set([...(generation.endTokens ?? []), ...findEndTokens(tokenizer), turnEnd ?? []].flat());
    const options = { temperature: 0, maxTokens: MAX_TOKENS, endTokens: [...ends] };
    return (await generateTexts(model, tokenizer, asked, options)).map(({ text }) => text);
  } finally {
    deleteAdapter(model, 'default');
  }
}

function formatDifference({ first, second, modules, validation, answers }: Difference): string {
  const width = Math.max(...modules.map(({ name }) => name.length));
  const format = (loss: number | null): string => loss?.toFixed(4) ?? 'none';
  return [
    `first   ${first}`,
    `second  ${second}`,
    '',
    `${'module'.padEnd(width)}  ${['change', 'first', 'second'].map((name) => name.padStart(10)).join('  ')}`,
    ...modules.map((row) => `${row.name.padEnd(width)}  ${[row.change, row.first, row.second].map((norm) => norm.toPrecision(4).padStart(10)).join('  ')}`), // prettier-ignore
    ...(validation.length > 0 ? ['', 'validation loss'] : []),
    ...validation.map((row) => `  ${row.dataset}: ${format(row.first)} → ${format(row.second)}`),
    ...answers.flatMap((row) => ['', `> ${row.prompt}`, `first:  ${row.first}`, `second: ${row.second}`]),
  ].join('\n');
}
