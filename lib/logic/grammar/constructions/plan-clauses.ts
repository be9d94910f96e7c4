import type { Random } from '../../../core/index.js';
import { chooseTense } from '../clauses/choose-tense.js';
import type { Clause, Tense } from '../clauses/clause.js';
import { drawClauseAbout } from '../clauses/draw-about.js';
import { drawAddressee, drawClause } from '../clauses/draw-clause.js';
import type { Topic } from '../clauses/draw-clause.js';
import { pick } from '../lexicon/fill-places.js';
import { chooseTopic, drawFitting } from './choose-topic.js';
import { filterPredicates } from './draw-named.js';
import { drawPaired, joinSubjects, makeRequest, suitClause } from './draw-parts.js';
import type { Tree } from './grow-tree.js';
import type { Leaf } from './leaf.js';
import { isCommand, isConjugated, isDefinite } from './planning-state.js';
import type { Planned, PlanningState, Setting } from './planning-state.js';

/** How many clauses speak of what was named last by a pronoun. */
const ABOUT_SHARE = 0.12;

/** How many sentences of several statements say a clause twice. */
const ECHO_SHARE = 0.6;

/**
 * Chooses what each leaf of a derivation says.
 *
 * @param tree - a derivation
 * @param setting - words and bounds
 * @returns the clauses by leaf, in the order of the sentence; undefined where the words at hand have no fitting pair
 */
export function planClauses(tree: Tree, setting: Setting): Map<Leaf, Planned> | undefined {
  const leaves = listLeaves(tree);
  const addressee: Topic = {
    subject: drawAddressee(setting.random),
    predicates: setting.domain.actions,
    personal: true,
  };
  const state: PlanningState = {
    ...setting,
    topic: undefined,
    addressee,
    groups: new Map(),
    pairs: new Map(),
    used: new Set(),
    atoms: 0,
    named: undefined,
    persons: new Map(),
    said: [],
    echoes: listEchoes(tree, setting.random),
    commands: leaves.some((leaf) => isCommand(leaf, setting)),
  };
  const plan = new Map<Leaf, Planned>();
  for (const leaf of leaves) {
    const planned = planLeaf(leaf, leaves, state);
    if (planned === undefined) return undefined;
    plan.set(leaf, planned);
  }
  return plan;
}

/**
 * The leaves of a derivation in the order of the sentence.
 *
 * @param tree - a derivation
 * @returns its leaves
 */
export function listLeaves(tree: Tree): Leaf[] {
  return tree.kind === 'leaf' ? [tree] : tree.children.flatMap(listLeaves);
}

/** Leaves of later statements that may say an earlier clause again. */
function listEchoes(tree: Tree, random: Random): ReadonlySet<Leaf> {
  if (tree.kind === 'leaf' || tree.rule.level < 6 || tree.children.length !== 2) return new Set();
  const [first, last] = [tree.children[0]!, tree.children[1]!];
  const both = first.kind === 'branch' && last.kind === 'branch' && Math.min(first.rule.level, last.rule.level) >= 3;
  if (!both || random.float() > ECHO_SHARE) return new Set();
  return new Set(listLeaves(last).filter(isPlain));
}

function isPlain(leaf: Leaf): boolean {
  return (
    leaf.part === 'clause' &&
    leaf.pair === undefined &&
    leaf.subjectGroup === undefined &&
    !leaf.verbFirst &&
    isConjugated(leaf)
  );
}

/** Says an earlier clause again, once in a sentence. */
function planEcho(leaf: Leaf, state: PlanningState): Planned | undefined {
  const { random, said } = state;
  if (!state.echoes.has(leaf) || said.length === 0 || random.float() < 0.4) return undefined;
  const { atom, clause } = pick(random, said);
  if (clause.subject.kind === 'someone' || clause.meaning !== undefined) return undefined;
  state.echoes = new Set();
  const dropsSubject = state.named === clause.subject;
  state.named = clause.subject;
  return {
    atom,
    clause,
    tense: chooseTense(leaf.form, state.time, clause, random),
    negation: leaf.negation,
    dropsSubject,
  };
}

