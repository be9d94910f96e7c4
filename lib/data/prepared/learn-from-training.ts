import type { Turns } from '../../core/index.js';
import { learnPreprocess, preprocessTexts } from '../../text/index.js';
import type { TextSource, Tokenizer } from '../../text/index.js';
import { planTextSplit, selectTraining } from '../corpus/text-split.js';
import type { TextSplit } from '../corpus/text-split.js';
import { learnConfig, omitHeldOutShares } from './prepare-config.js';
import type { CheckedPrepareConfig, HeldOutTexts, LearnedPrepareConfig } from './prepare-config.js';
import type { PrepareOptions, PrepareStage } from './prepare-options.js';
import { watchSource } from './watch-source.js';

/** The settings of a preparation that learning needs. */
export interface LearnWork {
  tokenizer: PrepareOptions['tokenizer'];
  config: CheckedPrepareConfig;
  heldOut: HeldOutTexts;
  onStage: PrepareOptions['onStage'];
  signal: AbortSignal | undefined;
}

/** What was learned, and how the text was divided for it. */
export interface Learned {
  tokenizer: Tokenizer;
  config: LearnedPrepareConfig;
  textSplit: TextSplit | undefined;
}

/** Learns what is missing from the training part of a text; where nothing is, the text is not read. */
export async function learnFromTraining(source: TextSource, work: LearnWork, turns: Turns): Promise<Learned> {
  const { tokenizer } = work;
  const { preprocess, ...others } = { ...work.config, split: omitHeldOutShares(work.config.split, work.heldOut) };
  const learnsForms = preprocess?.case.type === 'truecase' && preprocess.case.forms === undefined;
  if (typeof tokenizer !== 'function' && !learnsForms) {
    return { tokenizer, config: await learnConfig(work.config, source, work.heldOut), textSplit: undefined };
  }
  const watched = (stage: PrepareStage, text: TextSource): TextSource => countBytes(stage, text, work, turns);
  const textSplit = await planTextSplit(watched('measure', source), others.split, turns);
  const training = watched('learn', selectTraining(source, textSplit));
  const learned = preprocess && (await learnPreprocess(training, preprocess));
  const makeUniform = (text: TextSource): TextSource => (learned === undefined ? text : preprocessTexts(text, learned));
  const config = learned === undefined ? others : { ...others, preprocess: learned };
  if (typeof tokenizer !== 'function') return { tokenizer, config, textSplit };
  const whole = makeUniform(watched('learn', source));
  return { tokenizer: await tokenizer(makeUniform(training), whole), config, textSplit };
}

/** A text that tells of its first piece, and then once a slice how much of it was read. */
function countBytes(stage: PrepareStage, source: TextSource, { onStage }: LearnWork, turns: Turns): TextSource {
  let done = 0;
  return watchSource(source, turns, ({ bytes }) => {
    const first = done === 0;
    done += bytes;
    if (first || turns.over) onStage?.({ stage, done, total: undefined });
  });
}
