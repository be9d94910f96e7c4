import { parseConfig } from '../../core/index.js';
import { countKernelParameters, measureAttentionHead } from '../../nn/index.js';
import { gptConfigSchema, resolveBias, resolveHiddenWidth } from './gpt-config.js';
import type { GptConfig, GptOptions } from './gpt-config.js';

/**
 * Counts the parameters of a {@link Gpt} by arithmetic, without building it.
 * @param options - its configuration
 * @returns the number of values that `parameterCount()` of the built model gives
 * @throws ConfigError when the configuration doesn't fit
 * @example countParameters({ vocabSize: 8000, ...gptPresets['nanologic-xs'] });
 */
export function countParameters(options: GptOptions): number {
  const config = parseConfig('countParameters', gptConfigSchema, options);
  const { vocabSize, width, layers, positions, contextLength, tied, headScale, valueResidual } = config;
  const tables = (tied ? 1 : 2) * vocabSize + (positions.type === 'learned' ? contextLength : 0);
  const norms = (2 * layers + 1) * countNorm(config);
  const lambdas = (layers - 1) * 2 * (Number(valueResidual.input) + Number(valueResidual.value));
  const blocks = Array.from({ length: layers }, (_, layer) => countAttention(config, layer) + countMlp(config));
  return tables * width + norms + lambdas + Number(headScale === true) + blocks.reduce((sum, count) => sum + count, 0);
}

function countAttention(config: GptConfig, layer: number): number {
  const { width, heads, kvHeads = heads, headWidth = width / heads, attention, queryKeyNorm } = config;
  const bias = resolveBias(config);
  const head = measureAttentionHead(attention, headWidth);
  const rows = heads * head.queries * head.width + kvHeads * head.keys * head.width + kvHeads * headWidth;
  const vectors = (bias.queryKeyValue ? rows : 0) + (bias.attentionOutput ? width : 0);
  const norms = queryKeyNorm.type === 'none' ? 0 : 2 * head.width;
  const kernel = countKernelParameters(attention, { width, heads, headWidth, layer });
  return width * (rows + heads * headWidth) + vectors + norms + kernel;
}

function countMlp(config: GptConfig): number {
  const { width, mlp } = config;
  const hidden = resolveHiddenWidth(config);
  const inner = mlp.type === 'swiglu' ? 2 : 1;
  const vectors = resolveBias(config).mlp ? inner * hidden + width : 0;
  const gate = mlp.type === 'swiglu' && mlp.gateResidual === true ? 1 : 0;
  return (inner + 1) * width * hidden + vectors + gate;
}

function countNorm(config: GptConfig): number {
  return config.norm.type === 'layer' && resolveBias(config).norm ? 2 * config.width : config.width;
}
