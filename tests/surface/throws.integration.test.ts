import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { errorCodes } from '../../lib/core/index.js';

const LIB = join(process.cwd(), 'lib');

const NATIVE = join(process.cwd(), 'native');

function files(root: string, ending: RegExp): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path) && !path.endsWith('.generated.ts'))
    .sort();
}

const sources = files(LIB, /\.ts$/);

function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(join(LIB, path), 'utf8'), ts.ScriptTarget.ES2022, true);
}

function visit(node: ts.Node, found: (node: ts.Node) => void): void {
  found(node);
  node.forEachChild((child) => visit(child, found));
}

/** Codes of process warnings, which are no errors. */
function warningCodes(): string[] {
  const texts = sources.map((path) => readFileSync(join(LIB, path), 'utf8'));
  return texts.flatMap((text) =>
    [...text.matchAll(/type: 'Palabra\w+Warning',\s+code: '(PAL_\w+)'/g)].map(([, code]) => code!),
  );
}

/** Everything thrown or rejected with that is not an error caught before; `new Error()` only takes a stack trace. */
function freshThrows(file: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(file, (node) => {
    const isThrow = ts.isThrowStatement(node) && !ts.isIdentifier(node.expression);
    const isError =
      ts.isNewExpression(node) &&
      (node.arguments?.length ?? 0) > 0 &&
      /^(?:[A-Za-z]*Error)$/.test(node.expression.getText());
    if (isThrow || isError) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file.fileName}:${line + 1}: ${node.getText().slice(0, 80)}`);
    }
  });
  return found;
}

describe('only helpers throw', () => {
  test('the rule sees what it forbids', () => {
    const text = 'throw new Error("a"); f(new RangeError("b")); throw caught; throw make();';
    const file = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2022, true);
    expect(freshThrows(file)).toHaveLength(4);
  });

  test('no file of lib/ but core/errors/errors.ts makes an error of its own', () => {
    expect(sources.length).toBeGreaterThan(5);
    const others = sources.filter((path) => path !== join('core', 'errors', 'errors.ts'));
    const suspects = others.filter((path) => /\bthrow\b|Error\b/.test(readFileSync(join(LIB, path), 'utf8')));
    expect(suspects.flatMap((path) => freshThrows(parse(path)))).toEqual([]);
  });

  test('every code written in lib/ and native/ is on the list', () => {
    const written = new Set<string>();
    const native = files(NATIVE, /\.(cc|h)$/).map((path) => join(NATIVE, path));
    for (const path of [...sources.map((name) => join(LIB, name)), ...native]) {
      for (const [code] of readFileSync(path, 'utf8').matchAll(/\bPAL_[A-Z_]*[A-Z]\b/g)) written.add(code);
    }
    for (const code of [...warningCodes(), 'PAL_CODE']) written.delete(code);
    expect([...written].filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  });
});
