import { dtypes, isComplex, isFloatingPoint } from '../../lib/tensor/dtype.js';
import type { DType } from '../../lib/tensor/dtype.js';

/** The element types a safetensors file has a name for. */
export const storedTypes: readonly DType[] = dtypes.filter((dtype) => dtype !== 'complex128');

/** The real floating-point types, the widest first. */
export const floatTypes = ['float64', 'float32', 'bfloat16', 'float16'] as const satisfies readonly DType[];

/** The element types that can carry a gradient. */
export const differentiableTypes: ReadonlySet<DType> = new Set(
  dtypes.filter((dtype) => isFloatingPoint(dtype) || isComplex(dtype)),
);
