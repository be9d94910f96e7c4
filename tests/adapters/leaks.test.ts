import { expect, test } from '@jest/globals';
import { addAdapter, deleteAdapter } from '../../lib/adapters/index.js';
import { memory } from '../../lib/tensor/index.js';
import { newLlama } from './models.js';

test.each([{ r: 4 }, { r: 4, useDora: true }, { r: 4, targetModules: ['embedding', 'query'] }])(
  'an adapter makes its own tensors and no other, and frees them: %j',
  (options) => {
    const model = newLlama();
    const before = memory.stats().liveSlots;
    const { tensors } = countTensors(() => addAdapter(model, options));
    const own = Object.keys(model.namedParameters()).filter((path) => path.includes('.lora.')).length;
    // One more tells recorded programs which adapters act.
    expect(tensors).toBe(own + 1);
    deleteAdapter(model, 'default');
    expect(memory.stats().liveSlots).toBe(before);
    model.dispose();
  },
);

function countTensors(work: () => void): { tensors: number } {
  const before = memory.stats().liveSlots;
  work();
  return { tensors: memory.stats().liveSlots - before };
}
