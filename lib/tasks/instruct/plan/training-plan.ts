import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { expectPositiveInteger, expectRange, formatSuggestion, raise, throwFileError } from '../../../core/index.js';

/** A file of a plan, and how it is trained on. */
export interface PlanStep {
  /** The name of the file. */
  readonly dataset: string;
  /** Absolute. */
  readonly path: string;
  /** Of its bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** Passes over it, a positive integer. */
  readonly epochs: number;
  /** How often an example comes in a pass, above 0. */
  readonly weight: number;
  /** Which of the files of the same bytes it is in the order of the plan, from 1. */
  readonly occurrence: number;
}

/** What a plan is made from. */
export interface PlanOptions {
  /** The folder of files in JSON Lines. */
  data: string;
  /** Names of files that come first, in this order; all others follow by name. */
  order?: readonly string[] | undefined;
  /** Passes over each file, or over those that are named (default 3). */
  epochs?: number | Readonly<Record<string, number>> | undefined;
  /** How often the examples of a file come in a pass, by its name (default 1). */
  weights?: Readonly<Record<string, number>> | undefined;
}

const DATA_FILE = /\.(jsonl|ndjson)(\.(gz|zst))?$/u;
const EPOCHS = 3;

/**
 * Makes an ordered plan of the files of a folder.
 * @param where - named in errors
 * @param options - the folder, which files come first, and how often each is seen
 * @returns a step for each file, in the order of training
 * @throws DataError for a folder without such files, and for names that no file has
 * @throws PalabraError of code PAL_FILE when the folder or a file cannot be read
 */
export async function planTraining(where: string, options: PlanOptions): Promise<PlanStep[]> {
  const { order = [], epochs = EPOCHS, weights = {} } = options;
  const folder = resolve(options.data);
  const names = await listDataFiles(where, folder);
  const named = [...order, ...(typeof epochs === 'object' ? Object.keys(epochs) : []), ...Object.keys(weights)];
  for (const name of named) findName(where, folder, names, name);
  const first = [...new Set(order.map((name) => findName(where, folder, names, name)))];
  const counts = new Map<string, number>();
  const steps: PlanStep[] = [];
  for (const dataset of [...first, ...names.filter((name) => !first.includes(name))]) {
    const path = join(folder, dataset);
    const sha256 = await hashFile(where, path);
    const occurrence = (counts.get(sha256) ?? 0) + 1;
    counts.set(sha256, occurrence);
    const passes = typeof epochs === 'number' ? epochs : (findSetting(epochs, dataset) ?? EPOCHS);
    const weight = findSetting(weights, dataset) ?? 1;
    expectPositiveInteger(where, `epochs of ${dataset}`, passes);
    expectRange(where, `weight of ${dataset}`, weight, { above: 0, max: 1000 });
    steps.push({ dataset, path, sha256, epochs: passes, weight, occurrence });
  }
  return steps;
}

async function listDataFiles(where: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) =>
    throwFileError(where, folder, cause),
  );
  const found = entries.filter((entry) => DATA_FILE.test(entry.name) && !entry.isDirectory());
  const names = found.map(({ name }) => name).sort();
  if (names.length > 0) return names;
  return raise('PAL_DATA', {
    where,
    expected: `files that end in .jsonl in ${folder}`,
    received: entries.length === 0 ? 'an empty folder' : `${entries.length} other entries`,
  });
}

/** A name with or without the ending of the file. */
function findName(where: string, folder: string, names: readonly string[], name: string): string {
  const found = names.find((other) => other === name || getStem(other) === name);
  if (found !== undefined) return found;
  return raise('PAL_DATA', {
    where,
    expected: `a file of ${folder}`,
    received: JSON.stringify(name),
    fix: formatSuggestion(name, names) || `There are ${names.join(', ')}.`,
  });
}

function findSetting(settings: Readonly<Record<string, number>>, dataset: string): number | undefined {
  return settings[dataset] ?? settings[getStem(dataset)];
}

/**
 * The name of a file of data without its ending.
 * @param dataset - the name of a file
 * @returns what stands before `.jsonl`
 */
export function getStem(dataset: string): string {
  return basename(dataset).replace(DATA_FILE, '');
}

async function hashFile(where: string, path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await stat(path);
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (cause) {
    throwFileError(where, path, cause);
  }
  return hash.digest('hex');
}

/** A step that was made, as the history of a version holds it. */
export interface TrainedStep {
  readonly sha256?: string | undefined;
}

/**
 * Divides a plan into what was trained before and what is pending. Of files with the same bytes as many were trained as the
 * history has entries for them, whatever they are called.
 *
 * @param steps - of the plan
 * @param history - of the version that is to be improved
 * @returns the steps of both kinds, in the order of the plan
 */
export function dividePlan(
  steps: readonly PlanStep[],
  history: readonly TrainedStep[],
): { trained: PlanStep[]; pending: PlanStep[] } {
  const isTrained = ({ sha256, occurrence }: PlanStep): boolean =>
    history.filter((entry) => entry.sha256 === sha256).length >= occurrence;
  return { trained: steps.filter(isTrained), pending: steps.filter((step) => !isTrained(step)) };
}
