import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

import { loadAddon } from '../../lib/native/index.js';

/** The entries of the interface CoreAddon, read from its source. */
function declaredEntries(): string[] {
  const source = ts.createSourceFile('addon.ts', readFileSync('lib/native/addon.ts', 'utf8'), ts.ScriptTarget.ES2022);
  const surface = source.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'CoreAddon');
  return surface?.members.map(({ name }) => (name as ts.Identifier).text) ?? [];
}

describe('the addon', () => {
  test('has exactly the entries of lib/native/addon.ts', () => {
    expect(Object.keys(loadAddon()).sort()).toEqual(declaredEntries().sort());
  });

  test('has functions alone', () => {
    expect(Object.entries(loadAddon()).filter(([, entry]) => typeof entry !== 'function')).toEqual([]);
  });
});
