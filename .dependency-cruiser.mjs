/** The layer table of lib, left to right: a folder imports only from the groups before its own. */
const layers = [
  ['core'],
  ['native', 'text'],
  ['tensor', 'data'],
  ['nn', 'optim'],
  ['models', 'adapters'],
  ['generation', 'inspection'],
  ['evaluation'],
  ['training'],
  ['logic'],
  ['server'],
  ['cli'],
];

const alternatives = (folders) => `(?:${folders.join('|')})`;

/** One rule a folder: it may not import its own group's other folders nor anything to the right. */
const layerRules = layers.flatMap((group, index) =>
  group.map((folder) => {
    const forbidden = layers
      .slice(index)
      .flat()
      .filter((other) => other !== folder);
    return {
      name: `layer-${folder}`,
      comment: `lib/${folder} imports only from the layers before it`,
      severity: 'error',
      from: { path: `^lib/${folder}/` },
      to: { path: `^lib/(?:${[...forbidden.map((other) => `${other}/`), 'index\\.ts$'].join('|')})` },
    };
  }),
);

const withoutLibtorch = alternatives(['core', 'text', 'data', 'logic']);

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'known-folder',
      comment: 'each folder of lib has its place in the layer table',
      severity: 'error',
      from: { path: '^lib/', pathNot: `^lib/(?:${layers.flat().join('|')})/|^lib/index\\.ts$` },
      to: {},
    },
    {
      name: 'no-cycles',
      comment: 'no cycles, not even through types',
      severity: 'error',
      from: { path: '^lib/' },
      to: { circular: true },
    },
    {
      name: 'enter-through-index',
      comment: 'a folder of lib is entered through its index.ts',
      severity: 'error',
      from: { path: '^lib/([^/]+)/' },
      to: { path: '^lib/[^/]+/', pathNot: ['^lib/$1/', '^lib/[^/]+/index\\.ts$'] },
    },
    {
      name: 'public-names-through-index',
      comment: 'index.ts and the scripts enter the folders of lib through their index.ts',
      severity: 'error',
      from: { path: '^(?:lib/index\\.ts$|scripts/)' },
      to: { path: '^lib/[^/]+/', pathNot: '^lib/[^/]+/index\\.ts$' },
    },
    {
      name: 'no-libtorch',
      comment: 'core, text, data and logic never need libtorch',
      severity: 'error',
      from: { path: `^lib/${withoutLibtorch}/` },
      to: { path: '^lib/(?:native|tensor)/', reachable: true },
    },
    {
      name: 'logic-is-apart',
      comment: 'only cli and index import logic',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(?:cli/|logic/|index\\.ts$)' },
      to: { path: '^lib/logic/' },
    },
    {
      name: 'logic-is-pure',
      comment: 'logic is pure TypeScript over core',
      severity: 'error',
      from: { path: '^lib/logic/' },
      to: { path: '^lib/(?!core/|logic/)' },
    },
    {
      name: 'lib-stands-alone',
      comment: 'lib imports neither scripts nor tests',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(?:scripts|tests)/' },
    },
    {
      name: 'no-tests-outside-tests',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^tests/' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(?:lib|scripts)/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'runtime-dependencies',
      comment: 'lib uses only what package.json lists as dependencies',
      severity: 'error',
      from: { path: '^lib/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^build/', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
