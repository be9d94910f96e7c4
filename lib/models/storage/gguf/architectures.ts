import { raise } from '../../../core/index.js';
import type { GgufReader } from '../../../tensor/index.js';
import type { GgufConvention } from './convention.js';
import { llama } from './llama.js';

/** Every architecture whose files can be read. */
const conventions: readonly GgufConvention[] = [llama];

/**
 * The convention of a file's architecture.
 * @param file - the open file
 * @returns an entry of the list
 * @throws CheckpointError for an architecture that is not read, or none
 */
export function findConvention(file: GgufReader): GgufConvention {
  const name = file.metadata.text('general.architecture');
  const found = conventions.find(({ architecture }) => architecture === name);
  if (found !== undefined) return found;
  const known = conventions.map(({ architecture }) => architecture).join(', ');
  return raise('PAL_CHECKPOINT', {
    where: file.path,
    expected: `general.architecture to be one of ${known}`,
    received: name ?? 'none',
    details: { path: file.path },
  });
}
