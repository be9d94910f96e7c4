import { expect, test } from '@jest/globals';

import type { Clause, Manner, Subject } from '../../../lib/logic/grammar/clauses/clause.js';
import { glossClause, sayClause } from '../../../lib/logic/grammar/clauses/say-clause.js';
import { readNounPhrases, writeNounPhrase } from '../../../lib/logic/grammar/lexicon/noun-phrase.js';
import { readPredicates } from '../../../lib/logic/grammar/lexicon/predicate.js';

/** A clause of a subject and a predicate in the lexicon's notation. */
function makeClause(subject: Subject, predicate: string, rest: Partial<Clause> = {}): Clause {
  const [read] = readPredicates(predicate);
  return {
    subject,
    predicate: read!,
    complement: read!.complement,
    modal: undefined,
    adjunct: '',
    inverted: false,
    ...rest,
  };
}

function noun(entry: string, plural = false): Subject {
  return { kind: 'noun', phrase: readNounPhrases(entry)[0]!, plural, determiner: 'the' };
}

function say(clause: Clause, manner: Partial<Manner>): string {
  return sayClause(clause, { tense: 'present', negation: '', dropsSubject: false, ...manner }).text;
}

const you: Subject = { kind: 'person', person: 1, polite: false, gender: 'm', spoken: false };

test('verbs and adjectives agree with their subject', () => {
  expect(say(makeClause(noun('la paciente', true), 'estar cansad@'), {})).toBe('las pacientes están cansadas');
  expect(say(makeClause(noun('el/f águila'), 'estar herid@'), {})).toBe('el águila está herida');
  expect(say(makeClause(noun('el/f águila', true), 'estar herid@'), {})).toBe('las águilas están heridas');
});

test('«no» stands before pronouns and verb; commands turn it around', () => {
  const stay = makeClause(you, 'quedarse en casa');
  expect(say(stay, { tense: 'command' })).toBe('quédate en casa');
  expect(say(stay, { tense: 'command', negation: 'no' })).toBe('no te quedes en casa');
  expect(say(stay, { tense: 'perfectSubjunctive', negation: 'no' })).toBe('no te hayas quedado en casa');
  expect(say(stay, { tense: 'infinitive' })).toBe('quedarte en casa');
  expect(sayClause(stay, { tense: 'present', negation: 'nunca', dropsSubject: false }).negationSpan).toEqual([0, 5]);
});

test('passives agree with what follows; existence has «hay»', () => {
  const passive: Subject = { kind: 'passive', phrase: readNounPhrases('la nota')[0]!, plural: true, determiner: 'the' };
  expect(say(makeClause(passive, 'publicar', { inverted: true }), {})).toBe('se publican las notas');
  expect(say(makeClause(passive, 'publicar', { modal: 'poder' }), { tense: 'future' })).toBe(
    'las notas se podrán publicar',
  );
  expect(say(makeClause({ kind: 'none' }, 'haber niebla'), {})).toBe('hay niebla');
  expect(say(makeClause({ kind: 'none' }, 'haber niebla'), { tense: 'future', negation: 'no' })).toBe(
    'no habrá niebla',
  );
  expect(say(makeClause({ kind: 'none' }, 'quedar plazas libres'), {})).toBe('quedan plazas libres');
  expect(say(makeClause({ kind: 'none' }, 'pagar la cuota', { modal: 'hay que' }), {})).toBe('hay que pagar la cuota');
  expect(say(makeClause({ kind: 'none' }, 'pagar con tarjeta', { modal: 'se puede' }), { negation: 'no' })).toBe(
    'no se puede pagar con tarjeta',
  );
});

test('«alguien» and «algún» are denied by «nadie» and «ningún»', () => {
  expect(say(makeClause({ kind: 'someone' }, 'llamar a la policía'), { negation: 'no' })).toBe(
    'nadie llama a la policía',
  );
  const some: Subject = { kind: 'noun', phrase: readNounPhrases('la prueba')[0]!, plural: false, determiner: 'some' };
  expect(say(makeClause(some, 'fallar'), { negation: 'no' })).toBe('ninguna prueba falla');
});

test('the first person is told where its verb could be the third’s', () => {
  const me: Subject = { kind: 'person', person: 0, polite: false, gender: 'f', spoken: false };
  expect(say(makeClause(me, 'tener dinero'), { tense: 'imperfectSubjunctive' })).toBe('yo tuviera dinero');
  expect(say(makeClause(me, 'tener dinero'), {})).toBe('tengo dinero');
  expect(say(makeClause(me, 'quedarse en casa'), { tense: 'subjunctive' })).toBe('me quede en casa');
});

test('glosses affirm, in the present but for what is past', () => {
  const clause = makeClause(noun('el camión'), 'frenar a tiempo');
  expect(glossClause(clause, 'future', 'f')).toBe('el camión frena a tiempo');
  expect(glossClause(clause, 'perfectInfinitive', 'c')).toBe('el camión ha frenado a tiempo');
  expect(glossClause(clause, 'imperfectSubjunctive', 'a')).toBe('el camión frenó a tiempo');
  expect(glossClause(clause, 'imperfectSubjunctive', 'h')).toBe('el camión frena a tiempo');
  expect(glossClause(makeClause(you, 'ir a urgencias'), 'command', 'i')).toBe('vas a urgencias');
});

test('the notation of the lexicon', () => {
  expect(readNounPhrases('el contrato [de alquiler|laboral]').map((phrase) => writeNounPhrase(phrase, true))).toEqual([
    'los contratos',
    'los contratos de alquiler',
    'los contratos laborales',
  ]);
  expect(readPredicates('>tener {fiebre|tos}').map(({ complement, inverts }) => [complement, inverts])).toEqual([
    ['fiebre', true],
    ['tos', true],
  ]);
  expect(() => readPredicates('fiebre alta')).toThrow('begins with an infinitive');
});
