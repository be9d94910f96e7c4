import type { Random } from '../../../core/index.js';
import type { Form } from '../clauses/choose-tense.js';
import type { Time } from '../clauses/time.js';
import { MOST_ATOMS, countPlaces, rules } from './rules.js';
import type { Rule, Slot } from './rules.js';

/** A clause, or a part of one, in a derivation. */
export interface Leaf {
  kind: 'leaf';
  form: Form;
  part: 'clause' | 'np' | 'vp' | 'tail';
  negation: '' | 'no' | 'nunca' | 'jamás' | 'tampoco';
  verbFirst: boolean;
  /** Leaves with the same number share their subject. */
  subjectGroup: number | undefined;
  /** Parts with the same number make up clauses that differ in one place only. */
  pair: number | undefined;
  /** True where that place is the subject. */
  swaps: boolean;
}

/** A construction in a derivation. */
export interface Branch {
  kind: 'branch';
  rule: Rule;
  /** One for each slot of the rule. */
  children: readonly Tree[];
}

/** A derivation. */
export type Tree = Leaf | Branch;

const NEGATION_SHARE = 0.24;
/** What a condition weighs as the consequence of another. */
const NESTED_SHARE = 0.3;

/** What one derivation has in common. */
interface Growth {
  time: Time;
  random: Random;
  /** How many groups of leaves have something in common. */
  bonds: number;
}

interface Place {
  form: Form;
  lowest: number;
  highest: number;
  polarity: Slot['polarity'];
  verbFirst: boolean;
  fronted: boolean;
  /** The word before it, which coordinations may repeat. */
  behind: string;
  subjectGroup: number | undefined;
}

const sizes = rules.map((rule) => ({ rule, ...countPlaces(rule) }));

/** A derivation and the time of its sentence. */
export interface Derivation {
  tree: Tree;
  time: Time;
}

/** The times of sentences, by weight. */
const TIMES = 'ppppppppppppppppffffffffffhhcbbaaaiii'.split('') as Time[];

/**
 * Derives a sentence: first its outermost construction, then a time that this has, then its parts.
 *
 * @param atoms - how many clauses it shall have
 * @param random - the generator that chooses
 * @returns a derivation with as many clauses, or fewer where no construction takes as many
 */
export function growTree(atoms: number, random: Random): Derivation {
  const place: Place = {
    form: 'main',
    lowest: 0,
    highest: 7,
    polarity: 'any',
    verbFirst: false,
    fronted: false,
    behind: '',
    subjectGroup: undefined,
  };
  const root = atoms === 1 && random.float() < 0.4 ? undefined : chooseRule(place, atoms, { random });
  const times = TIMES.filter((time) => (root === undefined ? time !== 'h' && time !== 'c' : root.times.has(time)));
  const time = times[random.integer(times.length)]!;
  const growth: Growth = { time, random, bonds: 0 };
  return { tree: root === undefined ? makeLeaf(place, random) : expand(root, place, atoms, growth), time };
}

function grow(place: Place, atoms: number, growth: Growth): Tree {
  const rule = atoms === 1 && place.lowest < 3 ? undefined : chooseRule(place, atoms, growth);
  return rule === undefined ? makeLeaf(place, growth.random) : expand(rule, place, atoms, growth);
}

function expand(rule: Rule, place: Place, atoms: number, growth: Growth): Branch {
  const { random } = growth;
  const group = rule.slots.some((slot) => slot.sharesSubject) ? ++growth.bonds : undefined;
  const pair = rule.slots.some((slot) => slot.form === 'np' || slot.form === 'tail') ? ++growth.bonds : undefined;
  const shares = splitAtoms(rule, atoms, random);
  const children = rule.slots.map((slot, i) => growSlot(slot, shares[i]!, place, { rule, group, pair }, growth));
  return { kind: 'branch', rule, children };
}

interface Bonds {
  rule: Rule;
  group: number | undefined;
  pair: number | undefined;
}

function growSlot(slot: Slot, atoms: number, whole: Place, { rule, group, pair }: Bonds, growth: Growth): Tree {
  if (slot.form === 'np' || slot.form === 'vp' || slot.form === 'tail')
    return makePart(slot.form, whole.form, pair, hasSubjects(rule));
  const form = slot.form === '=' ? whole.form : slot.form;
  const shared = slot.sharesSubject ? (whole.subjectGroup ?? group) : whole.subjectGroup;
  const { lowest, highest, polarity, verbFirst, fronted, behind } = slot;
  const tree = grow(
    { form, lowest, highest, polarity, verbFirst, fronted, behind, subjectGroup: shared },
    atoms,
    growth,
  );
  return pair !== undefined && tree.kind === 'leaf' && isContinued(rule, slot)
    ? { ...tree, pair, swaps: hasSubjects(rule) }
    : tree;
}

