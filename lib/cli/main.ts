#!/usr/bin/env node
import { openOutput } from './output.js';
import { executeCli } from './program.js';

const code = await executeCli(process.argv.slice(2), openOutput());
process.exitCode ||= code;
