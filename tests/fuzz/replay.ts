/** Makes the call of every refused operator in a process of its own; prints how each process ended, as JSON. */
import { loadAddon as load } from '../../lib/native/index.js';
import { readCall } from './notation.js';
import { deadlyCall, refusedOperators } from './refused.js';
import { Trials } from './trials.js';

const addon = load();
const trials = new Trials(addon);

function ending(name: string): string {
  const call = deadlyCall(addon, name);
  return call === undefined ? 'is not refused' : (trials.signal(name, readCall(call)) ?? 'lived');
}

console.log(`ENDINGS ${JSON.stringify(Object.fromEntries(refusedOperators().map((name) => [name, ending(name)])))}`);
