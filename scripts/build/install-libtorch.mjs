/** `palabra libtorch install` before the rest of the command line is compiled. Needs dist/core and dist/native. */
const dist = new URL('../../dist/cli/', import.meta.url);
const { createLibtorchCommand } = await import(new URL('commands/libtorch.js', dist).href);
const { openOutput } = await import(new URL('output.js', dist).href);

await createLibtorchCommand(openOutput())
  .parseAsync(['install', ...process.argv.slice(2)], { from: 'user' })
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
