import { join } from 'node:path';
import { checkOptions, raise } from '../../core/index.js';
import { generateManyKeys, generateTexts } from '../../generation/index.js';
import type { GenerateManyOptions } from '../../generation/index.js';
import { loadModel } from '../../models/index.js';
import { createPreprocessor } from '../../text/index.js';
import type { SampleRecord } from './record.js';

/**
 * Texts of the model that a run has published, for the checks that look at samples. Settings of generation that are not
 * given are those stored with the model.
 *
 * @param runDirectory - of a run that has ended
 * @param prompts - texts to continue, made uniform as the training text was
 * @param options - by default 4 samples a prompt
 * @returns `prompts.length · samples` texts as ids, with ln P of each token
 * @throws PalabraError of code PAL_FILE when the run has no model, or none with a tokenizer
 * @example await diagnoseRun('runs/first', { samples: await sampleRun('runs/first', ['The ']) });
 */
export async function sampleRun(
  runDirectory: string,
  prompts: readonly string[],
  options: GenerateManyOptions = {},
): Promise<SampleRecord[]> {
  checkOptions('sampleRun', options, generateManyKeys);
  const folder = join(runDirectory, 'model');
  const { model, tokenizer, generation, preprocess } = await loadModel(folder);
  try {
    if (tokenizer === undefined) throwNoTokenizer(folder);
    const settings = { samples: 4, ...generation, ...options };
    const plain = preprocess === undefined ? prompts : prompts.map(createPreprocessor(preprocess));
    const texts = await generateTexts(model, tokenizer, plain, settings);
    const { temperature = 1 } = settings;
    return texts.map(({ ids, logProbabilities }) => ({ ids, logProbabilities, temperature }));
  } finally {
    model.dispose();
  }
}

function throwNoTokenizer(folder: string): never {
  const fix = 'Give the trainer the tokenizer.';
  raise('PAL_FILE', { where: 'sampleRun', expected: `a tokenizer in ${folder}`, received: 'none', fix });
}