/** Of several clauses in a construction, the first is continued by the parts behind it. */
function isContinued({ slots }: Rule, slot: Slot): boolean {
  return slots[0] === slot;
}

/** True where subjects follow each other, not complements. */
function hasSubjects({ slots }: Rule): boolean {
  return slots.some((slot) => slot.form === 'np');
}

function makePart(part: 'np' | 'vp' | 'tail', form: Form, pair: number | undefined, swaps: boolean): Leaf {
  return { kind: 'leaf', form, part, negation: '', verbFirst: false, subjectGroup: undefined, pair, swaps };
}

function makeLeaf({ form, polarity, verbFirst, subjectGroup }: Place, random: Random): Leaf {
  const negation = chooseNegation(polarity, form, random);
  return { kind: 'leaf', form, part: 'clause', negation, verbFirst, subjectGroup, pair: undefined, swaps: false };
}

function chooseNegation(polarity: Slot['polarity'], form: Form, random: Random): Leaf['negation'] {
  if (polarity === 'affirmed' || form === 'ger' || form === 'noun' || form === 'part') return '';
  if (polarity === 'also') return 'tampoco';
  if (polarity === 'any' && random.float() >= NEGATION_SHARE) return '';
  const rare = form === 'main' || form === 'ind' || form === 'si' ? random.float() : 1;
  if (polarity === 'any' && rare < 0.1) return rare < 0.075 ? 'nunca' : 'jamás';
  return 'no';
}

function chooseRule(place: Place, atoms: number, { time, random }: { time?: Time; random: Random }): Rule | undefined {
  const fitting = sizes.filter(({ rule, least, most }) => {
    if (rule.level > place.highest || rule.level < place.lowest || !(time === undefined || rule.times.has(time)))
      return false;
    return least <= atoms && atoms <= most && isAdmitted(rule, place);
  });
  return drawWeighted(
    fitting.map(({ rule }) => rule),
    ({ level, weight }) => (level === 3 && place.highest === 3 ? NESTED_SHARE * weight : weight),
    random,
  );
}

/** Only coordinations that take any form may stand where the place asks for one. */
function isAdmitted(rule: Rule, { form, polarity, fronted, behind, subjectGroup }: Place): boolean {
  if (polarity !== 'any' || (fronted && !rule.fronted)) return false;
  if (rule.repeats !== '' && rule.repeats !== behind) return false;
  if (form === 'ger' || form === 'noun' || form === 'part') return false;
  const paired = rule.slots.some((slot) => slot.form === 'np' || slot.form === 'tail' || slot.sharesSubject);
  if (subjectGroup !== undefined && (paired || rule.level > 2)) return false;
  if (form === 'main') return true;
  if (form === 'imp' || form === 'inf' || form === 'fut')
    return rule.inherits && !paired && (form === 'fut' || rule.plain);
  return rule.inherits;
}

function drawWeighted(items: readonly Rule[], weigh: (rule: Rule) => number, random: Random): Rule | undefined {
  let left = random.float() * items.reduce((sum, rule) => sum + weigh(rule), 0);
  return items.find((rule) => (left -= weigh(rule)) < 0);
}

/** Deals the atoms out to the places; each gets at least what it needs. */
function splitAtoms(rule: Rule, atoms: number, random: Random): number[] {
  const shares: number[] = rule.slots.map((slot) => (slot.form === 'vp' ? 0 : slot.lowest >= 2 ? 2 : 1));
  let left = atoms - shares.reduce((sum, share) => sum + share, 0);
  while (left > 0) {
    const open = shares.flatMap((share, i) => (share < MOST_ATOMS[rule.slots[i]!.highest]! && share > 0 ? [i] : []));
    if (open.length === 0) return shares;
    const place = open[random.integer(open.length)]!;
    const crowded = shares[place] === 2 && rule.slots[place]!.highest === 2 && open.length > 1;
    if (crowded && random.float() < 0.6) continue;
    shares[place]!++;
    left--;
  }
  return shares;
}
