import { expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import { matchName, selectParameters } from '../../lib/nn/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

test('a pattern names a parameter by its name or by a module around it, and nothing that only begins alike', () => {
  const name = 'blocks.1.attention.query.weight';
  for (const pattern of ['blocks', 'blocks.1', 'blocks.1.*', name, 'blocks.*.attention', '*.query.*', '*', 'bl*']) {
    expect([pattern, matchName(pattern, name)]).toEqual([pattern, true]);
  }
  for (const pattern of ['block', 'blocks.1.att', 'query', 'blocks.10', 'blocks?1', 'blocks.*.mlp', 'weight']) {
    expect([pattern, matchName(pattern, name)]).toEqual([pattern, false]);
  }
  expect(matchName('blocks.1', 'blocks.10.norm.weight')).toBe(false);
});

test('a pattern that names nothing is an error with what there is', () => {
  const model = new Gpt({ vocabSize: 5, contextLength: 4, width: 4, layers: 3, heads: 1 });
  const select = (...patterns: string[]) =>
    selectParameters(model.namedParameters(), patterns, { where: 'Trainer', setting: 'freeze' });
  expect(Object.keys(select('blocks.0.attentionNorm', 'norm'))).toEqual([
    'blocks.0.attentionNorm.weight',
    'norm.weight',
  ]);
  expect(() => select('norm', 'embeding', 'blocks.7')).toThrow(
    /\[PAL_CONFIG\] Trainer: expected patterns in freeze .*"embeding", "blocks\.7", which name none\. Did you mean "embedding"\? Known: embedding\.weight, blocks\.\*\.attentionNorm\.weight/,
  );
});
