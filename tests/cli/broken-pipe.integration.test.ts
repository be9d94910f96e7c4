import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { withInterruption, getInterruptionCode } from '../../lib/cli/interruption.js';
import { createError } from '../../lib/core/index.js';
import { builtPalabra } from '../helpers/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-pipes-'));
const text = join(folder, 'text.txt');
writeFileSync(text, 'some words of a text that is short. '.repeat(100));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  errors: string;
}

/** Runs `palabra`; a stream that is `gone` has lost its reader before the first byte. */
async function run(words: readonly string[], gone: readonly ('stdout' | 'stderr')[], stdout?: number): Promise<Ended> {
  const args = [builtPalabra, ...words];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', stdout ?? 'pipe', 'pipe'] });
  let errors = '';
  child.stderr!.on('data', (piece: Buffer) => (errors += piece.toString()));
  for (const name of gone) child[name]!.destroy();
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, errors };
}

test('a reader that goes away is no failure', async () => {
  expect(await run(['train', '--help'], ['stdout'])).toEqual({ code: 0, errors: '' });
});

test.each<[string, ('stdout' | 'stderr')[]]>([
  ['of results', ['stdout']],
  ['of errors and progress', ['stderr']],
  ['of both, as 2>&1 | head', ['stdout', 'stderr']],
])('work goes on to its end without readers %s', async (name, gone) => {
  const out = join(folder, name.replaceAll(/\W/g, '-'));
  const { code, errors } = await run(
    ['prepare', text, '--out', out, '--tokenizer', 'char', '--prepare.contamination', 'false'],
    gone,
  );
  expect([code, existsSync(join(out, 'manifest.json'))]).toEqual([0, true]);
  if (!gone.includes('stderr')) expect(errors).not.toContain('EPIPE');
});

test('a failure keeps its exit code without readers', async () => {
  expect(
    (await run(['prepare', join(folder, 'none.txt'), '--out', join(folder, 'x')], ['stdout', 'stderr'])).code,
  ).toBe(1);
});

test('a result that a full disk does not take is an error', async () => {
  const { code, errors } = await run(['train', '--help'], [], openSync('/dev/full', 'w'));
  expect(code).toBe(1);
  expect(errors).toMatch(
    /^\[PAL_FILE\] palabra: expected standard output to take the result, received ENOSPC[^\n]*\n$/,
  );
});

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops work so that it can tidy up', async (signal, code) => {
  const stopped = withInterruption(
    (aborted) =>
      new Promise((_, reject) => {
        aborted.addEventListener('abort', () =>
          reject(
            createError('PAL_ABORTED', {
              where: 'test',
              expected: 'to finish',
              received: 'a stop',
              cause: aborted.reason,
            }),
          ),
        );
        process.emit(signal, signal);
      }),
  );
  const error: unknown = await stopped.catch((reason: unknown) => reason);
  expect(getInterruptionCode(error)).toBe(code);
});
