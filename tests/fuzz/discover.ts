/**
 * Finds operators with which libtorch dies: `tsx tests/fuzz/discover.ts SEED CALLS [name-part …]` makes CALLS calls of
 * each matching operator, repeats each death alone in a process of its own, and prints the calls that kill.
 */
import { loadAddon } from '../../lib/native/index.js';
import { runCampaign } from './campaign.js';
import { reachableOperators } from './operators.js';

const [seed = '1', calls = '300', ...parts] = process.argv.slice(2);
const matching = reachableOperators(loadAddon()).filter(
  (name) => parts.length === 0 || parts.some((part) => name.includes(part)),
);
const suspects = new Map<string, string>();

/** Calls the operators in batches; one that kills is left out of the rest of its batch. */
async function sweep(operators: string[]): Promise<void> {
  let left = operators;
  while (left.length > 0) {
    const job = { operators: left, seed: Number(seed), from: 0, to: left.length * Number(calls), hangSeconds: 20 };
    const { deaths, failures } = await runCampaign({ ...job, patience: 1 });
    for (const { call, error } of failures) console.log(`FAILURE\t${call}\t${error}`);
    const [death] = deaths;
    if (!death) return;
    const name = left[death.number % left.length] ?? '';
    const again = await runCampaign({ ...job, operators: left, from: death.number, to: death.number + 1 });
    console.log(
      `${again.deaths.length > 0 ? 'DEATH' : 'ONCE'}\t${name}\t${death.how}\t${death.call}\t${JSON.stringify(death.said)}`,
    );
    suspects.set(name, death.call);
    left = left.filter((other) => other !== name);
  }
}

const batch = 20;
for (let start = 0; start < matching.length; start += batch) await sweep(matching.slice(start, start + batch));
console.log(`${matching.length} operators, ${suspects.size} suspects`);
