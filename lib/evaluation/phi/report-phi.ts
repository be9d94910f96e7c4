import { Random, checkOptions, expectPositiveInteger, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { generateTexts } from '../../generation/index.js';
import { collectPhi, findPhiLayer, getSegmentLength, phiComponents } from '../../inspection/index.js';
import type { PhiComponent, PhiLayer } from '../../inspection/index.js';
import { buildModel } from '../../models/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { manualSeed, scope, tensor } from '../../tensor/index.js';
import type { Tokenizer } from '../../text/index.js';
import { selectPrompts } from '../reports/prompts.js';
import { pairedTTest } from '../statistics/compare-means.js';
import { computeCorrelation, computeRankCorrelation } from '../statistics/correlation.js';
import { mean, standardDeviation } from '../statistics/describe.js';
import { describeSample } from '../statistics/describe-sample.js';
import { measureDeletions } from './measure-deletions.js';
import { phiPrompts } from './phi-prompts.js';
import type { GroupMean, PhiControl, PhiLayerReport, PhiReport, PhiSeries } from './phi-report.js';

/** Settings of {@link reportPhi}. */
export interface ReportPhiOptions {
  /** The most segments of the text that are read (default 32). */
  segments?: number | undefined;
  /** Tokens of the generated text (default 64). */
  generated?: number | undefined;
  /** Of the untrained model and of the shuffled tokens (default 0). */
  seed?: number | undefined;
}

const reportPhiKeys: OptionChecks<ReportPhiOptions> = {
  segments: expectPositiveInteger,
  generated: expectPositiveInteger,
  seed: true,
};

/** Tokens whose deletion is tried. */
const MOST_DELETIONS = 48;
const BANDS = 4;
const SERIES: readonly PhiSeries[] = ['phi', ...phiComponents];

/**
 * Phi of a text: by layer, token, length and kind of prompt, along a generated text, and beside that of an untrained model
 * of the same shape and of shuffled tokens. Segments are read each by itself, so phi at the layer of a memory is exact.
 * @param model - one that records its states, as the Infinito
 * @param tokenizer - of the model
 * @param text - of 2 tokens or more; statistics need several segments
 * @param options - sizes and seed
 * @returns plain data, for {@link renderPhiPage} and {@link renderPhiPictures}
 * @throws PalabraError of code PAL_UNSUPPORTED for a model that records no states
 * @throws DataError for a text of fewer than 2 tokens
 * @example await writeFile('phi.html', renderPhiPage(await reportPhi(model, tokenizer, text)));
 */
export async function reportPhi(
  model: LanguageModel,
  tokenizer: Tokenizer,
  text: string,
  options: ReportPhiOptions = {},
): Promise<PhiReport> {
  const { segments = 32, generated = 64, seed = 0 } = checkOptions('reportPhi', options, reportPhiKeys);
  const rows = cutSegments(tokenizer.encode(text), getSegmentLength(model), segments);
  const layers = measureRows(model, rows);
  const layer = findPhiLayer(model, layers);
  const own = layers[layer]!;
  const values = getLast(own);
  return {
    tokens: rows[0]!.map((id) => tokenizer.decode([id])),
    layer,
    layers: layers.map(reportLayer),
    correlations: computeCorrelations(own),
    values,
    statistics: values.length < 2 ? undefined : describeSample(values),
    controls: [
      compareControl('untrained', values, getLast(measureUntrained(model, rows, seed)[layer]!)),
      compareControl('shuffled', values, getLast(measureRows(model, shuffleRows(rows, seed))[layer]!)),
    ],
    lengths: averageBands(own),
    kinds: measureKinds(model, tokenizer, layer),
    generation: await followGeneration(model, tokenizer, rows[0]!, generated),
    importance: measureDeletions(model, rows[0]!.slice(0, MOST_DELETIONS)),
  };
}

/** Whole segments, or the text itself where it is shorter than one. */
function cutSegments(ids: Iterable<number>, length: number, most: number): number[][] {
  const all = [...ids];
  if (all.length < 2) {
    raise('PAL_DATA', { where: 'reportPhi', expected: 'a text of 2 tokens or more', received: String(all.length) });
  }
  if (all.length < 2 * length) return [all.slice(0, length)];
  const count = Math.min(most, Math.floor(all.length / length));
  return Array.from({ length: count }, (_, i) => all.slice(i * length, (i + 1) * length));
}

function measureRows(model: LanguageModel, rows: number[][]): PhiLayer[] {
  return scope(() => collectPhi(model, tensor(rows, { dtype: 'int64', device: model.device })));
}

function measureUntrained(model: LanguageModel, rows: number[][], seed: number): PhiLayer[] {
  manualSeed(seed);
  const fresh = buildModel(model.kind, model.config);
  try {
    return measureRows(fresh, rows);
  } finally {
    fresh.dispose();
  }
}

function shuffleRows(rows: readonly number[][], seed: number): number[][] {
  const random = new Random(seed).split('phi');
  return rows.map((row) => random.shuffle([...row]));
}

function getLast({ phi }: PhiLayer): number[] {
  return phi.map((row) => row.at(-1)!);
}

function reportLayer(layer: PhiLayer): PhiLayerReport {
  const { name, phi, components } = layer;
  const own = Object.entries(components).map(([component, rows]) => [component, rows[0]!] as const);
  const series = { phi: phi[0]!, ...(Object.fromEntries(own) as Record<PhiComponent, number[]>) };
  return { ...averageGroup(name, getLast(layer)), series };
}

function getRows(layer: PhiLayer, name: PhiSeries): readonly number[][] {
  return name === 'phi' ? layer.phi : layer.components[name];
}

function computeCorrelations(layer: PhiLayer): PhiReport['correlations'] {
  const columns = SERIES.map((name) => getRows(layer, name).flat());
  const table = (of: (a: readonly number[], b: readonly number[]) => number): number[][] =>
    columns.map((a) => columns.map((b) => of(a, b)));
  return { names: SERIES, pearson: table(computeCorrelation), spearman: table(computeRankCorrelation) };
}

function compareControl(name: PhiControl['name'], own: readonly number[], values: readonly number[]): PhiControl {
  return { name, values, test: own.length < 2 ? undefined : pairedTTest(own, values) };
}

/** Phi by the tokens read: prefixes are prompts of all lengths. */
function averageBands({ phi }: PhiLayer): GroupMean[] {
  const T = phi[0]!.length;
  const edge = (band: number): number => Math.floor((band * T) / BANDS);
  return Array.from({ length: Math.min(BANDS, T) }, (_, band) => {
    const [from, to] = T < BANDS ? [band, band + 1] : [edge(band), edge(band + 1)];
    return averageGroup(
      `${from + 1} to ${to}`,
      phi.flatMap((row) => row.slice(from, to)),
    );
  });
}

/** Phi at the end of prompts of each kind; those that the tokenizer can't express are left out. */
function measureKinds(model: LanguageModel, tokenizer: Tokenizer, layer: number): GroupMean[] {
  const most = getSegmentLength(model);
  return phiPrompts.flatMap(({ kind, texts }) => {
    const usable = selectPrompts([tokenizer], [], texts).map((text) => [...tokenizer.encode(text)].slice(0, most));
    if (usable.length === 0) return [];
    return [
      averageGroup(
        kind,
        usable.map((ids) => getLast(measureRows(model, [ids])[layer]!)[0]!),
      ),
    ];
  });
}

/** Greedy, from the beginning of the text; each value reads what was there when its token was chosen. */
async function followGeneration(
  model: LanguageModel,
  tokenizer: Tokenizer,
  row: readonly number[],
  count: number,
): Promise<PhiReport['generation']> {
  const prompt = row.slice(0, Math.max(1, Math.floor(row.length / 4)));
  const maxTokens = Math.min(count, getSegmentLength(model) - prompt.length);
  const [made] = maxTokens < 1 ? [] : await generateTexts(model, tokenizer, [prompt], { maxTokens, temperature: 0 });
  const ids = made?.ids ?? [];
  const layers = measureRows(model, [[...prompt, ...ids]]);
  const phi = layers[findPhiLayer(model, layers)]!.phi[0]!.slice(prompt.length);
  const steps = phi.slice(1).map((value, i) => value - phi[i]!);
  return { tokens: ids.map((id) => tokenizer.decode([id])), phi, volatility: standardDeviation(steps) };
}

function averageGroup(name: string, values: readonly number[]): GroupMean {
  return { name, count: values.length, mean: mean(values), standardDeviation: standardDeviation(values) };
}
