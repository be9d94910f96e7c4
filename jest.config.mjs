/**
 * `unit` and `integration` need no libtorch; the others load the addon. Tests mirror lib/ folder by folder. A file named
 * `*.integration.test.ts` starts processes, runs commands, or reads corpora, the whole tree or thousands of records.
 */
const project = (displayName, folders, ending = '.test.ts') => ({
  displayName,
  rootDir: '.',
  testMatch: folders.map((folder) => `<rootDir>/tests/${folder}/**/*${ending}`),
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript', explicitResourceManagement: true } } },
    ],
  },
});

/** Ends a test that hangs, in milliseconds; no test measures by it, however slow or busy the machine. */
const testTimeout = 1_800_000;

const withoutLibtorch = ['core', 'pictures', 'native', 'text', 'data', 'experiments', 'logic', 'cli', 'surface'];

/** What runs after each edit: quick, and without processes. */
const unit = {
  ...project('unit', withoutLibtorch),
  testPathIgnorePatterns: ['/node_modules/', '\\.integration\\.test\\.ts$'],
  setupFilesAfterEnv: ['<rootDir>/tests/helpers/no-processes.ts'],
};

export default {
  testTimeout,
  // Of the tests that wait for processes; none else is concurrent.
  maxConcurrency: 2,
  projects: [
    unit,
    project('integration', withoutLibtorch, '.integration.test.ts'),
    project('native', [
      'addon',
      'tensor',
      'nn',
      'optim',
      'models',
      'adapters',
      'tasks',
      'generation',
      'inspection',
      'evaluation',
      'step',
      'training',
      'conformance',
      'golden',
      'commands',
    ]),
    project('parity', ['parity']),
    project('cpus', ['cpus']),
    project('system', ['leaks', 'exit', 'fuzz', 'install', 'marks']),
  ],
};
