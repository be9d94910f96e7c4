import { FormulaState, listNames } from './formula-state.js';
import type { OutputLimits, OutputState, WordsUnderWay } from './output-state.js';
import { BAR, COLON, CONNECTIVES, nameAtom, spell, symbols } from './symbols.js';
import { TEXT_START, measureText, advanceText } from './text-state.js';

/** A section that models write, in the order in which they write it. */
export type SectionName = 'thought' | 'atoms' | 'connectors' | 'formula';

/** What a whole output is made of. */
export interface OutputPlan {
  readonly sections: readonly SectionName[];
  readonly limits: Readonly<OutputLimits>;
}

/** The symbols of a section that comes whole, with the one that starts it: one atom, no connector. */
const LEAST: Readonly<Record<SectionName, number>> = { thought: 3, atoms: 5, connectors: 1, formula: 3 };

/** Symbols that the sections behind one need, the end included. */
function measureRest({ sections }: OutputPlan, from: number): number {
  return sections.slice(from).reduce((sum, section) => sum + LEAST[section], 0);
}

/**
 * The state before the first section.
 *
 * @param plan - sections and bounds
 * @returns the state
 */
export function startOutput(plan: OutputPlan): OutputState {
  return {
    key: 'start',
    need: measureRest(plan, 0),
    next: (symbol) => startSection(plan, 0, plan.limits.atoms, symbol),
  };
}

/** The state behind the symbol that starts the section of a place; undefined for another symbol. */
function startSection(plan: OutputPlan, place: number, atoms: number, symbol: number): OutputState | undefined {
  const section = plan.sections[place]!;
  if (symbol !== symbols[section]) return undefined;
  const rest = { plan, place, atoms };
  if (section === 'thought') return new ThoughtState(rest, TEXT_START);
  if (section === 'atoms') return new LabelState(rest, 1, [...spell(nameAtom(0)), COLON], false);
  if (section === 'connectors') return new LabelState(rest, 0, [], true);
  return FormulaState.start(listNames(atoms), plan.limits);
}

/** The section that is written: its place, and the atoms that are declared. */
interface Section {
  plan: OutputPlan;
  place: number;
  atoms: number;
}

/** Reasoning. */
class ThoughtState implements OutputState {
  readonly need: number;

  constructor(
    private readonly section: Section,
    private readonly state: number,
  ) {
    this.need = measureText(state) + measureRest(section.plan, section.place + 1);
  }

  get key(): string {
    return `thought ${this.state}`;
  }

  get words(): WordsUnderWay {
    return { state: this.state, ofClause: false, with: (state) => new ThoughtState(this.section, state) };
  }

  next(symbol: number): OutputState | undefined {
    const { plan, place, atoms } = this.section;
    if (symbol > 0xff) return measureText(this.state) > 0 ? undefined : startSection(plan, place + 1, atoms, symbol);
    const state = advanceText(this.state, symbol);
    return state < 0 ? undefined : new ThoughtState(this.section, state);
  }
}

/** The mark of an entry: the letter of an atom, or any connective, and a colon. */
class LabelState implements OutputState {
  readonly need: number;

  /**
   * @param section - atoms or connectors
   * @param entries - with the one that starts here
   * @param label - the symbols that have to come
   * @param first - true before the first connector, where there may be none
   */
  constructor(
    private readonly section: Section,
    private readonly entries: number,
    private readonly label: readonly number[],
    private readonly first: boolean,
  ) {
    const { plan, place } = section;
    // An entry without label is a connector's: its connective, a colon and words.
    const entry = label.length + measureText(TEXT_START) + (label.length === 0 ? 2 : 0);
    this.need = (first ? 0 : entry) + measureRest(plan, place + 1);
  }

  get key(): string {
    return `label ${this.section.place} ${this.label.join()} ${Number(this.first)}`;
  }

  next(symbol: number): OutputState | undefined {
    const { section, entries, label, first } = this;
    const { plan, place, atoms } = section;
    if (first && symbol > 0xff && !CONNECTIVES.has(symbol)) return startSection(plan, place + 1, atoms, symbol);
    if (label.length === 0) {
      if (!CONNECTIVES.has(symbol) || (first && plan.limits.connectors === 0)) return undefined;
      return new LabelState(section, entries + Number(first), [COLON], false);
    }
    if (symbol !== label[0]) return undefined;
    if (label.length > 1) return new LabelState(section, entries, label.slice(1), false);
    return new EntryState(section, entries, TEXT_START);
  }
}

/** The words of an entry: the clause of an atom, or what says a connective. */
class EntryState implements OutputState {
  readonly need: number;

  constructor(
    private readonly section: Section,
    private readonly entries: number,
    private readonly state: number,
  ) {
    const { plan, place } = section;
    this.need = measureText(state) + measureRest(plan, place + 1);
  }

  get key(): string {
    return `entry ${this.section.place} ${this.nextLabel?.length ?? 'full'} ${this.state}`;
  }

  get words(): WordsUnderWay {
    const { section, entries, state, isOfAtoms: ofClause } = this;
    return { state, ofClause, with: (next) => new EntryState(section, entries, next) };
  }

  next(symbol: number): OutputState | undefined {
    if (symbol === BAR) return this.isWhole ? this.startEntry() : undefined;
    if (symbol > 0xff) return this.isWhole ? this.endSection(symbol) : undefined;
    const state = advanceText(this.state, symbol);
    return state < 0 ? undefined : new EntryState(this.section, this.entries, state);
  }

  private get isWhole(): boolean {
    return measureText(this.state) === 0;
  }

  private get isOfAtoms(): boolean {
    return this.section.plan.sections[this.section.place] === 'atoms';
  }

  /** The symbols of another entry's mark that are known; undefined where there is no room for one. */
  private get nextLabel(): number[] | undefined {
    const { limits } = this.section.plan;
    if (this.entries >= (this.isOfAtoms ? limits.atoms : limits.connectors)) return undefined;
    return this.isOfAtoms ? [...spell(nameAtom(this.entries)), COLON] : [];
  }

  private startEntry(): OutputState | undefined {
    const { nextLabel } = this;
    return nextLabel && new LabelState(this.section, this.entries + 1, nextLabel, false);
  }

  private endSection(symbol: number): OutputState | undefined {
    const { section, entries, isOfAtoms } = this;
    const { plan, place, atoms } = section;
    return startSection(plan, place + 1, isOfAtoms ? entries : atoms, symbol);
  }
}
