/** `unit` needs no libtorch; the others load the addon. Tests mirror lib/ folder by folder. */
const project = (displayName, folders) => ({
  displayName,
  rootDir: '.',
  testMatch: folders.map((folder) => `<rootDir>/tests/${folder}/**/*.test.ts`),
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

export default {
  testTimeout,
  projects: [
    project('unit', ['core', 'pictures', 'native', 'text', 'data', 'experiments', 'logic', 'cli', 'surface']),
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
