import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeNonFinite, isPlainSettings, isSystemError, raise, throwFileError } from '../../../core/index.js';
import type { LegFigures } from '../../../experiments/index.js';

type Line = Readonly<Record<string, unknown>>;

/**
 * The newest checkpoint of a run.
 * @param run - its folder
 * @returns the update it was saved after; undefined where there is none
 */
export async function findNewestStep(run: string): Promise<number | undefined> {
  const folder = join(run, 'checkpoints');
  const names = await readdir(folder).catch((error: unknown) => ignoreMissing(folder, error));
  const steps = names.flatMap((name) => /^step-(\d+)$/.exec(name)?.slice(1).map(Number) ?? []);
  return steps.length === 0 ? undefined : Math.max(...steps);
}

/**
 * The figures of the evaluation after an update, as the run's metrics tell them.
 * @param run - its folder
 * @param until - the update; undefined for the last one
 * @returns `validation/loss` and all else that was measured there, the training metrics of the update as `train/…`
 * @throws DataError where the run was not evaluated there
 */
export async function readFigures(run: string, until?: number): Promise<LegFigures> {
  const lines = await readLines(join(run, 'metrics.jsonl'));
  const at = until ?? Math.max(0, ...lines.filter(({ type }) => type === 'step').map(({ index }) => Number(index)));
  const step = lines.findLast(({ type, index }) => type === 'step' && index === at);
  const evaluation = lines.findLast((line) => line.type === 'evaluation' && line.step === at);
  if (step === undefined || evaluation === undefined) return refuseRun(run, at);
  const figures = { ...listFigures('train', { metrics: step.metrics }), ...listFigures('validation', evaluation) };
  return { step: at, tokens: Number(step.totalTokens), figures };
}

/** Numbers by path, as `validation/loss`; those of the model, which lie in `metrics`, stand beside the others. */
function listFigures(prefix: string, { metrics, sets, ...own }: Line): Record<string, number> {
  const listed = [own, metrics].filter(isPlainSettings).flatMap((values) => Object.entries(values));
  const figures = listed.flatMap(([name, value]): [string, number][] =>
    typeof value === 'number' && !['step', 'epoch', 'tokens'].includes(name) ? [[`${prefix}/${name}`, value]] : [],
  );
  const nested = isPlainSettings(sets) ? Object.entries(sets).filter(([, set]) => isPlainSettings(set)) : [];
  const inner = nested.map(([name, set]) => listFigures(`${prefix}/${name}`, set as Line));
  return Object.assign(Object.fromEntries(figures), ...inner) as Record<string, number>;
}

/** Whole lines; one that is torn was not finished. */
async function readLines(path: string): Promise<Line[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('experiment', path, error));
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
  return lines.map((line) => JSON.parse(line, decodeNonFinite) as Line);
}

function ignoreMissing(path: string, error: unknown): string[] {
  return isSystemError(error) && error.code === 'ENOENT' ? [] : throwFileError('experiment', path, error);
}

function refuseRun(run: string, step: number): never {
  raise('PAL_DATA', {
    where: 'experiment',
    expected: `an evaluation of ${run} after update ${step}`,
    received: 'none',
    fix: 'The data need a validation part.',
    details: { run, step },
  });
}