function planLeaf(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Planned | undefined {
  const echo = planEcho(leaf, state);
  if (echo !== undefined) return echo;
  if (leaf.part === 'vp') return planVerb(leaf, state);
  if (leaf.part === 'who') return planSubject(leaf, leaves, state);
  const clause = leaf.pair === undefined ? drawSingle(leaf, leaves, state) : drawPaired(leaf, leaves, state);
  if (clause === undefined) return undefined;
  state.used.add(clause.predicate.family);
  const tense = chooseLeafTense(leaf, clause, state);
  const dropsSubject = lacksSubject(leaf, clause, state);
  const begins = leaf.part === 'clause' || leaf.part === 'head';
  if (isConjugated(leaf)) state.named = begins ? clause.subject : undefined;
  const planned = {
    atom: leaf.part === 'head' ? -1 : state.atoms++,
    clause: dropsSubject ? { ...clause, inverted: false } : clause,
    tense,
    negation: leaf.negation,
    dropsSubject,
  };
  if (!state.echoes.has(leaf) && isPlain(leaf) && !isCommand(leaf, state)) state.said.push(planned);
  return planned;
}

/** Who was just named isn't named again, nor who stands before the clause. */
function lacksSubject({ part, subjectGroup }: Leaf, { subject }: Clause, { named }: PlanningState): boolean {
  if (subjectGroup !== undefined && subjectGroup.kind !== 'any') return true;
  return (part === 'clause' || part === 'head') && named === subject;
}

/** The subject of the clauses behind it. */
function planSubject(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Planned {
  const topic = chooseTopic(leaf, leaves, state);
  state.topic = topic;
  state.named = topic.subject;
  const { subject, predicates } = topic;
  const clause = { subject, predicate: predicates[0]!, complement: '', modal: undefined, adjunct: '', inverted: false };
  return { atom: -1, clause, tense: 'present', negation: '', dropsSubject: false };
}

/** The end of a clause has the tense of its beginning. */
function chooseLeafTense(leaf: Leaf, clause: Clause, { pairs, time, random }: PlanningState): Tense {
  const pair = leaf.pair === undefined ? undefined : pairs.get(leaf.pair);
  const tense = pair?.tense ?? chooseTense(leaf.form, time, clause, random);
  if (pair !== undefined) pair.tense = tense;
  return tense;
}

function drawSingle(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Clause {
  const about = decideAbout(leaf, leaves, state);
  if (about !== undefined) return about;
  const topic = chooseTopic(leaf, leaves, state);
  state.topic = topic;
  const drawn = drawClause(filterPredicates(topic, leaf, state), makeRequest(leaf, state), state.random);
  const clause = suitClause(drawn, leaf, state);
  return leaf.subjectGroup?.kind === 'people' ? { ...clause, subject: { kind: 'they' }, meaning: clause } : clause;
}

/** Now and then a clause is about what was named last: «el juez lo aprueba». */
function decideAbout(leaf: Leaf, leaves: readonly Leaf[], state: PlanningState): Clause | undefined {
  const { named, random, topic } = state;
  if (
    !isPlain(leaf) ||
    named?.kind !== 'noun' ||
    named !== topic?.subject ||
    !isDefinite(named) ||
    random.float() > ABOUT_SHARE
  )
    return undefined;
  const who = isCommand(leaf, state) ? state.addressee : drawFitting({ ...leaf, verbFirst: false }, leaves, state);
  if (!who.personal || who.subject === named) return undefined;
  return suitClause(drawClauseAbout(who.subject, named, topic.personal, random), leaf, state);
}

function planVerb(leaf: Leaf, state: PlanningState): Planned {
  const { clauses } = state.pairs.get(leaf.pair!)!;
  const tense = chooseLeafTense(leaf, clauses[0]!, state);
  state.named = undefined;
  return { atom: -1, clause: joinSubjects(clauses), tense, negation: '', dropsSubject: true };
}
