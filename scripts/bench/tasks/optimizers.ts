import { run, typescript } from '../processes.js';
import { rounded } from '../rows.js';
import type { Row, Settings } from '../rows.js';

/** The update of each optimizer on the model of C1, and what share of a whole step it takes. */
export async function optimizers({ quick }: Settings): Promise<Row[]> {
  const { figures } = await run(...typescript('scripts/bench/ours/optimizers.ts', quick ? '20' : '100'));
  const names = Object.keys(figures).flatMap((name) => (name.endsWith(': update') ? [name.slice(0, -8)] : []));
  return names.map((name) => {
    const [update = NaN, step = NaN] = [figures[`${name}: update`], figures[`${name}: step`]];
    const notes = { stepMs: rounded(step), share: rounded(update / step) };
    return { name: `update of ${name}`, ours: rounded(update), unit: 'ms', notes };
  });
}
