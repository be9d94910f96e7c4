import { parseFormula } from '../../formula/parse-formula.js';
import type { Formula } from '../../formula/formula.js';
import type { Form } from '../clauses/choose-tense.js';
import type { Time } from '../clauses/time.js';
import { conditions, coordinations, statements } from './rule-table.js';

/** A place in a template for a clause, or for a part of one. */
export interface Slot {
  kind: 'slot';
  letter: string;
  form: Form | '=' | 'np' | 'vp' | 'tail';
  /** `affirmed` takes no negated clause; `negated` and `also` are said with «no» and «tampoco». */
  polarity: 'any' | 'affirmed' | 'negated' | 'also';
  sharesSubject: boolean;
  verbFirst: boolean;
  /** True where only a condition may stand that begins with its own words: «si llueve, salgo». */
  fronted: boolean;
  /** The word right before it in the construction, or empty. */
  behind: string;
  lowest: number;
  highest: number;
  /** Up to which level it is read. */
  readable: number;
}

/** Words or a mark of punctuation. */
export interface Words {
  kind: 'words';
  text: string;
}

/** A construction in one of its wordings. */
export interface Rule {
  family: string;
  level: number;
  times: ReadonlySet<Time>;
  weight: number;
  formula: Formula;
  items: readonly (Slot | Words)[];
  slots: readonly Slot[];
  /** True for coordinations that take the form of their place. */
  inherits: boolean;
  /** True for conditions that begin with their own words and end with what follows from them. */
  fronted: boolean;
  /** The word that a coordination repeats, as «que» in «que llueva y que nieve»; empty in others. */
  repeats: string;
  /** True for coordinations that deny nothing. */
  plain: boolean;
}

const POLARITIES: Readonly<Record<string, Slot['polarity']>> = { '+': 'affirmed', '-': 'negated', '~': 'also' };

/** All constructions in all wordings. */
export const rules: readonly Rule[] = [coordinations, conditions, statements].flatMap((table) =>
  table.trim().split('\n').flatMap(readLine),
);

function readLine(line: string): Rule[] {
  const [family, level, times, weight, formula, ...template] = line.split(' | ');
  const wordings = expandTemplate(template.join(' | '));
  return wordings.map((wording) => {
    const items = readItems(wording);
    const slots = items.filter((item): item is Slot => item.kind === 'slot');
    return {
      family: family!,
      level: Number(level),
      times: new Set((times === '*' ? 'pfhcbai' : times!).split('') as Time[]),
      weight: Number(weight) / wordings.length,
      formula: parseFormula(formula!),
      items,
      slots,
      inherits: slots.some((slot) => slot.form === '='),
      fronted: Number(level) >= 4 && isFronted(items),
      repeats: wording.includes('%') ? slots.at(-1)!.behind : '',
      plain: level === '2' && !formula!.includes('¬'),
    };
  });
}

function isFronted(items: Rule['items']): boolean {
  const comma = items.findIndex((item) => item.kind === 'words' && item.text === ',');
  return comma >= 2 && items[0]!.kind === 'words' && items.at(-1)!.kind === 'slot';
}

/** Writes out the alternatives of a template. */
function expandTemplate(template: string): string[] {
  const group = /<([^<>]*)>/.exec(template);
  if (group === null) return [template];
  const [before, after] = [template.slice(0, group.index), template.slice(group.index + group[0].length)];
  return group[1]!.split('|').flatMap((choice) => expandTemplate(before + choice + after));
}

function readItems(template: string): (Slot | Words)[] {
  return (template.match(/\{[^}]*\}|[,;.:]|[^{},;.:]+/g) ?? [])
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '')
    .map((piece, i, all) => {
      if (!piece.startsWith('{')) return { kind: 'words', text: piece };
      return readSlot(piece, /\S+$/.exec(all[i - 1] ?? '')?.[0] ?? '');
    });
}

function readSlot(text: string, behind: string): Slot {
  const [, letter, form, marks, levels] = /^\{(\w)\.(\w+|=)([-+~@^*%]*)(?::(.*))?\}$/.exec(text)!;
  const [, lowest, highest, readable] = /^(?:(\d)-)?(\d)?(?:\/(\d))?$/.exec(levels ?? '0')!;
  return {
    kind: 'slot',
    letter: letter!,
    form: form as Slot['form'],
    polarity: POLARITIES[/[-+~]/.exec(marks!)?.[0] ?? ''] ?? 'any',
    sharesSubject: marks!.includes('@'),
    verbFirst: marks!.includes('^'),
    fronted: marks!.includes('*'),
    behind,
    lowest: Number(lowest ?? 0),
    highest: Number(highest),
    readable: Number(readable ?? highest),
  };
}

/**
 * How many atoms the least and the most of a construction's places hold.
 *
 * @param rule - a construction
 * @returns both counts
 */
export function countPlaces(rule: Rule): { least: number; most: number } {
  const counts = rule.slots
    .filter((slot) => slot.form !== 'vp')
    .map(({ lowest, highest }) => ({
      least: lowest >= 2 ? 2 : 1,
      most: MOST_ATOMS[highest]!,
    }));
  return {
    least: counts.reduce((sum, { least }) => sum + least, 0),
    most: counts.reduce((sum, { most }) => sum + most, 0),
  };
}

/** The most atoms that a place of each level gets. */
export const MOST_ATOMS = [1, 3, 3, 4, 4, 5, 6, 7] as const;
