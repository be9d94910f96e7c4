/** Unit tests live in tests/unit and need no libtorch; native tests load the addon and run in band. */
const project = (name) => ({
  displayName: name,
  rootDir: '.',
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript', explicitResourceManagement: true } } }],
  },
});

export default { projects: ['unit', 'native', 'conformance', 'parity', 'system'].map(project) };
