import { join } from 'node:path';

import { findModelFile } from '../model-file.js';
import { peersPython, run, typescript } from '../processes.js';
import type { Run } from '../processes.js';
import { alternate, figure, rounded, withFolder } from '../rows.js';
import type { Row, Settings } from '../rows.js';

/** What stands to be reached beside transformers with one text, in float32. */
const MARKS: Record<string, string> = { small: '7 ×', medium: '3 ×', real: '2 ×' };
const TITLES: Record<string, string> = { small: '0.8 M', medium: '10.7 M', real: '135 M' };

/** One way to decode: a model, how its weights are held, texts side by side, ids of a prompt, tokens to make. */
interface Case {
  model: string;
  weights: 'float32' | 'int8' | 'int4';
  batch: number;
  prompt: number;
  tokens: number;
}

/** Greedy decoding of three sizes in float32, int8 and int4, of 1 to 32 texts, against transformers in float32. */
export async function c10({ quick }: Settings): Promise<Row[]> {
  const python = peersPython();
  if (python === undefined) return [];
  const gguf = quick ? undefined : findModelFile();
  return withFolder(async (folder) => {
    await run(...typescript('scripts/bench/ours/c10-prepare.ts', folder, ...(gguf === undefined ? [] : [gguf])));
    const rows: Row[] = [];
    for (const one of listCases(quick, gguf !== undefined)) rows.push(...(await measure(python, folder, one, quick)));
    return rows;
  });
}

function listCases(quick: boolean, withReal: boolean): Case[] {
  if (quick) return [{ model: 'small', weights: 'float32', batch: 2, prompt: 16, tokens: 40 }];
  const models = ['small', 'medium', ...(withReal ? ['real'] : [])];
  const alone = models.flatMap((model): Case[] =>
    (['float32', 'int8', 'int4'] as const).map((weights) => ({ model, weights, batch: 1, prompt: 16, tokens: 256 })),
  );
  const together = models.flatMap((model): Case[] =>
    [8, 32].map((batch) => ({ model, weights: 'float32', batch, prompt: 16, tokens: 64 })),
  );
  const long = models.map((model): Case => ({ model, weights: 'float32', batch: 1, prompt: 512, tokens: 34 }));
  return [...alone, ...together, ...long];
}

async function measure(python: string, folder: string, one: Case, quick: boolean): Promise<Row[]> {
  const sizes = [one.batch, one.prompt, one.tokens].map(String);
  const path = join(folder, one.model);
  const runs = await alternate(quick ? 1 : 3, {
    ours: () => run(...typescript('scripts/bench/ours/c10.ts', path, one.weights, ...sizes)),
    peer: () => run(python, ['scripts/bench/peers/c10.py', path, ...sizes]),
  });
  return one.prompt > 16 ? [rowOf(one, 'prefill', runs)] : [rowOf(one, 'decoded', runs)];
}

function rowOf(
  { model, weights, batch, prompt }: Case,
  kind: 'prefill' | 'decoded',
  runs: Record<'ours' | 'peer', Run[]>,
): Row {
  const [ours, peer] = [figure(runs.ours, kind), figure(runs.peer, kind)];
  const mark = batch === 1 && weights === 'float32' && kind === 'decoded' ? MARKS[model] : undefined;
  const what = kind === 'prefill' ? `reading ${prompt} tokens` : `decoding of ${batch} at once`;
  return {
    name: `C10, ${TITLES[model] ?? model}, ${weights}, ${what}`,
    ours: rounded(ours),
    unit: 'tokens/s',
    ...(mark !== undefined && { mark }),
    peer: rounded(peer),
    ratio: rounded(ours / peer),
    // Rounded weights say something else.
    ...(weights === 'float32' && { agrees: haveSameIds(runs) }),
    notes: {},
  };
}

/** Whether the first 32 tokens of every text are the same on both sides. */
function haveSameIds({ ours, peer }: Record<'ours' | 'peer', Run[]>): boolean {
  const [mine, theirs] = [ours[0]?.figures ?? {}, peer[0]?.figures ?? {}];
  const names = Object.keys({ ...mine, ...theirs }).filter((name) => name.startsWith('id'));
  return names.length > 0 && names.every((name) => mine[name] === theirs[name]);
}
