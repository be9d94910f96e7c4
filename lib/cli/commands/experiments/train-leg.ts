import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectory, throwFileError, writeFileAtomic } from '../../../core/index.js';
import type { AttemptEnd } from '../../../experiments/index.js';
import type { Output } from '../../output.js';
import type { Settings } from '../../settings/config-file.js';
import type { ExecuteCommand } from './experiment-data.js';
import { findNewestStep, readFigures } from './run-figures.js';

/** A run of an experiment, as far as its training goes. */
export interface TrainedLeg {
  /** The folder of the run. */
  run: string;
  /** The prepared folder. */
  data: string;
  settings: Settings;
  /** The update after which the leg ends; undefined for the end of the run. */
  until: number | undefined;
}

/** Exit codes of an end by a signal. */
const SIGNALLED: ReadonlySet<number> = new Set([129, 130, 143]);

/** Errors of a training that went where no numbers are. */
const DIVERGED = /\[PAL_(?:NON_FINITE|DIVERGED)\]/;

/** What a leg is trained by. */
export interface LegTools {
  execute: ExecuteCommand;
  /** Takes the progress of the training. */
  tell: (text: string) => void;
}

/** What a command said and how it ended. */
interface Heard {
  code: number;
  out: string;
  err: string;
}

/**
 * Trains a run to the end of a leg by the commands of the command line, from its newest checkpoint where it has one.
 * @param leg - the run, and how far it is trained
 * @param leg.run - its folder
 * @param leg.data - the prepared folder
 * @param leg.settings - an object a section
 * @param leg.until - the update after which it ends; undefined for the end of the run
 * @param tools - what runs commands
 * @param tools.execute - runs a command
 * @param tools.tell - takes the progress of the training
 * @returns the figures of the evaluation there, or why there are none
 */
export async function trainLeg(
  { run, data, settings, until }: TrainedLeg,
  { execute, tell }: LegTools,
): Promise<AttemptEnd> {
  const newest = await findNewestStep(run);
  const goal = until === undefined ? [] : ['--until', String(until)];
  if (newest === undefined || newest < (until ?? Infinity)) {
    const words = newest === undefined ? await prepareRun(run, data, settings) : ['resume', run];
    const heard = await listen([...words, ...goal, '--json'], execute, tell);
    if (heard.code !== 0) return describeFailure(heard);
  }
  return { status: 'finished', ...(await readFigures(run, until)) };
}

/**
 * Scores the model of a run on the test data.
 * @param run - its folder
 * @param execute - runs a command
 * @returns the figures as `test/…`, and the nats and bytes of each document
 */
export async function scoreRun(run: string, execute: ExecuteCommand): Promise<AttemptEnd> {
  const heard = await listen(['evaluate', run, '--split', 'test', '--json'], execute);
  if (heard.code !== 0) return describeFailure(heard);
  const { scores } = JSON.parse(heard.out) as { scores: Scores };
  const { loss, perplexity, bitsPerByte, nats, bytes, tokens } = scores;
  const figures = { loss, perplexity, bitsPerByte, nllPerByte: nats / bytes };
  const named = Object.fromEntries(Object.entries(figures).map(([name, value]) => [`test/${name}`, value]));
  const documents = scores.documents.map((document): [number, number] => [document.nats, document.bytes]);
  return { status: 'finished', step: (await findNewestStep(run)) ?? 0, tokens, figures: named, documents };
}

/** The part of a report of scores that is read. */
interface Scores extends Record<'loss' | 'perplexity' | 'bitsPerByte' | 'nats' | 'bytes' | 'tokens', number> {
  documents: { nats: number; bytes: number }[];
}

/** The words that begin a run in a folder where nothing lies. */
async function prepareRun(run: string, data: string, settings: Settings): Promise<string[]> {
  await rm(run, { recursive: true, force: true });
  await createDirectory(run).catch((error: unknown) => throwFileError('experiment', run, error));
  const config = join(run, 'train.json');
  await writeFileAtomic(config, `${JSON.stringify(settings, null, 2)}\n`);
  return ['train', data, '--run', run, '--config', config, '--no-tensorboard'];
}

async function listen(
  words: readonly string[],
  execute: ExecuteCommand,
  tell: (text: string) => void = () => undefined,
): Promise<Heard> {
  const heard = { out: '', err: '' };
  const err = (text: string): void => {
    heard.err += text;
    tell(text);
  };
  const output: Output = { out: (text) => (heard.out += text), err };
  const code = await execute(words, output);
  return { ...heard, code };
}

function describeFailure({ code, err }: Heard): AttemptEnd {
  if (SIGNALLED.has(code)) return { status: 'interrupted' };
  const from = err.lastIndexOf('[PAL_');
  const error = (from < 0 ? err : err.slice(from)).trim() || `exit code ${code}`;
  return { status: DIVERGED.test(err) ? 'diverged' : 'failed', error };
}
