import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { SafetensorsFile } from '../../lib/tensor/safetensors/file.js';

const KILLS = Number(process.env.PALABRA_KILLS ?? 12);

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-kill-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** The file comes in so many writes. */
const WRITES = 16;
/** Of three kills two are aimed at a write, one comes at any time in the milliseconds after the first file. */
const FREE = 3;
const MAX_DELAY_MS = 60;

/**
 * Writes files of 4 MB without end; all bytes of the n-th are n, and n is printed when it is on the disk. With an argument
 * it dies with so many writes of the second file made and the next one asked for.
 */
function writer(path: string): string {
  const lib = join(process.cwd(), 'lib');
  return `
    import { writeFileAtomic } from ${JSON.stringify(join(lib, 'core/index.ts'))};
    import { layOutFile } from ${JSON.stringify(join(lib, 'tensor/safetensors/format.ts'))};
    const { start } = layOutFile([{ name: 'x', dtype: 'U8', shape: [1 << 22] }], {});
    const last = Number(process.argv[2] ?? Infinity);
    function* content(n) {
      yield start;
      for (let write = 0; write < ${WRITES}; write++) {
        if (n === 2 && write === last) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
        yield new Uint8Array((1 << 22) / ${WRITES}).fill(n);
      }
    }
    for (let n = 1; ; n = (n % 255) + 1) {
      await writeFileAtomic(${JSON.stringify(path)}, content(n));
      process.stdout.write(n + '\\n');
    }
  `;
}

/** Runs the writer until it is killed, at a write or some time after its first file; returns the last number printed. */
function killed(script: string, aim: { write: number } | { delayMs: number }): Promise<number> {
  return new Promise((resolve) => {
    const words = 'write' in aim ? [script, String(aim.write)] : [script];
    const child = spawn(process.execPath, ['--import', 'tsx', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => {
      if (printed === '' && 'delayMs' in aim) setTimeout(() => child.kill('SIGKILL'), aim.delayMs);
      printed += text.toString();
    });
    child.on('close', () => {
      const whole = printed.slice(0, printed.lastIndexOf('\n'));
      resolve(Number(whole.slice(whole.lastIndexOf('\n') + 1)));
    });
  });
}

test(`${KILLS} kills while saving: the file is whole, and not older than the last that was acknowledged`, async () => {
  const path = join(directory, 'x.safetensors');
  const script = join(directory, 'writer.mts');
  writeFileSync(script, writer(path));
  const random = new Random(Date.now());
  let [aimed, interrupted] = [0, 0];
  for (let run = 0; run < KILLS; run++) {
    const atAnyTime = run % FREE === 0;
    const acknowledged = await killed(
      script,
      atAnyTime ? { delayMs: random.integer(MAX_DELAY_MS) } : { write: random.integer(WRITES) },
    );
    if (!atAnyTime) aimed++;
    const file = new SafetensorsFile(path);
    const bytes = file.bytes('x');
    file.close();
    const [first] = bytes;
    expect(bytes.every((byte) => byte === first)).toBe(true);
    expect([acknowledged, (acknowledged % 255) + 1]).toContain(first);
    const left = readdirSync(directory).filter((name) => name.endsWith('.tmp'));
    if (!atAnyTime) interrupted += left.length;
    for (const name of left) rmSync(join(directory, name));
  }
  expect(interrupted).toBe(aimed);
});
