import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { loadAddon } from '../../lib/native/index.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-map-'));
const path = join(folder, 'bytes');
writeFileSync(
  path,
  Uint8Array.from({ length: 64 }, (_, i) => i),
);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('fromMap', () => {
  test.each([
    ['aligned', 16],
    ['not aligned', 1],
  ])('reads elements that are %s in the file', (_, offset) => {
    const map = loadAddon().mapFile(path);
    const slot = loadAddon().fromMap(map, offset, [2], 'complex128');
    loadAddon().unmap(map);
    const bytes = new Uint8Array(loadAddon().toBytes(slot));
    loadAddon().dispose(slot);
    expect([...bytes]).toEqual(Array.from({ length: 32 }, (__, i) => i + offset));
  });
});
