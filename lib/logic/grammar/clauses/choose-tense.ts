import type { Random } from '../../../core/index.js';
import { isStative } from '../morphology/verb-classes.js';
import type { Clause, Tense } from './clause.js';
import { choosePast } from './say-clause.js';
import type { Time } from './time.js';

/**
 * The place of a clause in its sentence: a main clause; behind «si»; behind «cuando»; behind what takes the indicative always;
 * behind what takes the subjunctive (`subp`: or its perfect); an infinitive; a command; a promise behind one; a gerund;
 * what is there or what someone has, by its noun; a participle with what it was done to.
 */
export type Form = 'main' | 'si' | 'when' | 'ind' | 'sub' | 'subp' | 'inf' | 'imp' | 'fut' | 'ger' | 'noun' | 'part';

const MAIN: Readonly<Record<Exclude<Time, 'a'>, Tense>> = {
  p: 'present',
  f: 'future',
  h: 'conditional',
  c: 'conditionalPerfect',
  b: 'imperfect',
  i: 'command',
};

const AFTER_SI: Readonly<Record<Exclude<Time, 'a'>, Tense>> = {
  p: 'present',
  f: 'present',
  h: 'imperfectSubjunctive',
  c: 'pluperfectSubjunctive',
  b: 'imperfect',
  i: 'present',
};

const SUBJUNCTIVE: Readonly<Record<Time, Tense>> = {
  p: 'subjunctive',
  f: 'subjunctive',
  i: 'subjunctive',
  h: 'imperfectSubjunctive',
  c: 'pluperfectSubjunctive',
  b: 'imperfectSubjunctive',
  a: 'imperfectSubjunctive',
};

const PERFECT_SHARE = 0.13;

/**
 * The tense of a clause.
 *
 * @param form - its place
 * @param time - of the sentence
 * @param clause - what is said
 * @param random - the generator that chooses where two tenses are as good
 * @returns tense and mood
 */
export function chooseTense(form: Form, time: Time, clause: Clause, random: Random): Tense {
  if (form === 'imp') return 'command';
  if (form === 'ger') return 'gerund';
  if (form === 'noun') return 'infinitive';
  if (form === 'part') return 'participle';
  if (form === 'inf') return time === 'c' ? 'perfectInfinitive' : 'infinitive';
  if (form === 'fut') return 'future';
  if (form === 'sub' || form === 'subp') return chooseSubjunctive(form, time, clause, random);
  if (time === 'a') return choosePast(clause);
  if (form === 'si') return chooseAfterSi(time, clause, random);
  if (form === 'when' && (time === 'f' || time === 'i')) return 'subjunctive';
  if (form === 'ind' || form === 'when') return time === 'i' || time === 'f' ? 'present' : MAIN[time];
  return MAIN[time];
}

function chooseSubjunctive(form: Form, time: Time, clause: Clause, random: Random): Tense {
  const tense = SUBJUNCTIVE[time];
  return form === 'subp' && tense === 'subjunctive' && happensBefore(clause, random) ? 'perfectSubjunctive' : tense;
}

function chooseAfterSi(time: Exclude<Time, 'a'>, clause: Clause, random: Random): Tense {
  const tense = AFTER_SI[time];
  return tense === 'present' && happensBefore(clause, random) ? 'perfect' : tense;
}

function happensBefore(clause: Clause, random: Random): boolean {
  return clause.modal === undefined && !isStative(clause.predicate.infinitive) && random.float() < PERFECT_SHARE;
}

const ADJUNCTS: Readonly<Record<Time, readonly string[]>> = {
  p: [
    'los lunes',
    'por la mañana',
    'por la noche',
    'en verano',
    'los fines de semana',
    'a menudo',
    'de madrugada',
    'hoy',
    'en este momento',
    'todos los días',
    'cada semana',
    'este mes',
    'con frecuencia',
    'hoy mismo',
    'esta semana',
    'ahora',
  ],
  f: [
    'mañana',
    'esta noche',
    'el lunes',
    'la semana que viene',
    'el mes próximo',
    'dentro de dos días',
    'esta tarde',
    'pronto',
    'el viernes',
    'este año',
    'en breve',
  ],
  h: ['hoy', 'mañana', 'esta noche', 'ahora mismo', 'este año'],
  c: [],
  b: ['los domingos', 'en verano', 'cada tarde', 'en aquella época', 'por las noches'],
  a: ['ayer', 'anoche', 'la semana pasada', 'el martes', 'el año pasado', 'esa tarde', 'en mayo', 'aquella noche'],
  i: ['hoy', 'esta noche', 'cada día', 'mañana', 'ahora', 'antes de salir'],
};

/**
 * Times and places that go with a sentence.
 *
 * @param time - of the sentence
 * @param form - a condition has no future adjunct of its own
 * @returns what may stand at the end of a clause
 */
export function listAdjuncts(time: Time, form: Form): readonly string[] {
  return hasFiniteVerb(form) ? ADJUNCTS[time] : [];
}

/** Whether the verb of a place is conjugated. */
function hasFiniteVerb(form: Form): boolean {
  return form !== 'inf' && form !== 'ger' && form !== 'noun' && form !== 'part';
}
