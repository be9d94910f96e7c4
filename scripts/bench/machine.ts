import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

/** What figures depend on. */
export interface Machine {
  cpu: string;
  vendor: string;
  cores: number;
  instructionSets: string[];
  /** Processes that wanted the CPU in the last minute: figures of a busy machine are worth less. */
  load: number;
}

/** The machine this runs on. */
export function machine(): Machine {
  const text = readFileSync('/proc/cpuinfo', 'utf8');
  const field = (name: string): string => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1] ?? 'unknown';
  const instructionSets = field('flags')
    .split(' ')
    .filter((flag) => /^(avx2|avx512f|avx512_bf16|avx512_vnni|amx)/.test(flag));
  return {
    cpu: field('model name'),
    vendor: field('vendor_id'),
    cores: availableParallelism(),
    instructionSets,
    load: loadavg()[0] ?? 0,
  };
}
