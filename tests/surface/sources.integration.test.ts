import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import ts from 'typescript';

/** Files between a test and a source that is reached through others alone. */
const FARTHEST = 5;

/** What a file takes from others: a name of a file, or all of it. */
interface Link {
  path: string;
  name: string | undefined;
}

/** The names that a file exports itself, those it passes on, and what it imports. */
interface Module {
  own: Set<string>;
  passedOn: Map<string, Link>;
  imports: Link[];
}

const list = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !/\.(?:d|generated)\.ts$/.test(path))
    .map((path) => join(folder, path));

/** The file of this project that an import names. */
function pathOf(from: string, specifier: ts.Expression | undefined): string | undefined {
  if (specifier === undefined || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return undefined;
  return relative('.', resolve(dirname(from), specifier.text)).replace(/\.js$/, '.ts');
}

function namesOf(clause: ts.NamedImportBindings | ts.NamedExportBindings | undefined) {
  if (clause === undefined || !(ts.isNamedImports(clause) || ts.isNamedExports(clause)))
    return [[undefined, undefined]] as const;
  return clause.elements.map(({ name, propertyName }) => [name.text, (propertyName ?? name).text] as const);
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;

function exportedNames(node: ts.Statement): string[] {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
  return ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) ? [node.name?.text ?? 'default'] : [];
}

function readModule(file: string): Module {
  const module: Module = { own: new Set(), passedOn: new Map(), imports: [] };
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  for (const node of source.statements) {
    if (ts.isImportDeclaration(node)) {
      const path = pathOf(file, node.moduleSpecifier);
      if (path !== undefined) {
        for (const [, name] of namesOf(node.importClause?.namedBindings)) module.imports.push({ path, name });
      }
    } else if (ts.isExportDeclaration(node)) {
      const path = pathOf(file, node.moduleSpecifier);
      if (path === undefined) continue;
      for (const [name, original] of namesOf(node.exportClause)) {
        if (name === undefined) module.imports.push({ path, name });
        else module.passedOn.set(name, { path, name: original });
      }
    } else if (isExported(node)) exportedNames(node).forEach((name) => module.own.add(name));
  }
  return module;
}

const modules = new Map([...list('lib'), ...list('tests')].map((file) => [file, readModule(file)]));
const isSource = (file: string): boolean =>
  file.startsWith('lib/') && basename(file) !== 'index.ts' && (modules.get(file)?.own.size ?? 0) > 0;

/** The files that define what a link takes: one for a name, all that a door passes on for none. */
function definers({ path, name }: Link): string[] {
  const module = modules.get(path);
  if (module === undefined) return [];
  if (name === undefined) return [path, ...[...module.passedOn.values()].flatMap(definers)];
  const next = module.passedOn.get(name);
  return next === undefined ? [path] : definers(next);
}

/** For each source the test next to it: one of its name, one that imports what it defines, or one some files away. */
function testsOfSources(): Map<string, { test: string; away: number }> {
  const found = new Map<string, { test: string; away: number }>();
  const tests = [...modules.keys()].filter((file) => file.startsWith('tests/'));
  const note = (file: string, by: string, away: number): void => {
    if (!found.has(file)) found.set(file, { test: by, away });
  };
  for (const file of tests) {
    const name = basename(file).replace(/(?:\.integration)?\.test\.ts$/, '.ts');
    for (const source of modules.keys()) {
      if (isSource(source) && basename(source) === name && source.split('/')[1] === file.split('/')[1])
        note(source, file, 0);
    }
    for (const link of modules.get(file)!.imports) for (const source of definers(link)) note(source, file, 0);
  }
  // Map.forEach visits what is added meanwhile, so nearer files come before farther ones.
  found.forEach(({ test: by, away }, file) => {
    for (const link of modules.get(file)?.imports ?? [])
      for (const source of definers(link)) note(source, by, away + 1);
  });
  return found;
}

test('every source of lib that defines a value is imported by a test, or near a file that is', () => {
  const nearest = testsOfSources();
  const sources = [...modules.keys()].filter(isSource);
  const awayOf = (file: string): number => nearest.get(file)?.away ?? Infinity;
  const direct = sources.filter((file) => awayOf(file) === 0).length;
  console.log(`${direct} of ${sources.length} sources have a test that imports or names them`);
  const lines = sources.map((file) => `${file}: ${nearest.get(file)?.test ?? 'no test'}, ${awayOf(file)} files away`);
  expect(lines.filter((_, i) => awayOf(sources[i]!) > FARTHEST)).toEqual([]);
});
