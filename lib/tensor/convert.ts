import type { OptionChecks } from '../core/index.js';
import { checkOptions, raise, show, suggest } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import { expectDevice } from './device.js';
import type { Device } from './device.js';
import type { DType } from './dtype.js';
import { dtypes, expectDType } from './dtype.js';
import { bindOperator } from './operator.js';
import type { Tensor } from './tensor.js';
import { expectSlot, wrap } from './tensor.js';

/** The targets of `to`. */
export interface ToOptions {
  dtype?: DType | undefined;
  device?: Device | undefined;
  /** Copies even when nothing changes (default false). */
  copy?: boolean | undefined;
}

const toKeys: OptionChecks<ToOptions> = { dtype: true, device: true, copy: true };

const toLayout = bindOperator('aten::to.dtype_layout');

/**
 * The tensor as another dtype or on another device.
 * @param x - any shape, any dtype
 * @param target - a dtype, a device, or both as options; `copy` (default false) copies even when nothing changes
 * @returns the shape of `x`, a copy; a handle on the same memory when nothing changes. Gradients flow through it
 *   between floats
 * @throws DeviceError when the device isn't there
 */
export function to(x: Tensor, target: DType | (string & {}) | ToOptions): Tensor {
  const { dtype, device, copy } = typeof target === 'string' ? parseTarget(target) : checkOptions('to', target, toKeys);
  if (dtype !== undefined) expectDType('to', dtype);
  if (device !== undefined) expectDevice('to', device);
  return wrap(loadAddon().call(toLayout.id, expectSlot(x, 'to'), dtype, undefined, device, undefined, undefined, copy));
}

function parseTarget(target: string): ToOptions {
  if ((dtypes as readonly string[]).includes(target)) return { dtype: target as DType };
  if (/^(cpu|cuda)/.test(target)) return { device: target };
  const near = suggest(target, dtypes);
  const fix = near === undefined ? `Dtypes: ${dtypes.join(', ')}.` : `Did you mean "${near}"?`;
  raise('PAL_ARGUMENT', { where: 'to', expected: 'a dtype or a device', received: show(target), fix });
}
