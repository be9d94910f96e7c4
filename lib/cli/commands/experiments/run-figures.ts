import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeNonFinite,
  isPlainSettings,
  isSystemError,
  raise,
  readFileLines,
  throwFileError,
} from '../../../core/index.js';
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
  const [step, evaluation] = await findLast(join(run, 'metrics.jsonl'), until);
  const at = until ?? Number(step?.index ?? 0);
  if (step === undefined || evaluation?.step !== at) return refuseRun(run, at);
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

/** The lines of an update and of its evaluation, the last ones where there are several; without an update of the last. */
async function findLast(path: string, until: number | undefined): Promise<(Line | undefined)[]> {
  let [step, evaluation]: (Line | undefined)[] = [undefined, undefined];
  const isNext = (at: unknown, before: unknown = 0): boolean =>
    until === undefined ? Number(at) >= Number(before) : at === until;
  for await (const line of readLines(path)) {
    if (line.type === 'step' && isNext(line.index, step?.index)) step = line;
    if (line.type === 'evaluation' && isNext(line.step, evaluation?.step)) evaluation = line;
  }
  return [step, evaluation];
}

/** Whole lines; one that is torn was not finished. */
async function* readLines(path: string): AsyncGenerator<Line> {
  for await (const lines of readFileLines('experiment', path)) {
    for (const { text, ended } of lines) if (ended) yield JSON.parse(text, decodeNonFinite) as Line;
  }
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
