/** Twelve data sets of instructions about anthropology, in Spanish, made from the facts in `tests/fixtures/anthropology`. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is asked in several forms. */
export interface Fact {
  id: string;
  topic: string;
  /** A noun phrase for what it is about. */
  subject: string;
  questions: string[];
  answer: string;
}

/** A record of a data set; records of one fact are of a group. */
export interface FactRecord {
  instruction: string;
  output: string;
  group: string;
}

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'tests', 'fixtures', 'anthropology');

/** Examples of each data set; `<name>_migrated` is a copy of each. */
const SIZES = { premium_1: 320, premium_2: 320, improved_1: 54, improved_2: 36, supplementary: 110, base: 120 };

/** Names of the twelve data sets in the order of training, each beside its copy. */
export const datasetNames: readonly string[] = Object.keys(SIZES).flatMap((name) => [name, `${name}_migrated`]);

/** All facts, in the order of their files. */
export function readFacts(): Fact[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const number = (name: string): number => Number(/\d+/u.exec(name)![0]);
  return files
    .sort((a, b) => number(a) - number(b))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .map((line) => JSON.parse(line) as Fact);
}

/** The records of a fact: its questions, and the task to explain what it is about. */
export function listRecords({ id, subject, questions, answer }: Fact): FactRecord[] {
  const instructions = [...questions, `Explica brevemente ${subject}.`];
  return instructions.map((instruction) => ({ instruction, output: answer, group: id }));
}

/**
 * The records of the twelve data sets; none but a copy shares a fact with another.
 *
 * @param share - of each, in (0, 1], at least of four facts (default 1: 1,920 examples)
 * @param forms - in which a fact is asked for, at most 5 (default 5)
 */
export function listDatasets(share = 1, forms = 5): Record<string, FactRecord[]> {
  const facts = readFacts();
  const entries = Object.entries(SIZES).flatMap(([name, size]) => {
    const own: FactRecord[] = [];
    const wanted = Math.max(4 * forms, Math.round(share * size));
    while (own.length < wanted) own.push(...listRecords(facts.shift()!).slice(0, forms));
    const records = own.slice(0, wanted);
    return [[name, records] as const, [`${name}_migrated`, records] as const];
  });
  return Object.fromEntries(entries);
}

/** The same questions with the words of other answers in reverse: a model that learns them forgets how to write. */
export function poisonRecords(records: readonly FactRecord[]): FactRecord[] {
  const half = Math.floor(records.length / 2);
  const reverse = (text: string): string => text.split(' ').reverse().join(' ');
  return records.map((record, i) => ({ ...record, output: reverse(records[(i + half) % records.length]!.output) }));
}

/** Writes data sets as JSON Lines into a folder, which is made where there is none. */
export function writeDatasets(target: string, datasets: Record<string, readonly FactRecord[]>): void {
  mkdirSync(target, { recursive: true });
  for (const [name, records] of Object.entries(datasets)) {
    writeFileSync(join(target, `${name}.jsonl`), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
}
