import type { Clauses } from './clauses.js';
import type { ModelSearch } from './model-search.js';

/** A decision of the search: the literals that were set since it start at `trail`. */
interface Decision {
  trail: number;
  literal: number;
  /** True if the other value has been tried. */
  flipped: boolean;
}

/** Satisfies clauses by DPLL; each clause is watched at two literals, so that setting one looks at few clauses. */
export class ClauseSearch {
  /** By variable: 1 true, -1 false, 0 not set. */
  private readonly values: Int8Array;
  private readonly clauses: number[][] = [];
  /** The clauses that watch a literal, by its index. */
  private readonly watchers: number[][];
  private readonly units: number[] = [];
  /** Literals in the order in which they became true. */
  private readonly trail: number[] = [];
  private readonly decisions: Decision[] = [];
  /** Variables, those in many clauses first. */
  private readonly order: number[];
  private propagated = 0;

  constructor(
    { variables, clauses }: Pick<Clauses, 'variables' | 'clauses'>,
    private budget: number,
  ) {
    this.values = new Int8Array(variables + 1);
    this.watchers = Array.from({ length: 2 * (variables + 1) }, () => []);
    const uses = new Uint32Array(variables + 1);
    for (const clause of clauses) {
      for (const literal of new Set(clause)) uses[Math.abs(literal)]!++;
      this.add([...new Set(clause)]);
    }
    this.order = Array.from({ length: variables }, (_, i) => i + 1).sort((a, b) => uses[b]! - uses[a]!);
  }

  /** Searches until there is a model, none is left or the budget is spent. */
  run(): ModelSearch['status'] {
    if (!this.units.every((literal) => this.set(literal))) return 'none';
    for (;;) {
      if (!this.propagate()) {
        if (!this.flip()) return 'none';
        continue;
      }
      const variable = this.order.find((candidate) => this.values[candidate] === 0);
      if (variable === undefined) return 'found';
      if (this.budget-- <= 0) return 'unknown';
      this.decisions.push({ trail: this.trail.length, literal: -variable, flipped: false });
      this.set(-variable);
    }
  }

  /** True where the model makes a variable true. */
  isTrue(variable: number): boolean {
    return this.values[variable] === 1;
  }

  /** A clause with a literal and its negation is always satisfied. */
  private add(clause: number[]): void {
    if (clause.some((literal) => clause.includes(-literal))) return;
    if (clause.length === 1) {
      this.units.push(clause[0]!);
      return;
    }
    this.watchers[getIndex(clause[0]!)]!.push(this.clauses.length);
    this.watchers[getIndex(clause[1]!)]!.push(this.clauses.length);
    this.clauses.push(clause);
  }

  private value(literal: number): number {
    return literal > 0 ? this.values[literal]! : -this.values[-literal]!;
  }

  /** Makes a literal true. @returns false if it is false */
  private set(literal: number): boolean {
    const value = this.value(literal);
    if (value !== 0) return value > 0;
    this.values[Math.abs(literal)] = Math.sign(literal);
    this.trail.push(literal);
    return true;
  }

  /** Sets what follows from what is set. @returns false if a clause is left without a true literal */
  private propagate(): boolean {
    while (this.propagated < this.trail.length) {
      if (!this.leave(-this.trail[this.propagated++]!)) return false;
    }
    return true;
  }

  /** Lets the clauses that watch a literal, which is false now, watch another. @returns false on a contradiction */
  private leave(literal: number): boolean {
    const watching = this.watchers[getIndex(literal)]!;
    const kept: number[] = [];
    let sound = true;
    for (const place of watching) {
      const clause = this.clauses[place]!;
      if (clause[0] === literal) [clause[0], clause[1]] = [clause[1]!, literal];
      const other = clause[0]!;
      const next = this.value(other) > 0 ? -1 : clause.findIndex((one, i) => i > 1 && this.value(one) >= 0);
      if (next > 1) {
        [clause[1], clause[next]] = [clause[next]!, literal];
        this.watchers[getIndex(clause[1])]!.push(place);
        continue;
      }
      kept.push(place);
      sound = this.set(other) && sound;
    }
    this.watchers[getIndex(literal)] = kept;
    return sound;
  }

  /** Takes back decisions until one can be turned. @returns false if none can */
  private flip(): boolean {
    for (let decision = this.decisions.pop(); decision !== undefined; decision = this.decisions.pop()) {
      for (const literal of this.trail.splice(decision.trail)) this.values[Math.abs(literal)] = 0;
      this.propagated = this.trail.length;
      if (decision.flipped) continue;
      this.decisions.push({ trail: this.trail.length, literal: -decision.literal, flipped: true });
      return this.set(-decision.literal);
    }
    return false;
  }
}

function getIndex(literal: number): number {
  return 2 * Math.abs(literal) + Number(literal < 0);
}
