import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  accessFile,
  acquireLock,
  createDirectory,
  isPlainSettings,
  raise,
  show,
  throwFileError,
  writeFileAtomic,
} from '../../core/index.js';
import type { PlainSettings } from '../../core/index.js';
import { Journal } from './journal.js';

/** The plan of an experiment as plain data. */
export type PlannedExperiment = PlainSettings;

/** Names in the folder of an experiment. */
const [PLAN, JOURNAL, LOCK] = ['plan.json', 'trials.jsonl', 'lock'];

/** Differences that an error names. */
const MOST_DIFFERENCES = 5;

/** The folder of an experiment, held by one process: `plan.json` with its hash, `trials.jsonl`, and a folder for each run. */
export class ExperimentFolder implements Disposable {
  private constructor(
    readonly path: string,
    readonly journal: Journal,
    private readonly release: () => void,
  ) {}

  /**
   * Opens the folder, which is made where it is missing, for a plan.
   * @param path - of the folder
   * @param plan - plain data that never change once the experiment has begun
   * @throws PalabraError of code PAL_LOCKED when another process works in it; ConfigError naming what differs from the plan
   *   that it was begun with
   */
  static async open(path: string, plan: PlannedExperiment): Promise<ExperimentFolder> {
    await createDirectory(path).catch((error: unknown) => throwFileError('experiment', path, error));
    const lock = acquireLock(join(path, LOCK));
    try {
      await keepPlan(path, plan);
      return new ExperimentFolder(path, Journal.open(join(path, JOURNAL)), () => lock.release());
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.journal.close();
    this.release();
  }
}

/**
 * The journal's path in the folder of an experiment.
 * @param folder - of the experiment
 * @returns the path
 */
export function getJournalPath(folder: string): string {
  return join(folder, JOURNAL);
}

/**
 * The plan that an experiment was begun with.
 * @param folder - of the experiment
 * @returns plain data
 * @throws PalabraError of code PAL_FILE when the folder has none, PAL_CONFIG when its hash is another's
 */
export function readPlan(folder: string): PlannedExperiment {
  const path = join(folder, PLAN);
  const text = accessFile('experiment', path, () => readFileSync(path, 'utf8'));
  const stored = parsePlan(path, text);
  if (stored.sha256 === hashPlan(stored.plan)) return stored.plan;
  return refusePlan(path, 'the hash that it names', 'another: the file was changed after the experiment began');
}

/**
 * The SHA-256 of a plan, whatever the order of its keys.
 * @param plan - plain data
 * @returns 64 hexadecimal digits
 */
export function hashPlan(plan: PlannedExperiment): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(plan)))
    .digest('hex');
}

async function keepPlan(folder: string, plan: PlannedExperiment): Promise<void> {
  const path = join(folder, PLAN);
  if (existsSync(path)) return expectSame(folder, readPlan(folder), plan);
  const value = { sha256: hashPlan(plan), registered: new Date().toISOString(), plan };
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

function expectSame(folder: string, stored: PlannedExperiment, plan: PlannedExperiment): void {
  if (hashPlan(stored) === hashPlan(plan)) return;
  const [before, now] = [new Map(listValues(stored)), new Map(listValues(plan))];
  const differing = [...new Set([...before.keys(), ...now.keys()])].filter((key) => before.get(key) !== now.get(key));
  const name = (key: string): string => `${key}: ${before.get(key) ?? 'nothing'} → ${now.get(key) ?? 'nothing'}`;
  raise('PAL_CONFIG', {
    where: 'experiment',
    expected: `the plan that ${folder} was begun with`,
    received: `one that differs in ${show(differing.length)} values: ${differing.slice(0, MOST_DIFFERENCES).map(name).join('; ')}`,
    fix: 'Put the file back to go on, or begin in another folder with --out.',
    details: { differing },
  });
}

/** Every value by its path, as JSON. */
function listValues(value: unknown, path = ''): [string, string][] {
  const entries = Array.isArray(value)
    ? [...(value as unknown[]).entries()]
    : isPlainSettings(value)
      ? Object.entries(value)
      : undefined;
  if (entries === undefined || entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([key, inner]) => listValues(inner, path === '' ? String(key) : `${path}.${key}`));
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(sortKeys);
  if (!isPlainSettings(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

function parsePlan(path: string, text: string): { sha256: string; plan: PlannedExperiment } {
  try {
    const value = JSON.parse(text) as { sha256?: unknown; plan?: unknown };
    if (typeof value.sha256 === 'string' && isPlainSettings(value.plan))
      return value as { sha256: string; plan: PlannedExperiment };
  } catch {
    // Falls through to the refusal.
  }
  return refusePlan(path, 'a plan', 'something else');
}

function refusePlan(path: string, expected: string, received: string): never {
  raise('PAL_CONFIG', { where: path, expected, received, details: { path } });
}
