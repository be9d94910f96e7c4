import { checkOptions, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { listAtoms } from '../formula/atoms.js';
import { and, implies, not } from '../formula/formula.js';
import type { Formula } from '../formula/formula.js';
import { isContradiction, isTautology } from '../semantics/equivalence.js';
import { findModel, searchKeys } from '../semantics/find-model.js';
import type { SearchOptions } from '../semantics/find-model.js';
import { MOST_TABLE_ATOMS, buildTruthTable, listRows, readValuation } from '../semantics/truth-table.js';
import type { Valuation } from '../semantics/valuation.js';
import { fallacyForms, validForms } from './argument-forms.js';
import type { FormalFallacy, ValidForm } from './argument-forms.js';
import { findForm } from './find-form.js';
import type { Argument } from './find-form.js';
import { dropDoubleNegations, isSame } from './match-pattern.js';

/** Settings of {@link verifyArgument}. */
export interface VerifyArgumentOptions extends SearchOptions {
  /** The words that each premise's connective comes from, such as `solo si`; a fallacy is named by them. */
  cues?: readonly (string | undefined)[] | undefined;
}

/** The keys of {@link VerifyArgumentOptions}. */
export const verifyArgumentKeys: OptionChecks<VerifyArgumentOptions> = { ...searchKeys, cues: true };

/** What is odd about an argument, whether it is valid or not. */
export interface ArgumentFlags {
  /** No valuation makes all premises true, so that anything follows; undefined where that is unknown. */
  inconsistentPremises: boolean | undefined;
  /** The conclusion holds without any premise; undefined where that is unknown. */
  tautologicalConclusion: boolean | undefined;
  /** The conclusion is one of the premises. */
  petitio: boolean;
  /** Places of premises that a valid argument does without, all at once; the later ones of those that could go. */
  unusedPremises: readonly number[];
}

/** The outcome of {@link verifyArgument}. */
export interface ArgumentVerdict {
  /** `unknown` where the budget of the search ran out. */
  status: 'valid' | 'invalid' | 'formalFallacy' | 'unknown';
  /** Of a valid argument, where its form has a name. */
  form?: ValidForm;
  /** Of one that is not valid; `nonSequitur` where its form has no name. */
  fallacy?: FormalFallacy;
  /** Valuations that make the premises true and the conclusion false: the first three in the order of a truth table. */
  countermodels: readonly Valuation[];
  flags: ArgumentFlags;
}

/** The most valuations that are shown. */
const MOST_COUNTERMODELS = 3;

/**
 * Tells whether a conclusion follows from premises, and names the form. Fallacies are named only where it does not follow.
 *
 * @param premises - one formula or more
 * @param conclusion - what is drawn from them
 * @param options - the words of the premises, and the budget of a search beyond 20 atoms
 * @returns the verdict, its form, and valuations that speak against it
 * @throws ArgumentError without premises
 * @example verifyArgument([parseFormula('p -> q'), parseFormula('q')], parseFormula('p')).fallacy // affirmingTheConsequent
 */
export function verifyArgument(
  premises: readonly Formula[],
  conclusion: Formula,
  options: VerifyArgumentOptions = {},
): ArgumentVerdict {
  const { cues = [], ...search } = checkOptions('verifyArgument', options, verifyArgumentKeys);
  if (premises.length === 0) refuseNone();
  const argument = { premises, conclusion };
  const valid = isValid(argument, search);
  const flags = collectFlags(argument, valid, search);
  if (valid === undefined) return { status: 'unknown', countermodels: [], flags };
  if (valid) {
    const form = findForm(argument, validForms)?.name;
    return { status: 'valid', ...(form && { form }), countermodels: [], flags };
  }
  const fallacy = nameFallacy(argument, cues);
  const status = fallacy === 'nonSequitur' ? 'invalid' : 'formalFallacy';
  return { status, fallacy, countermodels: listCountermodels(argument, search), flags };
}

function isValid({ premises, conclusion }: Argument, search: SearchOptions): boolean | undefined {
  if (premises.length === 0) return isTautology(conclusion, search);
  return isTautology(implies(premises.reduce(and), conclusion), search);
}

function collectFlags(argument: Argument, valid: boolean | undefined, search: SearchOptions): ArgumentFlags {
  const { premises, conclusion } = argument;
  const same = dropDoubleNegations(conclusion);
  return {
    inconsistentPremises: isContradiction(premises.reduce(and), search),
    tautologicalConclusion: isTautology(conclusion, search),
    petitio: premises.some((premise) => isSame(dropDoubleNegations(premise), same)),
    unusedPremises: valid === true ? listUnused(argument, search) : [],
  };
}

/** Leaves out premises from the last on, each where the conclusion follows without it too. */
function listUnused({ premises, conclusion }: Argument, search: SearchOptions): number[] {
  const unused: number[] = [];
  for (let place = premises.length - 1; place >= 0; place--) {
    const needed = premises.filter((_, other) => other !== place && !unused.includes(other));
    if (isValid({ premises: needed, conclusion }, search) === true) unused.unshift(place);
  }
  return unused;
}

function nameFallacy(argument: Argument, cues: readonly (string | undefined)[]): FormalFallacy {
  const found = findForm(argument, fallacyForms);
  if (found === undefined) return 'nonSequitur';
  if (found.name !== 'illicitConversion') return found.name;
  const cue = cues[found.premises[0]!]?.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase() ?? '';
  if (/\b(solo|solamente|unicamente) (si|cuando)\b/.test(cue)) return 'onlyIfReversed';
  return /\b(a menos que|a no ser que|salvo que|salvo si|excepto si)\b/.test(cue) ? 'unlessReversed' : found.name;
}

function listCountermodels({ premises, conclusion }: Argument, search: SearchOptions): Valuation[] {
  const against = and(premises.reduce(and), not(conclusion));
  if (listAtoms(against).length <= MOST_TABLE_ATOMS) {
    const table = buildTruthTable(against);
    return listRows(table, true, MOST_COUNTERMODELS).map((row) => readValuation(table, row));
  }
  const found = findModel(against, search);
  return found.status === 'found' ? [found.model] : [];
}

function refuseNone(): never {
  raise('PAL_ARGUMENT', { where: 'verifyArgument', expected: 'one premise or more', received: 'none' });
}
