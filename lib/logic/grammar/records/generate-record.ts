import {
  Random,
  checkOptions,
  expectCount,
  expectInteger,
  expectOneOf,
  expectProbability,
} from '../../../core/index.js';
import { measureComplexity } from '../../formula/complexity.js';
import { printFormula } from '../../formula/print-formula.js';
import type { Formula } from '../../formula/formula.js';
import { glossClause } from '../clauses/say-clause.js';
import { slices } from '../clauses/slices.js';
import type { Slice } from '../clauses/slices.js';
import type { Time } from '../clauses/time.js';
import { buildFormula, nameAtom } from '../constructions/build-formula.js';
import { growTree } from '../constructions/grow-tree.js';
import type { Tree } from '../constructions/grow-tree.js';
import { planClauses } from '../constructions/plan-clauses.js';
import type { Plan, Sentence } from '../constructions/write-sentence.js';
import { writeSentence } from '../constructions/write-sentence.js';
import { pick } from '../lexicon/fill-places.js';
import { domains } from '../lexicon/lexicon.js';
import { addNoise } from './add-noise.js';
import { GRAMMAR_VERSION } from './grammar-version.js';
import { hasOneReading } from './has-one-reading.js';
import { explainDerivation } from './explain.js';
import { expectStopList } from './stop-list.js';
import type { StopList } from './stop-list.js';
import { listBranches, listConnectors } from './list-connectors.js';
import { hashRecord } from '../../data/records/hash-record.js';
import type { LogicRecord, RecordAtom } from '../../data/records/record.js';

const settingChecks = {
  seed: expectInteger,
  slice: (where: string, name: string, value: unknown) => expectOneOf(where, name, value, slices),
  noise: expectProbability,
  avoid: expectStopList,
};

/** What sentences are made from. */
export interface GrammarSettings {
  /** The records depend on nothing else: an integer of 64 bits. */
  seed: number;
  /** The part of the lexicon (default `all`). */
  slice?: Slice;
  /** The share of sentences with a flaw of typing (default 0.05). */
  noise?: number;
  /** Sentences that are never drawn (default none). */
  avoid?: StopList;
}

/** How many atoms sentences have, by weight. */
const ATOMS: readonly number[] = [1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6];
const GENERAL_SHARE = 0.12;

/**
 * The record of a place in a stream of sentences. It depends on the settings and the place only.
 *
 * @param index - of the record, from 0
 * @param settings - the seed and what sentences are made from
 * @returns a sentence with one reading, and its formula, which is neither a tautology nor a contradiction
 * @throws ArgumentError for an index below 0, an unknown slice and a share of noise outside [0, 1]
 * @example generateRecord(0, { seed: 42 }).formula
 */
export function generateRecord(index: number, settings: GrammarSettings): LogicRecord {
  checkOptions('generateRecord', settings, settingChecks);
  expectCount('generateRecord', 'index', index);
  const stream = new Random(settings.seed).split('grammar', index);
  for (let attempt = 0; ; attempt++) {
    const draft = draftSentence(stream.split(attempt), settings);
    if (draft === undefined || settings.avoid?.has(draft.sentence.text) === true) continue;
    const record = makeRecord(draft, index, settings, stream.split('noise'));
    if (settings.avoid?.has(record.input) !== true) return record;
  }
}

/** A sentence and all that led to it. */
interface Draft {
  tree: Tree;
  plan: Plan;
  sentence: Sentence;
  formula: Formula;
  atoms: RecordAtom[];
  domain: string;
}

function draftSentence(random: Random, { slice = 'all' }: GrammarSettings): Draft | undefined {
  const { tree, time } = growTree(pick(random, ATOMS), random);
  const domain = random.float() < GENERAL_SHARE ? domains.at(-1)! : pick(random, domains);
  const plan = planClauses(tree, { domain, other: pick(random, domains), time, slice, random });
  if (plan === undefined) return undefined;
  const sentence = writeSentence(tree, plan);
  const formula = buildFormula(tree, plan);
  const atoms = listAtoms(plan, time);
  if (new Set(atoms.map(({ gloss }) => gloss)).size < atoms.length) return undefined;
  if (!hasOneReading(sentence, plan, formula, atoms.length)) return undefined;
  return { tree, plan, sentence, formula, atoms, domain: domain.name };
}

function listAtoms(plan: Plan, time: Time): RecordAtom[] {
  const glosses = new Map<number, string>();
  for (const { atom, clause, tense } of plan.values()) {
    if (atom >= 0 && !glosses.has(atom)) glosses.set(atom, glossClause(clause, tense, time));
  }
  return [...glosses].map(([atom, gloss]) => ({ letter: nameAtom(atom), gloss }));
}

function makeRecord(draft: Draft, index: number, settings: GrammarSettings, random: Random): LogicRecord {
  const { tree, sentence, plan, formula, atoms, domain } = draft;
  const { seed, slice = 'all', noise = 0.05 } = settings;
  const connectors = listConnectors(sentence);
  const flawed = random.float() < noise;
  const input = (flawed ? addNoise(sentence.text, listCueWords(connectors), random) : sentence.text).normalize('NFC');
  const id = hashRecord(input, formula);
  return {
    schemaVersion: 1,
    id,
    sourceId: flawed ? hashRecord(sentence.text, formula) : id,
    input,
    formula: printFormula(formula),
    atoms,
    connectors: flawed ? connectors.map(({ symbol, cue }) => ({ symbol, cue })) : connectors,
    reasoning: explainDerivation(tree, sentence, plan, atoms),
    complexity: measureComplexity(formula).level,
    domain,
    surface: listBranches(sentence).map(({ rule }) => rule.family),
    provenance: {
      kind: 'grammar',
      generator: 'palabra',
      version: GRAMMAR_VERSION,
      seed,
      index,
      ...(slice === 'all' ? {} : { slice }),
      parents: [],
      ...(flawed ? { transform: 'noise' } : {}),
    },
    verification: { status: 'unverified', issues: [] },
  };
}

function listCueWords(connectors: readonly { cue: string }[]): ReadonlySet<string> {
  return new Set(connectors.flatMap(({ cue }) => cue.split(/[\s…]+/)));
}
