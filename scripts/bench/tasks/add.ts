import { run } from '../processes.js';
import { rounded } from '../rows.js';
import type { Row } from '../rows.js';

/** One add on four floats, freed by a scope. */
export async function add(): Promise<Row[]> {
  const { figures } = await run(process.execPath, ['tests/marks/add.child.mjs']);
  return Object.entries(figures).map(([name, microseconds]) => ({
    name: `add, ${name}`,
    ours: rounded(microseconds),
    unit: 'µs',
    ...(name === 'boxed' && { mark: '1.0 µs' }),
    notes: {},
  }));
}
