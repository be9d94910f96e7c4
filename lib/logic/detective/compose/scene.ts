import { raise } from '../../../core/index.js';
import type { Random } from '../../../core/index.js';
import type { Clause, Manner, Tense } from '../../grammar/clauses/clause.js';
import { choosePast, sayClause } from '../../grammar/clauses/say-clause.js';
import { cities } from '../../grammar/lexicon/names.js';
import { pick } from '../../grammar/lexicon/fill-places.js';
import { writeNounPhrase } from '../../grammar/lexicon/noun-phrase.js';
import type { NounPhrase } from '../../grammar/lexicon/noun-phrase.js';
import { drawAction, drawFact, drawGroup, drawHabit, drawPerson } from './draw-fillers.js';
import type { Fillers, Person } from './draw-fillers.js';
import { certainty, connectives, phrases } from './phrases.js';

/** The tense of each form of a clause; `no` before it denies. */
const TENSES: Readonly<Record<string, Tense>> = {
  '': 'present',
  sub: 'subjunctive',
  fut: 'future',
  imp: 'imperfect',
  subpast: 'imperfectSubjunctive',
};

/** Of whom an action can be said. */
const PERSONS = { tú: 1, nos: 3 } as const;

/** The people, facts and phrases of one text: what a slot stands for is drawn when it is first named. */
export class Scene {
  readonly severity: 1 | 2 | 3;
  readonly #persons = new Map<string, Person>();
  readonly #clauses = new Map<string, Clause>();
  readonly #phrases = new Map<string, string>();
  #group: NounPhrase | undefined;

  /**
   * Starts a text.
   *
   * @param fillers - the words that it may have
   * @param random - the generator that chooses
   */
  constructor(
    private readonly fillers: Fillers,
    private readonly random: Random,
  ) {
    this.severity = pick(random, [1, 2, 2, 3] as const);
  }

  /**
   * Fills a slot.
   *
   * @param name - of the slot
   * @param form - in which it is said, or empty
   * @returns Spanish without capital and stop
   * @throws ArgumentError for a slot that there is none of
   */
  fill(name: string, form: string): string {
    if (/^[xyz]$/.test(name)) return this.namePerson(name, form);
    if (/^[pqru]$/.test(name)) return this.sayFact(name, form);
    if (/^[de]$/.test(name)) return this.sayAction(name, form);
    if (name === 'g') return this.nameGroup(form);
    if (name === 'h') return this.sayHabit(form);
    if (name === 'sure') return pick(this.random, certainty[this.severity]);
    if (Object.hasOwn(connectives, name)) return pick(this.random, connectives[name as keyof typeof connectives]);
    if (name === 'city') return this.remember(name, cities);
    if (Object.hasOwn(phrases, name)) return this.sayPhrase(name as keyof typeof phrases);
    return refuseSlot(name, form);
  }

  private getPerson(name: string): Person {
    const known = this.#persons.get(name);
    if (known !== undefined) return known;
    const person = drawPerson(this.random, new Set([...this.#persons.values()].map((one) => one.name)));
    this.#persons.set(name, person);
    return person;
  }

  private namePerson(slot: string, form: string): string {
    const { name, article, gender } = this.getPerson(slot);
    const feminine = gender === 'f';
    if (form === '') return `${article} ${name}`.trim();
    if (form === 'voc') return name;
    if (form === 'o') return feminine ? 'a' : 'o';
    if (form === 'a') return feminine ? 'a' : '';
    if (form === 'él') return feminine ? 'ella' : 'él';
    return refuseSlot(slot, form);
  }

  private getClause(name: string, draw: (used: ReadonlySet<string>) => Clause): Clause {
    const known = this.#clauses.get(name);
    if (known !== undefined) return known;
    const clause = draw(new Set([...this.#clauses.values()].map(({ predicate }) => predicate.family)));
    this.#clauses.set(name, clause);
    return clause;
  }

  private sayFact(name: string, form: string): string {
    const domain = name === 'u' ? this.fillers.other : this.fillers.domain;
    const clause = this.getClause(name, (used) => drawFact(domain, this.fillers, used, this.random));
    const negation = form.startsWith('no') ? 'no' : '';
    const rest = negation === '' ? form : form.slice(2);
    const tense = rest === 'past' ? choosePast(clause) : TENSES[rest];
    if (tense === undefined) refuseSlot(name, form);
    return say(clause, { tense, negation, dropsSubject: false });
  }

  /** What can be done: as an infinitive, or said of a person. */
  private sayAction(name: string, form: string): string {
    const clause = this.getClause(name, (used) => drawAction(this.fillers, used, this.random));
    if (form === '') return say(clause, { tense: 'infinitive', negation: '', dropsSubject: true });
    const person = (PERSONS as Record<string, 1 | 3>)[form] ?? 2;
    if (person === 2 && !/^[xyz]$/.test(form)) refuseSlot(name, form);
    const gender = person === 2 ? this.getPerson(form).gender : 'm';
    const subject = { kind: 'person', person, polite: false, gender, spoken: false } as const;
    return say({ ...clause, subject }, { tense: 'present', negation: '', dropsSubject: true });
  }

  private nameGroup(form: string): string {
    this.#group ??= drawGroup(this.fillers, this.random);
    const group = this.#group;
    const feminine = group.gender === 'f';
    if (form === 'o') return feminine ? 'a' : 'o';
    if (form === 'os') return feminine ? 'as' : 'os';
    if (form === 'dos' || form === 'tres') return `${form} ${group.plural}`;
    if (form === 'bare') return group.plural;
    if (form === 'ninguno') return writeNounPhrase(group, false, 'some').replace(/^alg(ún|una)/, 'ning$1');
    if (form === 'un') return writeNounPhrase(group, false, 'a');
    if (form === 'los') return writeNounPhrase(group, true);
    return form === 'todos' ? writeNounPhrase(group, true, 'every') : refuseSlot('g', form);
  }

  private sayHabit(form: string): string {
    if (form !== 'one' && form !== 'plural') refuseSlot('h', form);
    this.#group ??= drawGroup(this.fillers, this.random);
    const phrase = this.#group;
    const clause = this.getClause('h', (used) => drawHabit(this.fillers, used, this.random));
    const subject = { kind: 'noun', phrase, plural: form === 'plural', determiner: 'the' } as const;
    return say({ ...clause, subject }, { tense: 'present', negation: '', dropsSubject: true });
  }

  private sayPhrase(name: keyof typeof phrases): string {
    const phrase = this.remember(name, this.fillers.choose(phrases[name]));
    if (!/[@^]/.test(phrase)) return phrase;
    const feminine = this.getPerson('x').gender === 'f';
    return phrase.replaceAll('@', feminine ? 'a' : 'o').replaceAll('^', feminine ? 'a' : '');
  }

  private remember(name: string, choices: readonly string[]): string {
    const chosen = this.#phrases.get(name) ?? pick(this.random, choices);
    this.#phrases.set(name, chosen);
    return chosen;
  }
}

function say(clause: Clause, manner: Manner): string {
  return sayClause(clause, manner).text;
}

function refuseSlot(name: string, form: string): never {
  return raise('PAL_ARGUMENT', {
    where: 'Scene.fill',
    expected: 'a slot of the notation',
    received: form === '' ? `{${name}}` : `{${name}:${form}}`,
  });
}
