import { raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import { areDeterministicAlgorithmsEnabled, getThreads, useDeterministicAlgorithms } from '../../tensor/index.js';

/** The parts of a machine on which the last bit of a number depends. */
export interface Machine {
  libtorch: string;
  /** Vector instructions that libtorch uses. */
  cpuCapability: string;
  /** Threads of one operator: sums are taken in as many parts. */
  threads: number;
}

/**
 * The parts of this machine and process on which the last bit of a number depends.
 * @returns the version of libtorch, its vector instructions, and the threads of one operator
 */
export function describeMachine(): Machine {
  const { libtorch, cpuCapability } = loadAddon().runtime();
  return { libtorch, cpuCapability, threads: getThreads() };
}

/**
 * Requires a device on which the same work gives the same bits.
 * @param device - as `cpu` or `cuda:0`
 * @throws PalabraError of code PAL_UNSUPPORTED for any other than the CPU
 */
export function expectDeterministic(device: string): void {
  if (device === 'cpu') return;
  raise('PAL_UNSUPPORTED', {
    where: 'Trainer',
    expected: 'a model on the CPU with deterministic: true',
    received: device,
  });
}

/** Runs under way that want operators with the same bits each time, and what was asked for before the first of them. */
const wanting = { runs: 0, before: false };

/**
 * Lets operators with the same bits each time do the work of the process.
 * @returns ends it; to be called once
 */
export function holdDeterministic(): () => void {
  if (wanting.runs++ === 0) wanting.before = areDeterministicAlgorithmsEnabled();
  useDeterministicAlgorithms(true);
  return () => {
    if (--wanting.runs === 0) useDeterministicAlgorithms(wanting.before);
  };
}

/**
 * Requires that a run goes on where it would give the same bits.
 * @param stored - the machine that its checkpoint was made on
 * @throws CheckpointError naming what differs
 */
export function expectSameMachine(stored: Machine): void {
  const here = describeMachine();
  const differing = (Object.keys(here) as (keyof Machine)[]).filter((key) => here[key] !== stored[key]);
  if (differing.length === 0) return;
  const list = (machine: Machine): string => differing.map((key) => `${key} ${show(machine[key])}`).join(', ');
  raise('PAL_CHECKPOINT', {
    where: 'Trainer',
    expected: `${list(stored)}, as the run was started with`,
    received: list(here),
    fix: 'setThreads sets the threads; deterministic: false goes on all the same, but not to the same bits.',
    details: { stored, here },
  });
}
