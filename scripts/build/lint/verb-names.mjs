/**
 * An ESLint rule: a top-level function's name starts with a verb. Exceptions are operators of tensors, which keep
 * PyTorch's names, factories and figures that the field names by nouns, and factories of schemas.
 */
import { readFileSync } from 'node:fs';

const listOf = (name) =>
  new Set(
    readFileSync(new URL(name, import.meta.url), 'utf8')
      .split(/\s+/)
      .filter((word) => word !== ''),
  );

const verbs = listOf('verbs.txt');
const nounFactories = listOf('noun-factories.txt');

/** The first word of a name in camelCase. */
const firstWord = (name) => /^[a-z0-9]+/.exec(name)?.[0] ?? '';

const isFunction = (node) => node?.type === 'ArrowFunctionExpression' || node?.type === 'FunctionExpression';

/** The names of functions that a statement at the top of a file declares. */
function declaredFunctions(statement) {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type === 'FunctionDeclaration') return [declaration.id];
  if (declaration?.type !== 'VariableDeclaration') return [];
  return declaration.declarations.filter(({ init }) => isFunction(init)).map(({ id }) => id);
}

export default {
  meta: {
    type: 'suggestion',
    docs: { description: 'top-level functions start with a verb' },
    messages: {
      verb: "'{{name}}' starts with no verb of scripts/build/lint/verbs.txt. Name what it does, or list a factory that the field names by a noun in noun-factories.txt.",
    },
    schema: [],
  },
  create: (context) => ({
    Program(program) {
      for (const id of program.body.flatMap(declaredFunctions)) {
        const isNamed = verbs.has(firstWord(id.name)) || nounFactories.has(id.name) || id.name.endsWith('Schema');
        if (!isNamed) context.report({ node: id, messageId: 'verb', data: { name: id.name } });
      }
    },
  }),
};
