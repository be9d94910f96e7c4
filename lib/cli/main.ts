#!/usr/bin/env node
import { processOutput } from './output.js';
import { run } from './program.js';

// A reader that has seen enough, as `| head`, ends the printing, not the work.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
process.exitCode = await run(process.argv.slice(2), processOutput);
