import type { FallacyLabel } from '../data/labels.js';
import { adHominem } from './ad-hominem.js';
import { appealToAuthority } from './appeal-to-authority.js';
import { appealToEmotion } from './appeal-to-emotion.js';
import { circularReasoning } from './circular-reasoning.js';
import { falseCause } from './false-cause.js';
import { falseDilemma } from './false-dilemma.js';
import { hastyGeneralisation } from './hasty-generalisation.js';
import { none } from './none.js';
import { redHerring } from './red-herring.js';
import { slipperySlope } from './slippery-slope.js';
import { strawMan } from './straw-man.js';
import { tuQuoque } from './tu-quoque.js';

/** The templates of each label, in the notation of {@link readTemplate}. */
export const fallacyTemplates: Readonly<Record<FallacyLabel, readonly string[]>> = {
  ...{ none, strawMan, adHominem, falseCause, slipperySlope, falseDilemma, appealToAuthority },
  ...{ hastyGeneralisation, circularReasoning, appealToEmotion, tuQuoque, redHerring },
};
