import { expectString, raise } from '../../core/index.js';
import { atom, combine, not } from './formula.js';
import type { BinaryKind, Formula } from './formula.js';
import { tokenizeFormula } from './tokenize-formula.js';
import type { FormulaToken } from './tokenize-formula.js';

/** The most UTF-16 units of a formula's text. */
export const LONGEST_FORMULA = 4096;

/** The most connectives on a way from the whole formula to an atom. */
export const DEEPEST_FORMULA = 256;

/**
 * Reads a formula. ↔ binds loosest, then →, ∨, ∧ and ¬; → groups to the right, the others to the left.
 *
 * @param text - a formula in symbols or their aliases, at most 4,096 UTF-16 units
 * @returns the tree, at most 256 connectives deep
 * @throws ArgumentError naming the position, in UTF-16 units, where the text is no formula, also as `details.position`
 * @example parseFormula('(p & ~q) -> r')
 */
export function parseFormula(text: string): Formula {
  expectString('parseFormula', 'text', text);
  if (text.length > LONGEST_FORMULA) {
    refuse(`at most ${LONGEST_FORMULA} characters`, String(text.length), LONGEST_FORMULA);
  }
  return new Parser(tokenizeFormula(text)).parse();
}

/** A formula and how many connectives lie above its deepest atom. */
interface Measured {
  formula: Formula;
  depth: number;
}

class Parser {
  private next = 0;
  private open = 0;

  constructor(private readonly tokens: readonly FormulaToken[]) {}

  parse(): Formula {
    const { formula } = this.iff();
    this.expect('end', 'a connective or the end');
    return formula;
  }

  private iff(): Measured {
    return this.chain('iff', () => this.implies());
  }

  private implies(): Measured {
    const operands = [this.or()];
    while (this.take('implies') !== undefined) operands.push(this.or());
    return operands.reduceRight((right, left) => this.join('implies', left, right));
  }

  private or(): Measured {
    return this.chain('or', () => this.and());
  }

  private and(): Measured {
    return this.chain('and', () => this.not());
  }

  /** Operands of a connective that groups to the left. */
  private chain(kind: BinaryKind, operand: () => Measured): Measured {
    let left = operand();
    while (this.take(kind) !== undefined) left = this.join(kind, left, operand());
    return left;
  }

  private not(): Measured {
    let negations = 0;
    while (this.take('not') !== undefined) negations++;
    let { formula, depth } = this.primary();
    for (; negations > 0; negations--) {
      formula = not(formula);
      depth = this.descend(depth);
    }
    return { formula, depth };
  }

  private primary(): Measured {
    const name = this.take('atom');
    if (name !== undefined) return { formula: atom(name.text), depth: 0 };
    this.expect('open', 'an atom, ¬ or (');
    if (++this.open > DEEPEST_FORMULA) this.refuseDepth();
    const inner = this.iff();
    this.expect('close', 'a connective or )');
    this.open--;
    return inner;
  }

  private join(kind: BinaryKind, left: Measured, right: Measured): Measured {
    const depth = this.descend(Math.max(left.depth, right.depth));
    return { formula: combine(kind, left.formula, right.formula), depth };
  }

  private descend(depth: number): number {
    return depth < DEEPEST_FORMULA ? depth + 1 : this.refuseDepth();
  }

  private take(kind: FormulaToken['kind']): FormulaToken | undefined {
    const token = this.tokens[this.next]!;
    if (token.kind !== kind) return undefined;
    this.next++;
    return token;
  }

  private expect(kind: FormulaToken['kind'], expected: string): void {
    const { text, position } = this.tokens[this.next]!;
    if (this.take(kind) === undefined) refuse(expected, text === '' ? 'the end' : `'${text}'`, position);
  }

  private refuseDepth(): never {
    return refuse(`at most ${DEEPEST_FORMULA} levels`, 'more', this.tokens[this.next]!.position);
  }
}

function refuse(expected: string, received: string, position: number): never {
  raise('PAL_ARGUMENT', {
    where: 'parseFormula',
    expected: `${expected} at position ${position}`,
    received,
    details: { position },
  });
}
