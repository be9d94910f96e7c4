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

/** Writes files of 4 MB without end; all bytes of the n-th are n, and n is printed when it is on the disk. */
function writer(path: string): string {
  const lib = join(process.cwd(), 'lib');
  return `
    import { writeFileAtomic } from ${JSON.stringify(join(lib, 'core/index.ts'))};
    import { layOut } from ${JSON.stringify(join(lib, 'tensor/safetensors/format.ts'))};
    const { start } = layOut([{ name: 'x', dtype: 'U8', shape: [1 << 22] }], {});
    for (let n = 1; ; n = (n % 255) + 1) {
      await writeFileAtomic(${JSON.stringify(path)}, [start, new Uint8Array(1 << 22).fill(n)]);
      process.stdout.write(n + '\\n');
    }
  `;
}

/** Starts the writer, kills it some time after its first file and returns the last number that it printed. */
function killed(script: string, delayMs: number): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (text: Buffer) => {
      if (printed === '') setTimeout(() => child.kill('SIGKILL'), delayMs);
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
  let interrupted = 0;
  for (let run = 0; run < KILLS; run++) {
    const acknowledged = await killed(script, random.integer(60));
    const file = new SafetensorsFile(path);
    const bytes = file.bytes('x');
    file.close();
    const [first] = bytes;
    expect(bytes.every((byte) => byte === first)).toBe(true);
    expect([acknowledged, (acknowledged % 255) + 1]).toContain(first);
    const left = readdirSync(directory).filter((name) => name.endsWith('.tmp'));
    interrupted += left.length;
    for (const name of left) rmSync(join(directory, name));
  }
  // At least one kill hit the time between the first byte and the rename, or nothing was tested.
  expect(interrupted).toBeGreaterThan(0);
});
