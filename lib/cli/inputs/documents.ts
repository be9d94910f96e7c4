import { Option } from 'commander';
import { raise } from '../../core/index.js';
import type { Corpus, SplitName, TokenFile } from '../../data/index.js';
import { decodeDocument } from '../../evaluation/index.js';
import type { ScoredDocument } from '../../evaluation/index.js';
import { preprocessTexts } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import type { Output } from '../output.js';
import { resolveRunFolder } from './model-folder.js';
import type { OpenModel } from './model-folder.js';
import { listCorpora, readRunData } from './run-data.js';
import { openTexts, reportMalformed } from './texts.js';

/** The text that a command is asked to work on. */
export interface TextRequest {
  files: readonly string[];
  /** The section `source` of the settings. */
  source: unknown;
  /** The split of a run, where there are no files. */
  split: SplitName;
}

/** Texts with a name for them. */
export interface Documents {
  name: string;
  documents: ScoredDocument[];
}

/** The documents of files or of a dataset of the hub, made uniform as the model's were; without either a run's split. */
export async function readDocuments(
  path: string,
  { preprocess }: OpenModel,
  { files, source, split }: TextRequest,
  output: Output,
): Promise<Documents> {
  if (files.length === 0 && source === undefined) return await readRunDocuments(resolveRunFolder(path), split);
  const texts = await openTexts(files, source);
  const documents = await collectTexts(preprocess === undefined ? texts : preprocessTexts(texts, preprocess));
  reportMalformed(texts, output);
  return { name: files.join(' '), documents };
}

/** A split of a run, as the tokens it was trained with: some tokenizers don't give the text back. */
export async function readRunDocuments(run: string, split: SplitName): Promise<Documents> {
  using data = await readRunData(run);
  const corpora = listCorpora(data, split);
  if (corpora.length === 0) refuseSplit(run, split);
  const documents = corpora.flatMap((corpus) => decodeDocuments(corpus, data.prepared.tokenizer));
  return { name: `the ${split} split of ${run}`, documents };
}

function decodeDocuments({ tokens, starts }: Corpus<TokenFile>, tokenizer: Tokenizer): ScoredDocument[] {
  return Array.from(starts, (start, i) =>
    decodeDocument(tokens.subarray(start, starts[i + 1] ?? tokens.length).slice(), tokenizer),
  );
}

async function collectTexts(texts: AsyncIterable<string>): Promise<string[]> {
  const documents: string[] = [];
  for await (const text of texts) documents.push(text);
  return documents;
}

function refuseSplit(run: string, split: string): never {
  raise('PAL_DATA', {
    where: 'palabra',
    expected: `a ${split} split in the data of ${run}`,
    received: 'none',
    fix: 'Name another --split, or text files.',
  });
}

/** The split of a run. */
export function createSplitOption(value: SplitName): Option {
  return new Option('--split <name>', 'the split of the run').choices(['train', 'validation', 'test']).default(value);
}
