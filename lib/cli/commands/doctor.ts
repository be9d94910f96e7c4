import { Command } from 'commander';

import { diagnose } from '../../native/index.js';
import type { Diagnosis } from '../../native/index.js';
import type { Output } from '../output.js';

/** `palabra doctor`: what is here, what is used, and what is wrong; `fail` is called when it does not load. */
export function doctorCommand(output: Output, fail: () => void): Command {
  return new Command('doctor')
    .description('Show where libtorch is found, versions, CPU, devices and threads; exit code 1 when it does not load.')
    .option('--json', 'print JSON')
    .action((flags: { json?: boolean }) => {
      const diagnosis = diagnose();
      output.out(`${flags.json ? JSON.stringify(diagnosis, null, 2) : describe(diagnosis)}\n`);
      if (diagnosis.problem !== undefined) fail();
    });
}

function describe(diagnosis: Diagnosis): string {
  const sections = [machineLines(diagnosis), searchLines(diagnosis), libtorchLines(diagnosis)];
  return [...sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')), ending(diagnosis)].join(
    '\n\n',
  );
}

function machineLines({ palabra, node, system, cache, cpu, addon }: Diagnosis): string[] {
  return [
    line('palabra', palabra),
    line('node', `${node} on ${system}`),
    line(
      'addon',
      addon ? `${addon.path}, built for libtorch ${addon.builtFor}, glibc ${addon.libc} here` : 'not found',
    ),
    line('cache', cache),
    line('cpu', `${cpu.model} (${cpu.vendor}), ${cpu.cores} cores`),
    line('sets', cpu.instructionSets?.join(' ') ?? 'unknown'),
  ];
}

function searchLines({ resolution = [] }: Diagnosis): string[] {
  return resolution.map(({ source, found, note }) => `${found ? '✓' : '·'} ${source}: ${note}`);
}

function libtorchLines({ libtorch }: Diagnosis): string[] {
  if (libtorch === undefined) return [];
  const devices = Object.entries(libtorch.devices).map(([name, count]) => `${count} ${name}`);
  return [
    line('libtorch', `${libtorch.version} in ${libtorch.folder}`),
    line('kernels', libtorch.capability),
    line('gemm', libtorch.gemm.join(', ')),
    line('threads', String(libtorch.threads)),
    line('devices', devices.join(', ')),
  ];
}

function ending({ problem }: Diagnosis): string {
  return problem ?? 'Everything loads.';
}

function line(name: string, value: string): string {
  return `${name.padEnd(10)}${value}`;
}
