import { EndState } from './end-state.js';
import type { OutputLimits, OutputState } from './output-state.js';
import { BINARY, CLOSE, OPEN, nameAtom, symbols } from './symbols.js';

/** Parentheses that are open, from the innermost. */
interface Open {
  /** True once a connective of two operands stands between them. */
  readonly joined: boolean;
  readonly outer: Open | undefined;
  /** Symbols that close this one and all around it, each with a connective and an operand where it has none yet. */
  readonly need: number;
  /** How many there are. */
  readonly count: number;
  /** How many of them still lack a connective. */
  readonly bare: number;
}

interface FormulaParts {
  open: Open | undefined;
  /** The atom written last, which a digit may continue; empty before an operand, `)` behind a parenthesis. */
  operand: string;
  /** Connectives so far. */
  connectives: number;
}

/** The names of some atoms, and how many they are. */
export interface AtomNames {
  readonly count: number;
  readonly names: ReadonlySet<string>;
}

/**
 * The names of the first atoms.
 * @param count - a positive integer
 * @returns their names
 */
export function listNames(count: number): AtomNames {
  return { count, names: new Set(Array.from({ length: count }, (_, place) => nameAtom(place))) };
}

/** A formula under way: declared atoms, connectives, and parentheses that each hold a connective of two operands. */
export class FormulaState implements OutputState {
  readonly need: number;
  /** True where nothing, or a connective or parenthesis, stands before: an operand has to come. */
  private readonly waits: boolean;

  private constructor(
    private readonly atoms: AtomNames,
    private readonly limits: Readonly<OutputLimits>,
    private readonly parts: FormulaParts,
  ) {
    const { open, operand } = parts;
    this.waits = operand === '';
    this.need = Number(this.waits) + (open?.need ?? 0) + 1;
  }

  get key(): string {
    const { open, operand } = this.parts;
    const inside = open === undefined ? 'whole' : open.joined ? 'joined' : 'bare';
    const may = [this.canOpen, this.canConnect, this.canJoin].map(Number).join('');
    return `formula ${this.atoms.count} ${operand} ${inside} ${may}`;
  }

  /** A formula before its first symbol. */
  static start(atoms: AtomNames, limits: Readonly<OutputLimits>): FormulaState {
    return new FormulaState(atoms, limits, { open: undefined, operand: '', connectives: 0 });
  }

  next(symbol: number): OutputState | undefined {
    return this.waits ? this.takeOperand(symbol) : this.takeAfterOperand(symbol);
  }

  private takeOperand(symbol: number): OutputState | undefined {
    const { open, connectives } = this.parts;
    if (symbol === symbols['¬'])
      return this.canConnect ? this.change({ open, connectives: connectives + 1 }) : undefined;
    if (symbol === OPEN) return this.canOpen ? this.change({ open: openParenthesis(open), connectives }) : undefined;
    return this.name(String.fromCharCode(symbol));
  }

  private takeAfterOperand(symbol: number): OutputState | undefined {
    const { open, operand, connectives } = this.parts;
    if (BINARY.has(symbol))
      return this.canJoin ? this.change({ open: join(open), connectives: connectives + 1 }) : undefined;
    if (symbol === CLOSE && open?.joined === true) return this.change({ open: open.outer, operand: ')', connectives });
    if (symbol === symbols.end) return open === undefined ? new EndState() : undefined;
    return this.name(operand + String.fromCharCode(symbol));
  }

  private name(operand: string): OutputState | undefined {
    const { open, connectives } = this.parts;
    return this.atoms.names.has(operand) ? this.change({ open, operand, connectives }) : undefined;
  }

  private change({ operand = '', ...parts }: Partial<FormulaParts> & Omit<FormulaParts, 'operand'>): FormulaState {
    return new FormulaState(this.atoms, this.limits, { ...parts, operand });
  }

  /** Connectives that may still come, besides those that open parentheses lack. */
  private get room(): number {
    return this.limits.connectives - this.parts.connectives - (this.parts.open?.bare ?? 0);
  }

  /** One more may come that no parenthesis waits for. */
  private get canConnect(): boolean {
    return this.room > 0;
  }

  private get canJoin(): boolean {
    return this.parts.open?.joined === false || this.room > 0;
  }

  private get canOpen(): boolean {
    return this.room > 0 && (this.parts.open?.count ?? 0) < this.limits.nesting;
  }
}

function openParenthesis(outer: Open | undefined): Open {
  return {
    joined: false,
    outer,
    need: (outer?.need ?? 0) + 3,
    count: (outer?.count ?? 0) + 1,
    bare: (outer?.bare ?? 0) + 1,
  };
}

function join(open: Open | undefined): Open | undefined {
  if (open === undefined || open.joined) return open;
  return { ...open, joined: true, need: open.need - 2, bare: open.bare - 1 };
}
