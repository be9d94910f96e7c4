import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

/** The TypeScript blocks of README.md in order. */
export function readmeBlocks(folder = '.'): string[] {
  const text = readFileSync(join(folder, 'README.md'), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
}

/** The example of README.md: its first TypeScript block. */
export function readmeExample(folder = '.'): string {
  const [example] = readmeBlocks(folder);
  if (example === undefined) throw new Error('README.md holds no block of TypeScript');
  return example;
}

/** JavaScript of a piece of TypeScript, types removed. */
export function toJavaScript(code: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
