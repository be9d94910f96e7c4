import { isPalabraError, raise } from '../core/index.js';

/** The dtype of matrix products in the forward pass; weights, losses and norms stay in float32. */
export type Precision = 'float32' | 'bfloat16' | 'float16';

/**
 * Explains the refusal of an operator in a short dtype; other errors stay as they are.
 * @param precision - of the pass that failed
 * @param cause - the error
 * @throws PalabraError of code PAL_UNSUPPORTED where an operator of the model does not know the dtype on this device
 */
export function explainPrecision(precision: Precision | undefined, cause: unknown): never {
  if (precision === undefined || precision === 'float32' || !isPalabraError(cause) || cause.code !== 'PAL_OPERATOR')
    throw cause;
  raise('PAL_UNSUPPORTED', {
    where: 'TrainStep',
    expected: `a model whose operators know ${precision} on this device`,
    received: cause.message,
    fix: precision === 'float16' ? "Use precision: 'bfloat16'." : "Use precision: 'float32'.",
    cause,
  });
}
