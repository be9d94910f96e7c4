/**
 * What the study of the Infinito found, of the folder that run.ts wrote, as files without data: the registered studies,
 * the trials of the tuning, a line for each run, and the report of both texts.
 *
 *   npm exec tsx scripts/experiments/infinito/summarize.ts -- --runs runs/infinito --out scripts/experiments/infinito/results
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  analyzeStudy,
  formatFigure,
  formatInterval,
  formatTable,
  getJournalPath,
  getRunFigure,
  readJournal,
  readPlan,
  renderStudy,
  runStudy,
} from '../../../lib/experiments/index.js';
import type { StudyConfig, StudyRun } from '../../../lib/experiments/index.js';
import type { TunedArm } from './tune.js';

const { values: given } = parseArgs({ options: { runs: { type: 'string' }, out: { type: 'string' } } });

/** The arms that differ from another than the baseline by one switch, or by a memory. */
const SWITCHES = { M3: ['M0', 'M1', 'M2', 'M4', 'M5', 'G'], B0: ['M0', 'M1', 'M2', 'M3', 'M4', 'G'] };

interface Study {
  config: StudyConfig;
  runs: StudyRun[];
  parameters: Readonly<Record<string, number>>;
}

async function readStudy(folder: string): Promise<Study> {
  const { config } = readPlan(folder) as unknown as { config: StudyConfig };
  const entries = readJournal(getJournalPath(folder));
  const work = { entries, append: () => undefined };
  const runs = await runStudy(config, { journal: work, execute: () => Promise.resolve({ status: 'interrupted' }) });
  if (runs === undefined) throw new Error(`${folder} holds a study with runs left`);
  const counted = entries.find(({ type }) => type === 'counted');
  return { config, runs, parameters: counted?.parameters as Study['parameters'] };
}

/** The registered study without the place of its data. */
function describeStudy({ config }: Study): string {
  return `${JSON.stringify({ ...config, data: ['prepared'] }, null, 2)}\n`;
}

function listRuns({ runs }: Study): string {
  const figures = ['validation/loss', 'test/nllPerByte', 'test/loss', 'train/gate', 'train/contribution'];
  const rows = runs.map((run) => [
    ...[run.arm, run.seed, run.training.status],
    ...figures.map((name) => (Number.isFinite(getRunFigure(run, name)) ? getRunFigure(run, name).toPrecision(7) : '')),
  ]);
  return [['arm', 'seed', 'training', ...figures], ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** Differences from an arm, seed by seed. */
function renderSwitches({ config, runs, parameters }: Study, baseline: keyof typeof SWITCHES): string {
  const names = [...SWITCHES[baseline], baseline];
  const arms = Object.fromEntries(Object.entries(config.arms).filter(([arm]) => names.includes(arm)));
  const { comparisons } = analyzeStudy({ ...config, arms, baseline }, runs, parameters);
  const rows = comparisons.map(({ arm, difference, interval, p }) => [
    ...[arm, formatFigure(difference), formatInterval(interval), formatFigure(p)],
  ]);
  return formatTable(['arm', 'difference', '95 % interval', 'p, not corrected'], rows);
}

function renderTuning(tuned: readonly TunedArm[]): string {
  const path = Object.keys(tuned[0]!.chosen)[0]!;
  const values = tuned[0]!.trials.map((trial) => Number(trial.values[path])).sort((a, b) => a - b);
  const rows = tuned.map(({ arm, chosen, trials }) => {
    const losses = values.map((value) => trials.find((trial) => trial.values[path] === value)!.value);
    return [arm, ...losses.map(formatFigure), String(chosen[path])];
  });
  return formatTable(['arm', ...values.map(String), 'chosen'], rows);
}

async function summarize(runs: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  for (const corpus of ['wikitext-2', 'tinyshakespeare']) {
    const study = await readStudy(join(runs, corpus, 'study'));
    const tuned = JSON.parse(readFileSync(join(runs, corpus, 'tuned.json'), 'utf8')) as TunedArm[];
    const report = [
      renderStudy(analyzeStudy(study.config, study.runs, study.parameters)).trimEnd(),
      '## One switch away from M3, seed by seed',
      renderSwitches(study, 'M3'),
      '## The smaller baseline and a memory, seed by seed',
      renderSwitches(study, 'B0'),
      '## Tuning: validation loss by learning rate',
      renderTuning(tuned),
    ];
    writeFileSync(join(out, `${corpus}.md`), `${report.join('\n\n')}\n`);
    writeFileSync(join(out, `${corpus}.study.json`), describeStudy(study));
    writeFileSync(join(out, `${corpus}.runs.csv`), listRuns(study));
  }
}

await summarize(given.runs ?? 'runs/infinito', given.out ?? 'scripts/experiments/infinito/results');
