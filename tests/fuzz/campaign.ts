import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Job, Report } from './child.js';

/** A process that did not come to its end, with the call it was at. */
export interface Death {
  number: number;
  call: string;
  /** The signal, `hang`, or the exit status. */
  how: string;
  /** The last lines of the standard error. */
  said: string;
}

/** What a campaign found. */
export interface Findings extends Report {
  deaths: Death[];
}

/** A campaign: calls of numbers [from, to) over the operators in turn; an empty name is an entry session. */
export type Campaign = Omit<Job, 'journal'> & {
  /** Deaths after which the campaign ends. */
  patience?: number;
  /** How long one call may take, in seconds. */
  hangSeconds?: number;
};

const child = fileURLToPath(new URL('child.ts', import.meta.url));
/** The memory of a child in kB; a sanitizer needs more address space than can be limited. */
const dataKilobytes = process.env.PALABRA_FUZZ_KILOBYTES ?? '1200000';

/** Runs a campaign in child processes with little memory and a watch; one that dies is followed by another. */
export async function runCampaign(campaign: Campaign): Promise<Findings> {
  const findings: Findings = { calls: 0, accepted: 0, refused: {}, failures: [], deaths: [] };
  const { patience = 1, hangSeconds = 30, ...job } = campaign;
  for (let from = job.from; from < job.to && findings.deaths.length < patience;) {
    const ended = await runChild({ ...job, from }, hangSeconds);
    if ('report' in ended) {
      merge(findings, ended.report);
      break;
    }
    findings.deaths.push(ended.death);
    from = ended.death.number + 1;
  }
  return findings;
}

function merge(into: Findings, report: Report): void {
  into.calls += report.calls;
  into.accepted += report.accepted;
  into.failures.push(...report.failures);
  for (const [code, count] of Object.entries(report.refused)) into.refused[code] = (into.refused[code] ?? 0) + count;
}

type Ending = { report: Report } | { death: Death };

async function runChild(job: Omit<Job, 'journal'>, hangSeconds: number): Promise<Ending> {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-fuzz-'));
  try {
    const journal = join(folder, 'journal');
    const file = join(folder, 'job.json');
    writeFileSync(file, JSON.stringify({ ...job, journal } satisfies Job));
    writeFileSync(journal, '');
    const { out, error, how } = await watch(file, journal, hangSeconds);
    const report = /^REPORT (.*)$/m.exec(out)?.[1];
    if (report !== undefined && how === 'exit 0') return { report: JSON.parse(report) as Report };
    return { death: { ...lastCall(journal), how, said: error.slice(-600) } };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lastCall(journal: string): { number: number; call: string } {
  const [number = '', call = ''] = readFileSync(journal, 'utf8').split('\n');
  return { number: number.trim() === '' ? Infinity : Number(number), call: call.trim() };
}

/** How to start a script as a child: no core file, no memory past the limit, one thread. */
export function limited(
  script: string,
  ...rest: string[]
): { command: string; args: string[]; env: NodeJS.ProcessEnv } {
  const limits = `ulimit -c 0 -d ${dataKilobytes}; exec "$@"`;
  const env = { OMP_NUM_THREADS: '1', MALLOC_PERTURB_: '85', NODE_OPTIONS: '', TORCH_CPP_LOG_LEVEL: 'ERROR' };
  const args = ['-c', limits, 'fuzz', process.execPath, '--import', 'tsx', script, ...rest];
  return { command: 'bash', args, env: { ...process.env, ...env } };
}

function watch(
  file: string,
  journal: string,
  hangSeconds: number,
): Promise<{ out: string; error: string; how: string }> {
  const { command, args, env } = limited(child, file);
  const running = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, error, hung] = ['', '', false];
  running.stdout.on('data', (data: Buffer) => (out += data.toString()));
  running.stderr.on('data', (data: Buffer) => (error = (error + data.toString()).slice(-5000)));
  const timer = setInterval(() => {
    if (Date.now() - statSync(journal).mtimeMs < hangSeconds * 1000) return;
    hung = true;
    running.kill('SIGKILL');
  }, 1000);
  return new Promise((resolve) => {
    running.on('close', (code, signal) => {
      clearInterval(timer);
      resolve({ out, error, how: hung ? 'hang' : (signal ?? `exit ${code}`) });
    });
  });
}
