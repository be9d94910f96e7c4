import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

/** The files below folders, as git tracks them or would, without those that are generated. */
export function trackedFiles(...folders: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders];
  const files = execFileSync('git', args, { encoding: 'utf8' }).split('\n');
  return files.filter((file) => file !== '' && !file.includes('.generated.') && existsSync(file)).sort();
}

/** The TypeScript sources below folders, parsed. */
export function parseSources(...folders: string[]): ts.SourceFile[] {
  return trackedFiles(...folders)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true));
}

/** The files of the tree that a source imports or exports from, types included. */
export function importedFiles({ fileName, statements }: ts.SourceFile): string[] {
  const specifiers = statements.flatMap((statement) => {
    const isLink = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    return isLink && statement.moduleSpecifier ? [(statement.moduleSpecifier as ts.StringLiteral).text] : [];
  });
  const relative = specifiers.filter((specifier) => specifier.startsWith('.'));
  return [...new Set(relative.map((specifier) => join(dirname(fileName), specifier).replace(/\.js$/, '.ts')))];
}

/** The longest chain of files in which each imports the next. */
export function findLongestChain(sources: readonly ts.SourceFile[]): string[] {
  const imports = new Map(sources.map((source) => [source.fileName, importedFiles(source)]));
  const known = new Map<string, string[]>();
  const chainFrom = (file: string): string[] => {
    const found = known.get(file);
    if (found !== undefined) return found;
    known.set(file, [file]); // what ends a cycle of types
    const longest = (imports.get(file) ?? []).map(chainFrom).reduce((a, b) => (b.length > a.length ? b : a), []);
    const chain = [file, ...longest];
    known.set(file, chain);
    return chain;
  };
  return sources.map(({ fileName }) => chainFrom(fileName)).reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** Lines of every function, method and accessor with a body of its own. */
export function measureFunctions(sources: readonly ts.SourceFile[]): { name: string; lines: number }[] {
  return sources.flatMap((source) => {
    const found: { name: string; lines: number }[] = [];
    const visit = (node: ts.Node): void => {
      if (isNamedFunction(node)) {
        const lines = node.getText().split('\n').length;
        found.push({ name: `${source.fileName}: ${node.name?.getText() ?? 'constructor'}`, lines });
      }
      node.forEachChild(visit);
    };
    visit(source);
    return found;
  });
}

function isNamedFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  const isDeclared =
    ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node);
  return (isDeclared || ts.isGetAccessor(node) || ts.isSetAccessor(node)) && node.body !== undefined;
}

/** The value below which a share of the numbers lies. */
export function findQuantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
