import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

/** The names a module exports, types included, read from its source without running it. */
export function exportedNames(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) return reExported(statement, file);
    return isExported(statement) ? declaredNames(statement) : [];
  });
}

function reExported({ exportClause, moduleSpecifier }: ts.ExportDeclaration, file: string): string[] {
  if (exportClause === undefined) return exportedNames(sourceOf(moduleSpecifier as ts.StringLiteral, file));
  if (ts.isNamespaceExport(exportClause)) return [exportClause.name.text];
  return exportClause.elements.map(({ name }) => name.text);
}

function sourceOf({ text }: ts.StringLiteral, file: string): string {
  return join(dirname(file), text.replace(/\.js$/, '.ts'));
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => (name as ts.Identifier).text);
  }
  const { name } = statement as ts.Statement & { name?: ts.Identifier };
  return name === undefined ? ['default'] : [name.text];
}
