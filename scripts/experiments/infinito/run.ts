/**
 * Whether the memory of an Infinito helps: prepares two texts, tunes every arm of study.json on each by the trials of
 * tuning.json, and compares the arms seed by seed. Started again, it goes on. With --measure it trains nothing but a few steps of each arm, and tells what all of it takes.
 *
 *   npm exec tsx scripts/experiments/infinito/run.ts -- --data corpora --out runs/infinito
 *
 * --data is a folder with wikitext-2/valid.txt, wikitext-2/test.txt and tinyshakespeare.txt.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { splitArticles, splitPassages } from './articles.js';
import type { CorpusDocument } from './articles.js';
import { formatMeasurements, measureArms } from './measure.js';
import type { Study } from './measure.js';
import { applyTuning, tuneArm } from './tune.js';
import type { TunedStudy, Tuning } from './tune.js';

const { values: given } = parseArgs({
  options: {
    ...{ data: { type: 'string' }, out: { type: 'string', default: 'runs/infinito' } },
    measure: { type: 'boolean', default: false },
  },
});
const study = readJson<Study & TunedStudy>('study.json');
const tuning = readJson<Tuning>('tuning.json');
const tokenizer = { type: 'bpe', vocabSize: 2048 };
const corpora = ['wikitext-2', 'tinyshakespeare'] as const;

/** One test article in so many is scored: all of them would take a quarter of the time. */
const TEST_ARTICLES = 3;

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T;
}

/** Runs a command of the command line; its own streams are those of this process. */
function palabra(...words: string[]): void {
  const { status } = spawnSync(process.execPath, [resolve('dist/cli/main.js'), ...words], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function read(...names: string[]): string {
  if (given.data === undefined) throw new Error('--data names the folder of the texts');
  return readFileSync(join(given.data, ...names), 'utf8');
}

function isTested(_: CorpusDocument, index: number): boolean {
  return index % TEST_ARTICLES === 0;
}

function writeDocuments(path: string, documents: readonly CorpusDocument[]): string {
  writeFileSync(path, documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
  return path;
}

/** Prepares a corpus once: whole documents for training and validation, and for the test a text of its own or the last. */
function prepare(corpus: (typeof corpora)[number], folder: string): string {
  const prepared = join(folder, 'prepared');
  if (existsSync(prepared)) return prepared;
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'prepare.json');
  const isWiki = corpus === 'wikitext-2';
  const split = isWiki ? { by: 'document', validation: 0.1 } : { by: 'block', validation: 0.1, test: 0.1 };
  writeFileSync(config, JSON.stringify({ tokenizer, prepare: { split } }));
  const text = (name: string): string => join(folder, name);
  const texts = isWiki
    ? [
        writeDocuments(text('valid.jsonl'), splitArticles(read(corpus, 'valid.txt'))),
        ...['--test', writeDocuments(text('test.jsonl'), splitArticles(read(corpus, 'test.txt')).filter(isTested))],
      ]
    : [writeDocuments(text('plays.jsonl'), splitPassages(read('tinyshakespeare.txt')))];
  palabra('prepare', ...texts, '--out', prepared, '--config', config);
  return prepared;
}

if (given.measure) {
  console.log(formatMeasurements(study, corpora.length, await measureArms(study, tokenizer.vocabSize)));
} else {
  for (const corpus of corpora) {
    const folder = resolve(given.out, corpus);
    const data = prepare(corpus, folder); // 1. text to tokens
    const place = { folder: join(folder, 'tuning'), data, palabra };
    const tuned = Object.keys(study.arms).map((arm) => tuneArm(study, arm, tuning, place)); // 2. as many trials an arm
    writeFileSync(join(folder, 'tuned.json'), JSON.stringify(tuned, null, 2));
    const file = join(folder, 'study.json');
    const registered = { ...applyTuning(study, tuned), name: `infinito-${corpus}`, data: [data] };
    writeFileSync(file, JSON.stringify(registered, null, 2));
    palabra('ablate', 'run', file, '--out', join(folder, 'study')); // 3. every arm with every seed, then the report
  }
}
