import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import { throwFileError, raise } from '../../core/index.js';
import { readModelEvaluation } from '../../training/index.js';
import { readRunRecord } from '../../training/diagnostics/index.js';
import type { EvaluationRecord } from '../../training/diagnostics/index.js';
import { resolveModelFolder, resolveRunFolder } from './model-folder.js';

/** A model in a folder, and how long it was trained. */
export interface FoundModel {
  path: string;
  /** The path without the folders that all have in common. */
  name: string;
  /** Undefined where no run tells. */
  epoch: number | undefined;
}

/**
 * The models that paths mean: each a model or a run folder, or a folder of them, such as the checkpoints of a run.
 * @throws PalabraError of code PAL_FILE for a path without a model
 */
export async function findModels(paths: readonly string[]): Promise<FoundModel[]> {
  const found = (await Promise.all(paths.map(listModels))).flat();
  const names = shortenNames(found);
  return await Promise.all(found.map(async (path, i) => ({ path, name: names[i]!, epoch: await readEpoch(path) })));
}

/** Paths without what they all begin with; of each at least the last folder stays. */
function shortenNames(paths: readonly string[]): string[] {
  const folders = paths.map((path) =>
    normalize(path)
      .split(sep)
      .filter((name, i) => name !== '' || i === 0),
  );
  const most = Math.min(...folders.map(({ length }) => length)) - 1;
  const shared = Array.from({ length: most }, (_, i) => i).find((i) =>
    folders.some((one) => one[i] !== folders[0]![i]),
  );
  return folders.map((one) => one.slice(shared ?? most).join('/'));
}

async function listModels(path: string): Promise<string[]> {
  if (isModel(path)) return [path];
  const names = await readdir(path).catch((error: unknown) => throwFileError('palabra compare', path, error));
  const inside = names
    .sort()
    .map((name) => join(path, name))
    .filter(isModel);
  if (inside.length > 0) return inside;
  return raise('PAL_FILE', {
    where: 'palabra compare',
    expected: `a model, a run or a folder of them at ${path}`,
    received: 'none',
    details: { path },
  });
}

function isModel(path: string): boolean {
  return (
    existsSync(join(resolveModelFolder(path), 'config.json')) &&
    existsSync(join(resolveModelFolder(path), 'model.safetensors'))
  );
}

/** The epochs behind a model, as they are stored with it, or from the record of its run. */
async function readEpoch(path: string): Promise<number | undefined> {
  const stored = await readModelEvaluation(resolveModelFolder(path));
  if (stored !== undefined) return stored.epoch;
  const checkpoint = await readStep(path);
  const run = resolveRunFolder(path);
  if (!existsSync(join(run, 'metrics.jsonl'))) return undefined;
  const { evaluations } = (await readRunRecord(run)).history;
  return checkpoint === undefined
    ? findLowest(evaluations)?.epoch
    : evaluations.find(({ step }) => step === checkpoint)?.epoch;
}

async function readStep(path: string): Promise<number | undefined> {
  const manifest = join(path, 'manifest.json');
  if (!existsSync(manifest)) return undefined;
  const text = await readFile(manifest, 'utf8').catch((error: unknown) => throwFileError('palabra', manifest, error));
  return (JSON.parse(text) as { step?: number }).step;
}

function findLowest(evaluations: readonly EvaluationRecord[]): EvaluationRecord | undefined {
  return [...evaluations].sort((a, b) => a.loss - b.loss)[0];
}
