import { Command } from 'commander';

import { diagnose } from '../../native/diagnosis/index.js';
import type { Diagnosis } from '../../native/diagnosis/index.js';
import type { Output } from '../output.js';

/** `palabra doctor`: what is here, what is used, and what is wrong; `fail` is called when it does not load. */
export function createDoctorCommand(output: Output, fail: () => void): Command {
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
  const sections = [describeMachine(diagnosis), describeSearch(diagnosis), describeLibtorch(diagnosis)];
  return [
    ...sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')),
    describeProblem(diagnosis),
  ].join('\n\n');
}

function describeMachine({ palabra, node, system, cache, cpu, addon }: Diagnosis): string[] {
  return [
    formatLine('palabra', palabra),
    formatLine('node', `${node} on ${system}`),
    formatLine(
      'addon',
      addon ? `${addon.path}, built for libtorch ${addon.builtFor}, glibc ${addon.libc} here` : 'not found',
    ),
    formatLine('cache', cache),
    formatLine('cpu', `${cpu.model} (${cpu.vendor}), ${cpu.cores} cores`),
    formatLine('sets', cpu.instructionSets?.join(' ') ?? 'unknown'),
  ];
}

function describeSearch({ resolution = [] }: Diagnosis): string[] {
  return resolution.map(({ source, found, note }) => `${found ? '✓' : '·'} ${source}: ${note}`);
}

function describeLibtorch({ libtorch }: Diagnosis): string[] {
  if (libtorch === undefined) return [];
  const devices = Object.entries(libtorch.devices).map(([name, count]) => `${count} ${name}`);
  return [
    formatLine('libtorch', `${libtorch.version} in ${libtorch.folder}`),
    formatLine('kernels', libtorch.capability),
    formatLine('gemm', libtorch.gemm.join(', ')),
    ...libtorch.paths.map(({ kind, path, reason }) => formatLine('path', `${kind}: ${path} (${reason})`)),
    formatLine('threads', String(libtorch.threads)),
    formatLine('devices', devices.join(', ')),
  ];
}

function describeProblem({ problem }: Diagnosis): string {
  return problem ?? 'Everything loads.';
}

function formatLine(name: string, value: string): string {
  return `${name.padEnd(10)}${value}`;
}
