import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { extractEntry, readEntry, readZip } from '../../../lib/native/libtorch/zip.js';
import { run } from '../../helpers/pack.js';
import { temporaryFolder } from '../../helpers/stub-libtorch.js';

const contents = { 'a/empty': '', 'a/text': 'palabra '.repeat(1000), 'ñ.txt': 'año' };

/** A zip archive that Python writes, deflated or stored. */
function archive(folder: string, method: 'ZIP_DEFLATED' | 'ZIP_STORED' = 'ZIP_DEFLATED'): string {
  const path = join(folder, 'x.zip');
  const program = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.${method}) as archive:
    for name, text in json.loads(sys.argv[2]).items(): archive.writestr(name, text)
`;
  run('python3', ['-c', program, path, JSON.stringify(contents)]);
  return path;
}

describe('zip archives', () => {
  test.each(['ZIP_DEFLATED', 'ZIP_STORED'] as const)('are read and extracted: %s', async (method) => {
    using folder = temporaryFolder();
    const path = archive(folder.path, method);
    const entries = await readZip(path);
    expect([...entries.keys()]).toEqual(Object.keys(contents));
    for (const [name, text] of Object.entries(contents)) {
      const entry = entries.get(name)!;
      await extractEntry(path, entry, join(folder.path, 'out'));
      expect(readFileSync(join(folder.path, 'out'), 'utf8')).toBe(text);
      expect((await readEntry(path, entry)).toString()).toBe(text);
    }
  });

  test('a changed byte is found', async () => {
    using folder = temporaryFolder();
    const path = archive(folder.path, 'ZIP_STORED');
    const bytes = readFileSync(path);
    const at = bytes.indexOf('palabra palabra');
    bytes[at] = 'P'.charCodeAt(0);
    writeFileSync(path, bytes);
    const entry = (await readZip(path)).get('a/text')!;
    const expected = { code: 'PAL_INSTALL', message: expect.stringContaining('a/text with a wrong checksum') };
    await expect(extractEntry(path, entry, join(folder.path, 'out'))).rejects.toMatchObject(expected);
    await expect(readEntry(path, entry)).rejects.toMatchObject(expected);
  });

  test('a file cut short is refused', async () => {
    using folder = temporaryFolder();
    const path = archive(folder.path);
    truncateSync(path, readFileSync(path).length - 30);
    await expect(readZip(path)).rejects.toMatchObject({ code: 'PAL_INSTALL' });
  });

  test('a file of another kind is refused', async () => {
    await expect(readZip('package.json')).rejects.toMatchObject({
      message: expect.stringContaining('expected package.json to be a complete wheel'),
    });
  });
});
