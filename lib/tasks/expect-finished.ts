import { raise } from '../core/index.js';

/**
 * Requires that a training came to the end of its steps; only a signal ends it before.
 *
 * @param where - named in the error
 * @param end - of the trainer
 * @param signal - which may have fired
 * @param fix - how to go on from the checkpoint
 * @throws PalabraError of code PAL_ABORTED where the signal fired
 */
export function expectFinished(
  where: string,
  { reason }: { reason: string },
  signal: AbortSignal | undefined,
  fix: string,
): void {
  if (reason === 'limit') return;
  const cause: unknown = signal?.reason;
  raise('PAL_ABORTED', { where, expected: 'to reach the last step', received: 'an abort', fix, cause });
}
