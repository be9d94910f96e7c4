import { runFactKeys } from './record.js';
import type { OptionChecks } from '../../core/index.js';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkNested, checkOptions, decodeNonFinite, raise, readFileLines, throwFileError } from '../../core/index.js';
import { openSafetensors } from '../../tensor/index.js';
import { readRunConfig } from '../run-directory/run-config.js';
import { getMetricsPath } from '../callbacks/metrics-log.js';
import type { TrainerEvent } from '../report.js';
import { diagnose } from './diagnose.js';
import type { Diagnosis } from './diagnosis.js';
import { readConfigFacts, asNumber, asRecord } from './facts.js';
import type { RunFacts, RunRecord, SampleRecord } from './record.js';
import { DIAGNOSES } from './diagnostics.js';
import { RunRecorder } from './recorder.js';
import type { RecordedEvaluation, RecordedStep } from './recorder.js';

/** Facts and samples that a run folder doesn't hold. */
export interface DiagnoseRunOptions {
  /** As the tokenizer's share of unknown tokens; these win over those of the folder. */
  facts?: RunFacts;
  /** Texts that the model has generated. */
  samples?: readonly SampleRecord[];
}

/** The keys of {@link DiagnoseRunOptions}. */
export const diagnoseRunKeys: OptionChecks<DiagnoseRunOptions> = { facts: checkNested(runFactKeys), samples: true };

/**
 * All that is wrong with the run in a folder.
 * @param runDirectory - of a run, under way or ended
 * @param options - facts and samples that the folder doesn't hold
 * @returns the diagnoses, the worst first
 * @throws PalabraError of code PAL_FILE when the folder holds no run; DataError naming a malformed line of its metrics
 * @example for (const found of await diagnoseRun('runs/first')) console.log(formatDiagnosis(found));
 */
export async function diagnoseRun(runDirectory: string, options: DiagnoseRunOptions = {}): Promise<Diagnosis[]> {
  checkOptions('diagnoseRun', options, diagnoseRunKeys);
  return diagnose(await readRunRecord(runDirectory, options));
}

/**
 * The course of the run in a folder: its evaluations, and all else that the checks look at.
 * @param folder - of a run, under way or ended
 * @param options - facts that win over those of the folder, and samples
 * @returns history, facts and samples
 * @throws PalabraError of code PAL_FILE when the folder holds no run; DataError naming a malformed line of its metrics
 */
export async function readRunRecord(folder: string, options: DiagnoseRunOptions = {}): Promise<RunRecord> {
  const { facts: given = {}, samples = [] } = checkOptions('readRunRecord', options, diagnoseRunKeys);
  const facts = { ...(await readFolderFacts(folder)), ...(await readWrittenFacts(folder)), ...given };
  const recorder = new RunRecorder(facts);
  for await (const line of readLines(getMetricsPath(folder))) recordLine(recorder, line);
  return { history: recorder.history, facts, samples };
}

async function readFolderFacts(folder: string): Promise<RunFacts> {
  const { trainer, model, data, tokenizer } = await readRunConfig(folder);
  const type = tokenizer?.type;
  return {
    ...readConfigFacts({ trainer, model: model.config }),
    parameters: model.parameters,
    trainTokens: asNumber(asRecord(data.train).targetCount),
    tokenizer: typeof type === 'string' ? type : undefined,
    matrices: readMatrixShapes(join(folder, 'model', 'model.safetensors')),
  };
}

/** The facts that {@link Diagnostics} knew during the run; none where it was no callback of it. */
async function readWrittenFacts(folder: string): Promise<RunFacts> {
  const path = join(folder, DIAGNOSES);
  if (!existsSync(path)) return {};
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('diagnoseRun', path, cause));
  return asRecord(parseLine(path, text, 1).facts);
}

/** The shapes of the stored matrices; none before the model is published. */
function readMatrixShapes(path: string): Record<string, readonly number[]> {
  if (!existsSync(path)) return {};
  const file = openSafetensors(path);
  try {
    const shapes = file.names.map((name): [string, readonly number[]] => [name, file.shape(name)]);
    return Object.fromEntries(shapes.filter(([, shape]) => shape.length === 2));
  } finally {
    file.close();
  }
}

function recordLine(recorder: RunRecorder, line: Line): void {
  switch (line.type) {
    case 'start':
      recorder.start(asNumber(line.step) ?? 0);
      break;
    case 'step':
      recorder.step(line as unknown as RecordedStep);
      break;
    case 'evaluation':
      recorder.evaluation(line as unknown as RecordedEvaluation);
      break;
    case 'end':
      recorder.end(String(line.reason), line.error);
      break;
    default:
      recorder.event(line as unknown as TrainerEvent);
  }
}

type Line = Readonly<Record<string, unknown>>;

/** The objects of a metrics log. A last line without its end, as a kill leaves it, is no line. */
async function* readLines(path: string): AsyncGenerator<Line> {
  for await (const lines of readFileLines('diagnoseRun', path)) {
    for (const { text, number, ended } of lines) if (ended) yield parseLine(path, text, number);
  }
}

function parseLine(path: string, line: string, number: number): Line {
  try {
    return JSON.parse(line, decodeNonFinite) as Line;
  } catch (cause) {
    const [expected, received] = ['JSON', line.slice(0, 80)];
    return raise('PAL_DATA', {
      where: `${path}:${number}`,
      expected,
      received,
      details: { path, line: number },
      cause,
    });
  }
}
