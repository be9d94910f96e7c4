import type { Random } from '../../../core/index.js';
import type { RecordAtom, RecordConnector } from '../../data/records/record.js';
import type { Formula } from '../../formula/formula.js';
import { printFormula } from '../../formula/print-formula.js';
import { chooseTense } from '../../grammar/clauses/choose-tense.js';
import type { Clause } from '../../grammar/clauses/clause.js';
import { glossClause } from '../../grammar/clauses/say-clause.js';
import { buildFormula, nameAtom } from '../../grammar/constructions/build-formula.js';
import type { Leaf } from '../../grammar/constructions/grow-tree.js';
import type { Planned } from '../../grammar/constructions/plan-clauses.js';
import { writeSentence } from '../../grammar/constructions/write-sentence.js';
import type { Plan, Sentence } from '../../grammar/constructions/write-sentence.js';
import { explainDerivation } from '../../grammar/records/explain.js';
import { hasOneReading } from '../../grammar/records/has-one-reading.js';
import { listConnectors } from '../../grammar/records/list-connectors.js';
import { deriveProposition } from './derive-proposition.js';
import type { Proposition } from './derive-proposition.js';

/** A sentence of an argument and its formula, in letters of its own: a record to learn from. */
export interface ArgumentSentence {
  input: string;
  /** In Unicode symbols. */
  formula: string;
  atoms: RecordAtom[];
  connectors: RecordConnector[];
  reasoning: string[];
}

/** A sentence, and how it goes on behind other words. */
export interface SaidProposition extends ArgumentSentence {
  continued: string;
}

/** Wordings that are tried before a formula is given up. */
const TRIES = 20;
const TIME = 'p';

/**
 * Says a formula in Spanish, in a sentence of the grammar that has one reading.
 *
 * @param formula - of letters and their negations
 * @param clauses - what its letters say
 * @param random - the generator that chooses
 * @returns the sentence; undefined where no wording has one reading
 */
export function sayProposition(
  formula: Formula,
  clauses: ReadonlyMap<string, Clause>,
  random: Random,
): SaidProposition | undefined {
  for (let tries = 0; tries < TRIES; tries++) {
    const proposition = deriveProposition(formula, random);
    if (proposition === undefined) return undefined;
    const said = writeProposition(proposition, clauses, random);
    if (said !== undefined) return said;
  }
  return undefined;
}

function writeProposition(
  { tree, letters }: Proposition,
  clauses: ReadonlyMap<string, Clause>,
  random: Random,
): SaidProposition | undefined {
  const plan = planLeaves(letters, clauses, random);
  const sentence = writeSentence(tree, plan);
  const formula = buildFormula(tree, plan);
  const atoms = listGlosses(plan);
  if (!hasOneReading(sentence, plan, formula, atoms.length)) return undefined;
  return {
    input: sentence.text,
    formula: printFormula(formula),
    atoms,
    connectors: listConnectors(sentence),
    reasoning: explainDerivation(tree, sentence, plan, atoms),
    continued: writeContinued(sentence),
  };
}

function planLeaves(letters: Proposition['letters'], clauses: ReadonlyMap<string, Clause>, random: Random): Plan {
  const order = [...new Set(letters.values())];
  return new Map(
    [...letters].map(([leaf, letter]): [Leaf, Planned] => {
      const clause = clauses.get(letter)!;
      const tense = chooseTense(leaf.form, TIME, clause, random);
      return [leaf, { atom: order.indexOf(letter), clause, tense, negation: leaf.negation, dropsSubject: false }];
    }),
  );
}

function listGlosses(plan: Plan): RecordAtom[] {
  const glosses = new Map(
    [...plan.values()].map(({ atom, clause, tense }) => [atom, glossClause(clause, tense, TIME)]),
  );
  return [...glosses].sort(([a], [b]) => a - b).map(([atom, gloss]) => ({ letter: nameAtom(atom), gloss }));
}

/** Without the capital of its beginning. */
function writeContinued({ text, pieces }: Sentence): string {
  return pieces[0]!.text + text.slice(pieces[0]!.end);
}
