import { Linear, Module, sumTokenLoss } from '../../../nn/index.js';
import { IGNORED_TARGET } from '../../../nn/index.js';
import { floorDivide, where } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { FIRST_CLASS_LABEL, classCodes, formulaClasses } from '../sequence/labels.js';
import type { FormulaClass } from '../sequence/labels.js';

/**
 * Linear maps of the features where an answer begins to what can be told of its formula before it is written: the
 * outermost connective, the number of atoms, the level. They train the features, and are no part of what is stored.
 */
export class AuxiliaryHeads extends Module {
  readonly root: Linear;
  readonly atoms: Linear;
  readonly complexity: Linear;

  constructor(width: number) {
    super();
    const create = (name: FormulaClass): Linear =>
      // As the head of a model: no hidden map, so that Muon leaves it to AdamW.
      new Linear(width, formulaClasses[name], { role: { kind: 'head' } });
    this.root = create('root');
    this.atoms = create('atoms');
    this.complexity = create('complexity');
  }

  /**
   * The cross-entropy of each head, summed over the answers that begin.
   * @param features - `[B, T, C]`, floating
   * @param labels - `[B, T]`, int64, of `encodeLogicRecord`
   * @param targets - `[B, T]`, int64: where one does not count, no answer begins
   * @returns scalars `[]` by name
   */
  losses(features: Tensor, labels: Tensor, targets: Tensor): Record<FormulaClass, Tensor> {
    const begins = labels.ge(FIRST_CLASS_LABEL).logicalAnd(targets.ne(IGNORED_TARGET)); // B T
    const codes = labels.sub(FIRST_CLASS_LABEL);
    const measure = (name: FormulaClass): Tensor => {
      const { divisor, classes } = classCodes[name];
      const wanted = where(begins, floorDivide(codes, divisor).remainder(classes), IGNORED_TARGET); // B T
      return sumTokenLoss(this[name].forward(features), wanted).lossSum;
    };
    return { root: measure('root'), atoms: measure('atoms'), complexity: measure('complexity') };
  }
}
