/** The layer table of lib: a folder imports only from those to its left. */
const layers = [
  ...[
    'core',
    'pictures',
    'native',
    'text',
    'tensor',
    'data',
    'nn',
    'optim',
    'models',
    'adapters',
    'step',
    'generation',
    'inspection',
  ],
  ...['evaluation', 'training', 'experiments', 'logic', 'tasks', 'server', 'cli'],
];

const layerRules = layers.map((folder, index) => ({
  name: `layer-${folder}`,
  comment: `lib/${folder} imports only from the folders to its left`,
  severity: 'error',
  from: { path: `^lib/${folder}/` },
  to: { path: `^lib/(?:${[...layers.slice(index + 1).map((other) => `${other}/`), 'index\\.ts$'].join('|')})` },
}));

/** The doors of lib/native that lead to palabra.node alone, and all that may stand behind them. */
const withoutLibtorch = '^lib/native/(?:text|data)\\.ts$';
/** Doors inside rooms: what few need of a room, so that the others need not load it. */
const innerDoors =
  '^lib/(?:core/errors|native/(?:libtorch|diagnosis)|(?:models|optim)/interface|evaluation/(?:losses|metrics|scoring|statistics|verify)|step/work|tasks/(?:config|logic/train)|training/(?:checks|config|diagnostics))/index\\.ts$';
const loaderFiles =
  '^lib/native/(?:text|text-addon|data|data-addon|loader|failures|elf|node-gyp-build|libtorch/(?:cache|pin))(?:\\.d)?\\.ts$';

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'known-folder',
      comment: 'each folder of lib has its place in the layer table',
      severity: 'error',
      from: { path: '^lib/', pathNot: `^lib/(?:${layers.join('|')})/|^lib/index\\.ts$` },
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
      to: { path: '^lib/[^/]+/', pathNot: ['^lib/$1/', '^lib/[^/]+/index\\.ts$', withoutLibtorch, innerDoors] },
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
      from: { path: '^lib/(?:core|text|data|logic)/' },
      to: { path: '^lib/(?:native|tensor)/', pathNot: loaderFiles, reachable: true },
    },
    {
      name: 'doors-without-libtorch',
      comment: 'text and data alone enter lib/native by a door without libtorch, each by its own',
      severity: 'error',
      from: { path: '^lib/(?!native/)([^/]+)' },
      to: { path: withoutLibtorch, pathNot: '^lib/native/$1\\.ts$' },
    },
    {
      name: 'adapters-know-modules',
      comment: 'adapters work on any Module and know no model',
      severity: 'error',
      from: { path: '^lib/adapters/' },
      to: { path: '^lib/models/' },
    },
    {
      name: 'logic-is-apart',
      comment: 'only tasks, cli and index import logic',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(?:tasks/|cli/|logic/|index\\.ts$)' },
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
      to: { couldNotResolve: true, pathNot: '^palabra$' },
    },
    {
      name: 'runtime-dependencies',
      comment: 'lib uses only what package.json lists as dependencies, peers included',
      severity: 'error',
      from: { path: '^lib/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'undetermined'],
        dependencyTypesNot: ['npm-peer'],
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^build/', '^dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
