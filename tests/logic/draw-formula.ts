import type { Random } from '../../lib/core/index.js';
import { atom, combine, not } from '../../lib/logic/index.js';
import type { BinaryKind, Formula } from '../../lib/logic/index.js';

const KINDS: readonly BinaryKind[] = ['and', 'or', 'implies', 'iff'];

/** A random formula of at most some levels over some atoms. */
export function drawFormula(random: Random, levels: number, atoms = ['p', 'q', 'r', 's', 'p1', 'q1']): Formula {
  const choice = levels === 0 ? 0 : random.integer(7);
  if (choice < 2) return atom(atoms[random.integer(atoms.length)]!);
  if (choice === 2) return not(drawFormula(random, levels - 1, atoms));
  const left = drawFormula(random, levels - 1, atoms);
  return combine(KINDS[choice - 3]!, left, drawFormula(random, levels - 1, atoms));
}
