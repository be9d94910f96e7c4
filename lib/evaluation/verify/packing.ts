import { isPalabraError } from '../../core/index.js';
import { arange, cat, full, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { computeDifference } from './probe.js';
import type { Probe } from './probe.js';
import { createCheck, formatDigits, skipCheck } from './report.js';
import type { Check } from './report.js';

const NAME = 'packing isolation';

/** Packs two documents in a row and expects the second one's logits to be those of the document alone. */
export function checkPackingIsolation(probe: Probe): Check {
  if (probe.length < 2 || probe.vocabSize < 2) return skipCheck(NAME, 'One token or one id leaves nothing to pack.');
  try {
    return judge(scope(() => measure(probe)));
  } catch (error) {
    if (isPalabraError(error) && error.code === 'PAL_UNSUPPORTED') return skipCheck(NAME, error.message);
    throw error;
  }
}

interface Figures {
  neighbour: number;
  alone: number;
  rounding: number;
}

function judge({ neighbour, alone, rounding }: Figures): Check {
  const explanation =
    `The second document's logits change by up to ${formatDigits(neighbour)} with the tokens of the first, and differ by ` +
    `up to ${formatDigits(alone)} from those of the document alone.`;
  if (neighbour === 0 && alone <= rounding)
    return createCheck(NAME, true, explanation, { value: alone, limit: rounding });
  const cause =
    neighbour === 0
      ? ' Look at the positions: they must start anew with each document.'
      : ' Look at the mask: it must be block-diagonal in `documents`; a recurrent state must start anew. ' +
        'A model that cannot pack refuses `documents` with PAL_UNSUPPORTED.';
  const figures = neighbour === 0 ? { value: alone, limit: rounding } : { value: neighbour, limit: 0 };
  return createCheck(NAME, false, explanation + cause, figures);
}

function measure(probe: Probe): Figures {
  const { length } = probe;
  const cut = Math.ceil(length / 2);
  const ids = probe.ids(1);
  const context = {
    documents: buildRow(probe, cut, createDocumentIds),
    positions: buildRow(probe, cut, createPositions),
  };
  const second = (tokens: Tensor) => probe.logits(tokens, context).narrow(1, cut, length - cut);
  const before = second(ids);
  return {
    neighbour: computeDifference(before, second(probe.withOthers(ids, 0, cut))),
    alone: computeDifference(before, probe.logits(ids.narrow(1, cut, length - cut))),
    rounding: probe.rounding(before),
  };
}

type Row = (document: number, length: number, device: string) => Tensor;

const createDocumentIds: Row = (document, length, device) => full([length], document, { dtype: 'int64', device });
const createPositions: Row = (_, length, device) => arange(0, length, 1, { dtype: 'int64', device });

/** A row for two documents, `[1, T]`. */
function buildRow({ length, device }: Probe, cut: number, row: Row): Tensor {
  return cat([row(0, cut, device), row(1, length - cut, device)], 0).unsqueeze(0);
}
