import { readFile } from 'node:fs/promises';
import { throwFileError, raise } from '../../core/index.js';
import { evaluationPrompts, getText, selectPrompts } from '../../evaluation/index.js';
import type { ScoredDocument } from '../../evaluation/index.js';
import { preprocessText } from './model-folder.js';
import type { OpenModel } from './model-folder.js';

/**
 * Reads the prompts in a file, one a line, made uniform as the text of the first model was; without a file those of the
 * library that every tokenizer can express, or beginnings of the documents.
 * @throws DataError for a file without a line of text
 */
export async function readPrompts(
  models: readonly OpenModel[],
  documents: readonly ScoredDocument[],
  path: string | undefined,
): Promise<readonly string[]> {
  const plain = (text: string): string => (models[0] === undefined ? text : preprocessText(models[0], text));
  if (path !== undefined) return (await readLines(path)).map(plain);
  const tokenizers = models.map(({ tokenizer }) => tokenizer);
  return selectPrompts(tokenizers, documents.map(getText), evaluationPrompts.map(plain));
}

async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('--prompts', path, error));
  const lines = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
  if (lines.length > 0) return lines;
  return raise('PAL_DATA', { where: '--prompts', expected: `a line of text in ${path}`, received: 'none' });
}
