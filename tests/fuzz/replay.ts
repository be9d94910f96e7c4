/** Makes the call of every refused operator in a process of its own; prints how each process ended, as JSON. */
import { loadAddon as load } from '../../lib/native/index.js';
import { readCall } from './notation.js';
import { deadlyCall, refusedOperators } from './refused.js';
import { Trials } from './trials.js';

const addon = load();
const trials = new Trials(addon);

/** Whether a call reads past its memory shows only where nothing lies there: a call that lives is made again. */
const ATTEMPTS = 5;

function ending(name: string): string {
  const call = deadlyCall(addon, name);
  if (call === undefined) return 'is not refused';
  for (let i = 0; i < ATTEMPTS; i++) {
    const signal = trials.signal(name, readCall(call));
    if (signal !== undefined) return signal;
  }
  return 'lived';
}

console.log(`ENDINGS ${JSON.stringify(Object.fromEntries(refusedOperators().map((name) => [name, ending(name)])))}`);
