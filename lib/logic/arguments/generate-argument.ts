import { Random, checkOptions, expectCount, expectInteger, expectOneOf } from '../../core/index.js';
import { chooseFillers, drawFact } from '../detective/compose/draw-fillers.js';
import { listAtoms } from '../formula/atoms.js';
import { parseFormula } from '../formula/parse-formula.js';
import type { Formula } from '../formula/formula.js';
import type { Clause } from '../grammar/clauses/clause.js';
import { slices } from '../grammar/clauses/slices.js';
import type { Slice } from '../grammar/clauses/slices.js';
import { pick } from '../grammar/lexicon/fill-places.js';
import { fallacyForms, validForms } from './argument-forms.js';
import type { KnownFallacy, ValidForm } from './argument-forms.js';
import { sayProposition } from './compose/say-proposition.js';
import type { ArgumentSentence, SaidProposition } from './compose/say-proposition.js';
import type { Argument } from './find-form.js';
import { joinAtoms } from './join-atoms.js';
import { verifyArgument } from './verify-argument.js';

/** The kinds of arguments. */
export const argumentKinds = ['valid', 'fallacy'] as const;

/** A kind of {@link argumentKinds}. */
export type ArgumentKind = (typeof argumentKinds)[number];

/** What arguments are made from. */
export interface ArgumentSettings {
  /** The arguments depend on nothing else: an integer of 64 bits. */
  seed: number;
  kind: ArgumentKind;
  /** The part of the lexicon (default `all`). */
  slice?: Slice | undefined;
}

/** An argument in Spanish whose form is known. */
export interface GeneratedArgument {
  /** Premises and conclusion, which begins with `por lo tanto` or the like. */
  text: string;
  premises: ArgumentSentence[];
  conclusion: ArgumentSentence;
  kind: ArgumentKind;
  form: ValidForm | KnownFallacy;
}

type Draft = Omit<GeneratedArgument, 'text' | 'kind' | 'form'>;

const settingChecks = {
  seed: expectInteger,
  kind: (where: string, name: string, value: unknown) => expectOneOf(where, name, value, argumentKinds),
  slice: (where: string, name: string, value: unknown) => expectOneOf(where, name, value, slices),
};

const FORMS = { valid: validForms, fallacy: fallacyForms } as const;
const MARKERS = [
  'Por lo tanto,',
  'Por tanto,',
  'Así que',
  'Por consiguiente,',
  'En consecuencia,',
  'De ahí se sigue que',
];

/**
 * The argument of a place in a stream, each form in turn: valid, or a formal fallacy. Each sentence has one reading, and
 * clauses are told apart by their words. It depends on the settings and the place only.
 *
 * @param index - of the argument, from 0
 * @param settings - the seed, the kind and the lexicon
 * @returns sentences with their formulas, in letters of their own
 * @throws ArgumentError for an index below 0 and settings that do not fit
 * @example generateArgument(0, { seed: 42, kind: 'fallacy' }).form // affirmingTheConsequent
 */
export function generateArgument(index: number, settings: ArgumentSettings): GeneratedArgument {
  const { seed, kind, slice = 'all' } = checkOptions('generateArgument', settings, settingChecks);
  expectCount('generateArgument', 'index', index);
  const form = FORMS[kind][index % FORMS[kind].length]!;
  const stream = new Random(seed).split('argument', kind, index);
  for (let attempt = 0; ; attempt++) {
    const argument = draftArgument(form, slice, stream.split(attempt));
    if (argument !== undefined && hasForm(argument, kind)) return { ...argument, kind, form: form.name };
  }
}

function draftArgument(
  { premises, conclusion }: { premises: readonly Formula[]; conclusion: Formula },
  slice: Slice,
  random: Random,
): (Draft & { text: string }) | undefined {
  const clauses = drawClauses([...new Set([...premises, conclusion].flatMap(listAtoms))], slice, random);
  const order = [...random.permutation(premises.length)];
  const said = [...order.map((place) => premises[place]!), conclusion].map((one) =>
    sayProposition(one, clauses, random),
  );
  if (!said.every((one): one is SaidProposition => one !== undefined)) return undefined;
  const last = said.pop()!;
  const text = [...said.map(({ input }) => input), `${pick(random, MARKERS)} ${last.continued}`].join(' ');
  return { text, premises: said.map(dropContinued), conclusion: dropContinued(last) };
}

function drawClauses(letters: readonly string[], slice: Slice, random: Random): Map<string, Clause> {
  const fillers = chooseFillers(slice, random);
  const used = new Set<string>();
  return new Map(
    letters.map((letter) => {
      const clause = drawFact(fillers.domain, fillers, used, random);
      used.add(clause.predicate.family);
      return [letter, clause];
    }),
  );
}

/** The judge of what is drawn: formulas that are joined by their clauses are valid, or a fallacy. */
function hasForm(draft: Draft, kind: ArgumentKind): boolean {
  const { premises, conclusion } = joinArgument(draft);
  const { status } = verifyArgument(premises, conclusion);
  return status === (kind === 'valid' ? 'valid' : 'formalFallacy');
}

/**
 * The formulas of an argument in letters that its sentences share.
 *
 * @param argument - sentences and their formulas
 * @returns premises and conclusion
 */
export function joinArgument(argument: Pick<GeneratedArgument, 'premises' | 'conclusion'>): Argument {
  const { premises, conclusion } = argument;
  const sentences = [...premises, conclusion];
  const { formulas } = joinAtoms(sentences.map(({ formula, atoms }) => ({ formula: parseFormula(formula), atoms })));
  return { premises: formulas.slice(0, -1), conclusion: formulas.at(-1)! };
}

function dropContinued({ continued: _, ...sentence }: SaidProposition): ArgumentSentence {
  return sentence;
}
