/** Runs one step of set-up: a line while it runs, a line when it is done, the end of its output when it fails. */
import { spawn } from 'node:child_process';

const TAIL_LINES = 40;

/** Seconds in words. */
function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

/**
 * Runs a command with its output hidden: a terminal sees the newest line, a log only start and end.
 *
 * @throws Error with the last lines of the output when the command fails
 */
export async function runStep(title, command, args, { quiet = false, env = process.env } = {}) {
  const start = performance.now();
  const terminal = !quiet && process.stderr.isTTY;
  if (!quiet && !terminal) console.error(`${title} …`);
  const lines = [];
  const status = await ended(command, args, env, (line) => {
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    if (terminal)
      process.stderr.write(`\r\u001b[K${`${title} … ${line}`.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  });
  if (terminal) process.stderr.write('\r\u001b[K');
  if (status !== 0) throw new Error(`${title}: ended with ${status}.\n${lines.join('\n')}`);
  if (!quiet) console.error(`${title}: ${seconds(start)}`);
}

function ended(command, args, env, onLine) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) splitLines(stream, onLine);
    child.on('error', failed);
    child.on('close', (status, signal) => done(signal ?? status));
  });
}

/** Hands over whole lines; carriage returns end a line too. */
function splitLines(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text) => {
    const parts = (rest + text).split(/[\r\n]+/);
    rest = parts.pop();
    parts.filter((part) => part.trim() !== '').forEach(onLine);
  });
  stream.on('end', () => rest.trim() !== '' && onLine(rest));
}
