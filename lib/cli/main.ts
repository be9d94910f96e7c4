#!/usr/bin/env node
import { processOutput } from './output.js';
import { executeCli } from './program.js';

// A reader that has seen enough, as head, closes the pipe: nothing is left to be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
process.exitCode = await executeCli(process.argv.slice(2), processOutput);
