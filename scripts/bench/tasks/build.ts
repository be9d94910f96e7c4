import { run } from '../processes.js';
import { rounded } from '../rows.js';
import type { Row } from '../rows.js';

/** The addon from clean, without a compiler cache. */
export async function build(): Promise<Row[]> {
  const { figures } = await run(process.execPath, ['scripts/bench/ours/build.mjs']);
  return [{ name: 'build', ours: rounded(figures.seconds ?? NaN), unit: 's', mark: '360 s on 2 cores', notes: {} }];
}
