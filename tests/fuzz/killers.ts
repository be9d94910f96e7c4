/**
 * Finds the calls with which libtorch dies: `tsx tests/fuzz/killers.ts SEED CALLS overload …` tries CALLS random calls of
 * each overload, makes those that kill as simple as they stay deadly, and prints the shortest for native/dispatch/refused.cc.
 */
import { loadAddon as load } from '../../lib/native/index.js';
import type { OperatorInfo } from '../../lib/native/index.js';
import { Draw } from './draw.js';
import { readCall, writeCall } from './notation.js';
import type { WrittenCall } from './notation.js';
import { drawArguments } from './operators.js';
import { simplest } from './simplest.js';
import { Trials } from './trials.js';

/** What a user may do with any result. */
const follows = [
  [],
  [],
  [],
  [],
  ['gradients'],
  ['gradients'],
  ['aten::clone'],
  ['aten::zero_'],
  ['aten::_neg_view_copy'],
  ['aten::mul.Scalar'],
];

const batch = 25;
const enough = 6;
const [seed = '1', calls = '1000', ...names] = process.argv.slice(2);
const addon = load();
const trials = new Trials(addon);

/** Does the call end a process each time? One that hangs is tried twice. */
function deadly(name: string, call: WrittenCall): boolean {
  for (let times = 5; times > 0; times--) {
    const signal = trials.signal(name, call);
    if (signal === undefined) return false;
    if (signal === 'SIGALRM') times -= 3;
  }
  return true;
}

/** The calls that kill, up to `enough` of them; a process makes many calls until one kills it. */
function find(name: string): WrittenCall[] {
  const info = { ...addon.operator(name.replace('aten::', 'trial::')), name };
  const found: WrittenCall[] = [];
  for (let start = 0; start < Number(calls) && found.length < enough; start += batch) {
    const drawn = Array.from({ length: batch }, (_, i) => draw(info, start + i));
    if (trials.signalOfAll(name, drawn) === undefined) continue;
    found.push(...drawn.filter((call) => writable(call) && deadly(name, call)));
  }
  return found;
}

function draw(info: OperatorInfo, number: number): WrittenCall {
  const draw = new Draw(Number(seed) * 2 ** 24 + number, info.name);
  return { args: drawArguments(info, draw), then: draw.pick(follows) };
}

/** Does the call come back from its writing? */
function writable(call: WrittenCall): boolean {
  try {
    return writeCall(readCall(writeCall(call))) === writeCall(call);
  } catch {
    return false;
  }
}

for (const name of names) {
  const found = find(name).map((call) => simplest(call, (simpler) => deadly(name, simpler)));
  const [shortest] = found.sort((a, b) => writeCall(a).length - writeCall(b).length);
  if (shortest) console.log(`KILLED\t${name}\t${trials.signal(name, shortest)}\t${writeCall(shortest)}`);
  else console.log(`NONE\t${name}\t${calls} calls`);
}
