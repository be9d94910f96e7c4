import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';
import verbNames from './scripts/build/lint/verb-names.mjs';

const typescript = ['**/*.ts'];

/** What needs a doc comment when it is exported, beside functions and classes. Methods are typedoc's to check. */
const documented = [
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
  'ExportNamedDeclaration > VariableDeclaration',
];

/** The folders of lib whose exported functions say what each parameter takes and what they return. */
const documentedFolders = ['tensor', 'nn', 'generation', 'models', 'adapters', 'tasks', 'training', 'step'];

/** Exported functions, each overload among them. */
const exportedFunctions = {
  contexts: ['ExportNamedDeclaration > FunctionDeclaration', 'ExportNamedDeclaration > TSDeclareFunction'],
};

/** Reports an unused name unless it starts with an underscore. */
const unused = {
  args: 'all',
  argsIgnorePattern: '^_',
  varsIgnorePattern: '^_',
  caughtErrorsIgnorePattern: '^_',
  destructuredArrayIgnorePattern: '^_',
  ignoreRestSiblings: true,
};

export default defineConfig(
  { ignores: ['dist/', 'build/', 'prebuilds/', '**/*.generated.ts', '**/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: typescript,
    extends: [tseslint.configs.recommendedTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', unused],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-deprecated': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/array-type': ['error', { default: 'array' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/class-literal-property-style': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      'no-console': 'error',
    },
  },
  {
    files: ['lib/**/*.ts'],
    extends: [jsdoc.configs['flat/recommended-typescript-error']],
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: { cjs: false },
          checkConstructors: false,
          exemptOverloadedImplementations: true,
          skipInterveningOverloadedDeclarations: true,
          require: { ClassDeclaration: true, FunctionDeclaration: true },
          contexts: documented,
        },
      ],
      'jsdoc/require-description': [
        'error',
        {
          contexts: ['ClassDeclaration', 'FunctionDeclaration', ...documented],
          exemptedBy: ['inheritDoc', 'internal'],
        },
      ],
      'jsdoc/check-param-names': ['error', { disableMissingParamChecks: true }],
      'jsdoc/empty-tags': 'off',
      'jsdoc/valid-types': 'off',
      'jsdoc/escape-inline-tags': 'off',
      'jsdoc/require-param': 'off',
      'jsdoc/require-returns': 'off',
      'jsdoc/require-yields': 'off',
      'jsdoc/require-throws-type': 'off',
      'jsdoc/tag-lines': ['error', 'any', { startLines: null }],
      'jsdoc/check-tag-names': ['error', { definedTags: ['remarks', 'typeParam'] }],
      'max-lines': ['error', { max: 400, skipBlankLines: false }],
    },
  },
  {
    files: documentedFolders.map((folder) => `lib/${folder}/**/*.ts`),
    rules: {
      'jsdoc/check-param-names': ['error', { disableMissingParamChecks: true, checkDestructured: false }],
      'jsdoc/require-param': ['error', { ...exportedFunctions, checkDestructured: false }],
      'jsdoc/require-param-description': ['error', exportedFunctions],
      'jsdoc/require-returns': ['error', exportedFunctions],
      'jsdoc/require-returns-description': ['error', exportedFunctions],
    },
  },
  {
    files: ['lib/**/*.ts'],
    ignores: ['lib/tensor/functional/**'],
    plugins: { palabra: { rules: { 'verb-names': verbNames } } },
    rules: { 'palabra/verb-names': 'error' },
  },
  { files: ['lib/cli/**/*.ts', 'scripts/**/*.ts', 'tests/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
      },
    },
    rules: { 'no-unused-vars': ['error', unused] },
  },
);
