import { expectPositiveInteger, raise, show } from '../core/index.js';
import { loadAddon, parseCpuPaths } from '../native/index.js';

/** A device's name: `cpu`, `cuda` or `cuda:` and an index. */
export type Device = string;

/**
 * Tests if a CUDA device can be used: libtorch's CUDA library is there and finds one.
 * @returns false also where the CUDA library is missing
 */
export function isCudaAvailable(): boolean {
  return loadAddon().deviceCount('cuda') > 0;
}

/**
 * The devices at hand, the CPU first.
 * @returns `cpu`, then `cuda:0`, `cuda:1`, … as many as are found
 */
export function listDevices(): Device[] {
  const cuda = loadAddon().deviceCount('cuda');
  return ['cpu', ...Array.from({ length: cuda }, (_, index) => `cuda:${index}`)];
}

/**
 * Requires a device that is there and returns it.
 * @param where - the caller's name, for the error
 * @param device - `cpu`, `cuda` or `cuda:` and an index; anything else is refused
 * @returns `device`
 * @throws DeviceError for an unknown name, an absent device or an index that is too high
 */
export function expectDevice(where: string, device: unknown): Device {
  const match = typeof device === 'string' ? /^(cpu|cuda)(?::(\d+))?$/.exec(device) : null;
  if (match === null) {
    raise('PAL_DEVICE', { where, expected: "'cpu', 'cuda' or 'cuda:0'", received: show(device) });
  }
  const count = match[1] === 'cpu' ? 1 : loadAddon().deviceCount('cuda');
  if (Number(match[2] ?? 0) >= count) throwAbsent(where, device as Device, count);
  return device as Device;
}

function throwAbsent(where: string, device: Device, count: number): never {
  raise('PAL_DEVICE', {
    where,
    expected: count === 0 ? 'a device of this machine' : `an index below ${count}`,
    received: `${device}, with ${count} ${device.split(':')[0] ?? ''} device${count === 1 ? '' : 's'} found`,
    fix: count === 0 ? 'Use the CPU, or run `palabra doctor` to see why CUDA is not found.' : undefined,
  });
}

let fastBfloat16: boolean | undefined;

/**
 * Tests if a device multiplies matrices of bfloat16 clearly faster than float32.
 * @param device - a device of this machine
 * @returns true for every CUDA device; for the CPU what a measurement finds, once for each processor
 */
export function hasFastBfloat16(device: Device): boolean {
  return device !== 'cpu' || (fastBfloat16 ??= hasPath('fastest products', 'bfloat16'));
}

let bfloat16Lstm: boolean | undefined;

/**
 * True where libtorch passes an LSTM in bfloat16 on this CPU; elsewhere float32 does its work.
 * @returns what the first question finds out by a trial
 */
export function hasBfloat16Lstm(): boolean {
  return (bfloat16Lstm ??= hasPath('bfloat16 LSTM', 'oneDNN'));
}

/** Tests if a kind of work on the CPU takes a path. */
function hasPath(kind: string, path: string): boolean {
  return parseCpuPaths(loadAddon().cpuPaths(kind)).some((taken) => taken.path === path);
}

/**
 * Waits until a device has done all its work.
 * @param device - `cpu` (default), where nothing is left to wait for, or a CUDA device
 */
export function synchronize(device: Device = 'cpu'): void {
  loadAddon().synchronize(expectDevice('synchronize', device).split(':')[0] ?? 'cpu');
}

/**
 * The number of threads that one operator uses.
 * @returns at least 1
 */
export function getThreads(): number {
  return loadAddon().threads();
}

/**
 * Sets the number of threads that one operator uses.
 * @param count - at least 1
 */
export function setThreads(count: number): void {
  loadAddon().setThreads(expectPositiveInteger('setThreads', 'count', count));
}

/**
 * Tests if this thread asked for {@link useDeterministicAlgorithms}.
 * @returns false at the start of the thread
 */
export function areDeterministicAlgorithmsEnabled(): boolean {
  return loadAddon().deterministic();
}

/**
 * Makes every operator of the process give the same bits for the same inputs: one that usually doesn't takes another,
 * slower way, or is refused where it has none. Memory that an operator makes without setting it is filled with NaN.
 * Holds for the whole process for as long as one of its threads asks for it.
 * @param on - true for all operators from now on, false where this thread needs it no longer
 * @throws ArgumentError when `on` is no boolean; afterwards, PalabraError of code PAL_OPERATOR from such operators
 */
export function useDeterministicAlgorithms(on: boolean): void {
  loadAddon().setDeterministic(on);
}
