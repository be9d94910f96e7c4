import { readFile } from 'node:fs/promises';

import { deferSchema, raise, readFileLines, throwFileError } from '../../core/index.js';
import type { LogicRecord } from '../data/records/record.js';
import type { GlossedAtom } from '../metrics/align-atoms.js';

/** What was predicted of a sentence: results of `formalize` and records are predictions too. */
export interface LogicPrediction {
  /** The id of the record; without it the input says which. */
  id?: string | undefined;
  /** The sentence. */
  input?: string | undefined;
  /** What was written, a formula or not. */
  formula?: string | null | undefined;
  /** The clauses of its letters; without them letters mean what they are called. */
  atoms?: readonly GlossedAtom[] | undefined;
}

const predictionSchema = deferSchema((z) =>
  z.object({
    id: z.string().optional(),
    input: z.string().optional(),
    formula: z.string().nullish(),
    atoms: z.array(z.object({ letter: z.string(), gloss: z.string() })).optional(),
  }),
);

/** Predictions by record. */
export interface MatchedPredictions {
  /** One a record, in their order; undefined where there is none. */
  matched: (LogicPrediction | undefined)[];
  /** Predictions for none of the records. */
  unused: number;
}

/**
 * Reads predictions: JSON Lines, one a line, or one JSON list of them, as `palabra logic formalize --json` prints.
 *
 * @param path - of a file in UTF-8
 * @returns the predictions in the order of the file
 * @throws DataError that names file and line of the first one with a fault; PalabraError of code PAL_FILE where the file
 *   can't be read
 */
export async function readPredictions(path: string): Promise<LogicPrediction[]> {
  const predictions: LogicPrediction[] = [];
  for await (const lines of readFileLines('readPredictions', path)) {
    for (const { text, number } of lines) {
      if (predictions.length === 0 && text.trimStart().startsWith('[')) return await readList(path);
      const place = `${path}:${number}`;
      if (text.trim() !== '') predictions.push(checkPrediction(parseJson(text, place), place));
    }
  }
  return predictions;
}

/** The predictions of a file that is one JSON list. */
async function readList(path: string): Promise<LogicPrediction[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('readPredictions', path, cause));
  const list = parseJson(text, path) as unknown[];
  return list.map((value, index) => checkPrediction(value, `${path}[${index}]`));
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return refuse(place, 'JSON', cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function checkPrediction(value: unknown, place: string): LogicPrediction {
  const checked = predictionSchema.safeParse(value);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0]!;
    return refuse(place, 'a prediction with formula and atoms', `${path.join('.')}: ${message}`);
  }
  if (checked.data.id !== undefined || checked.data.input !== undefined) return checked.data;
  return refuse(place, 'an id or an input that tells of which sentence it is', 'neither');
}

/**
 * Finds the prediction of each record: by its id, else by its sentence.
 *
 * @param records - sentences
 * @param predictions - in any order
 * @returns one a record, or undefined
 * @throws DataError for two predictions of one id or, without ids, of one sentence
 */
export function matchPredictions(
  records: readonly LogicRecord[],
  predictions: readonly LogicPrediction[],
): MatchedPredictions {
  const places = new Map<string, LogicPrediction>();
  for (const prediction of predictions) {
    const key = prediction.id === undefined ? makeInputKey(prediction.input) : `id ${prediction.id}`;
    if (places.has(key)) refuse('evaluatePredictions', 'one prediction a sentence', `two of ${key}`);
    places.set(key, prediction);
  }
  const used = new Set<LogicPrediction>();
  const matched = records.map(({ id, input }) => {
    const found = places.get(`id ${id}`) ?? places.get(makeInputKey(input));
    if (found !== undefined) used.add(found);
    return found;
  });
  return { matched, unused: predictions.length - used.size };
}

function makeInputKey(input: string | undefined): string {
  return `input ${(input ?? '').normalize('NFC').trim()}`;
}

function refuse(where: string, expected: string, received: string, cause?: unknown): never {
  raise('PAL_DATA', { where, expected, received, details: { place: where }, cause });
}
