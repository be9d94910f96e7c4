import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const child = fileURLToPath(new URL('program.child.mjs', import.meta.url));

type Way = 'exit' | 'throw' | 'wait';

/** Kills a process that does not end. */
const HANG_MS = 120_000;

/** How a process ended; `seconds` counts from the moment it was to end. */
interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  seconds: number;
  said: string;
}

/** Starts a process that runs a program and has it end `delay` milliseconds into it; `wait` ends by SIGTERM. */
function endRunning(way: Way, delay: number): Promise<Ending> {
  const running = spawn(process.execPath, [child, way, String(delay)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let said = '';
  let due = NaN;
  running.stderr.on('data', (data: Buffer) => (said += data.toString()));
  running.stdout.once('data', () => {
    due = performance.now() + delay;
    setTimeout(() => {
      if (way === 'wait') running.kill('SIGTERM');
    }, delay);
  });
  const watch = setTimeout(() => running.kill('SIGKILL'), HANG_MS);
  return new Promise((resolve) => {
    running.on('close', (code, signal) => {
      clearTimeout(watch);
      resolve({ code, signal, seconds: (performance.now() - due) / 1000, said });
    });
  });
}

/** Ends many processes, two at a time, at delays spread over [0, 50) milliseconds. */
async function endMany(way: Way, count: number): Promise<Ending[]> {
  const delays = Array.from({ length: count }, (_, i) => (i * 50) / count);
  const endings: Ending[] = [];
  const lane = async () => {
    for (let delay = delays.pop(); delay !== undefined; delay = delays.pop())
      endings.push(await endRunning(way, delay));
  };
  await Promise.all([lane(), lane()]);
  return endings;
}

const COUNT = Number(process.env.PALABRA_ENDS ?? 100);

describe('a process that ends while a program runs', () => {
  test.each([
    ['process.exit', 'exit', (ending: Ending) => ending.code === 0],
    ['an uncaught error', 'throw', (ending: Ending) => ending.code === 1 && ending.said.includes('on purpose')],
    ['SIGTERM', 'wait', (ending: Ending) => ending.signal === 'SIGTERM'],
  ] as const)(`ends cleanly by %s, ${COUNT} times`, async (name, way, isClean) => {
    const endings = await endMany(way, COUNT);
    const slowest = Math.max(...endings.map(({ seconds }) => seconds));
    console.log(`${name}: ${endings.filter(isClean).length} of ${COUNT} clean, slowest ${slowest.toFixed(2)} s`);
    expect(endings.filter((ending) => !isClean(ending))).toEqual([]);
  });
});
