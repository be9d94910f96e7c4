import type { Random } from '../../../core/index.js';
import type { Formula } from '../../formula/formula.js';
import type { Form } from '../../grammar/clauses/choose-tense.js';
import type { Branch, Leaf, Tree } from '../../grammar/constructions/grow-tree.js';
import { rules } from '../../grammar/constructions/rules.js';
import type { Rule, Slot } from '../../grammar/constructions/rules.js';
import { matchPattern } from '../match-pattern.js';
import type { Binding } from '../match-pattern.js';

/** A derivation and the letter that each of its leaves says. */
export interface Proposition {
  tree: Tree;
  letters: ReadonlyMap<Leaf, string>;
}

/** Forms of places that any clause can take. */
const FORMS: ReadonlySet<Slot['form']> = new Set<Slot['form']>(['main', 'si', 'when', 'ind', 'sub', 'subp', '=']);
/** What a wording weighs for each clause that it has to deny, against one that says it by itself. */
const DENIED = 0.3;
/** How often a negated letter is said by a clause alone. */
const PLAIN_SHARE = 0.8;

const plainRules = rules.filter(isPlainRule);

/** In the present, of whole clauses that need not share anything, in one sentence. */
function isPlainRule({ times, slots, items, repeats, level, formula }: Rule): boolean {
  const isOpen = ({ form, lowest, sharesSubject, verbFirst, fronted, polarity }: Slot): boolean =>
    FORMS.has(form) && lowest === 0 && !sharesSubject && !verbFirst && !fronted && polarity !== 'also';
  const isWhole = items.every((item) => item.kind === 'slot' || item.text !== '.');
  return times.has('p') && repeats === '' && level >= 2 && formula.kind !== 'atom' && isWhole && slots.every(isOpen);
}

/**
 * Derives a sentence that says a formula: draws one of the constructions that have its form, a clause for each letter.
 *
 * @param formula - of letters and their negations, as the propositions of argument forms are
 * @param random - the generator that chooses
 * @returns the derivation; undefined where no construction has the form
 */
export function deriveProposition(formula: Formula, random: Random): Proposition | undefined {
  const literal = readLiteral(formula);
  if (literal !== undefined && (literal.negation === '' || random.float() < PLAIN_SHARE))
    return makeProposition([literal], ['main']);
  const wordings = plainRules.flatMap((rule) => listWordings(rule, formula));
  const total = wordings.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.float() * total;
  return wordings.find(({ weight }) => (left -= weight) < 0)?.proposition;
}

/** A letter as a leaf says it. */
interface Literal {
  letter: string;
  negation: Leaf['negation'];
}

function readLiteral(formula: Formula): Literal | undefined {
  if (formula.kind === 'atom') return { letter: formula.name, negation: '' };
  if (formula.kind !== 'not' || formula.operand.kind !== 'atom') return undefined;
  return { letter: formula.operand.name, negation: 'no' };
}

function listWordings(rule: Rule, formula: Formula): { proposition: Proposition; weight: number }[] {
  return [...matchPattern(rule.formula, formula, new Map())].flatMap((binding) => {
    const literals = rule.slots.map((slot) => readSlot(slot, binding));
    if (!literals.every((one): one is Literal => one !== undefined)) return [];
    const forms = rule.slots.map(({ form }) => (form === '=' ? 'main' : (form as Form)));
    const denied = rule.slots.filter(({ polarity }, i) => polarity === 'any' && literals[i]!.negation !== '').length;
    return [{ proposition: makeProposition(literals, forms, rule), weight: rule.weight * DENIED ** denied }];
  });
}

/** What a place says of its letter; where the construction itself says «no», the letter is affirmed by its formula. */
function readSlot({ letter, polarity }: Slot, binding: Binding): Literal | undefined {
  const literal = readLiteral(binding.get(letter)!);
  if (literal === undefined || (polarity !== 'any' && literal.negation !== '')) return undefined;
  return polarity === 'negated' ? { ...literal, negation: 'no' } : literal;
}

function makeProposition(literals: readonly Literal[], forms: readonly Form[], rule?: Rule): Proposition {
  const leaves = literals.map(({ negation }, i): Leaf => makeLeaf(forms[i]!, negation));
  const tree: Tree = rule === undefined ? leaves[0]! : ({ kind: 'branch', rule, children: leaves } satisfies Branch);
  return { tree, letters: new Map(leaves.map((leaf, i) => [leaf, literals[i]!.letter])) };
}

function makeLeaf(form: Form, negation: Leaf['negation']): Leaf {
  const alone = { subjectGroup: undefined, pair: undefined, swaps: false, verbFirst: false };
  return { kind: 'leaf', form, part: 'clause', negation, ...alone };
}
