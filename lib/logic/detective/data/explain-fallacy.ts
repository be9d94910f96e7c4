import { expectOneOf, expectString } from '../../../core/index.js';
import { fallacyLabels } from './labels.js';
import type { FallacyLabel } from './labels.js';

const REASONS: Readonly<Record<Exclude<FallacyLabel, 'none'>, readonly [name: string, reason: string]>> = {
  strawMan: ['hombre de paja', 'pone en boca del otro algo que no ha dicho y ataca eso en lugar de lo que dijo'],
  adHominem: ['ataque a la persona', 'juzga a quien habla, y eso no decide si lo que dice es cierto'],
  falseCause: ['falsa causa', 'toma por causa lo que solo vino antes o pasó a la vez'],
  slipperySlope: [
    'pendiente resbaladiza',
    'encadena consecuencias cada vez peores sin mostrar que una lleve a la otra',
  ],
  falseDilemma: ['falso dilema', 'da por hecho que no hay más que dos posibilidades'],
  appealToAuthority: ['apelación a la autoridad', 'pone un nombre o un cargo en el lugar de las razones'],
  hastyGeneralisation: ['generalización apresurada', 'habla de todos a partir de muy pocos casos'],
  circularReasoning: ['razonamiento circular', 'apoya lo que quiere probar en eso mismo'],
  appealToEmotion: ['apelación a las emociones', 'pone un sentimiento en el lugar de las razones'],
  tuQuoque: ['tú también', 'devuelve la crítica en lugar de contestarla: que otro lo haga no lo vuelve correcto'],
  redHerring: ['pista falsa', 'cambia de asunto y deja la cuestión sin respuesta'],
};

/**
 * Says in Spanish what is wrong with a part of a text.
 *
 * @param label - of the text
 * @param part - the words that commit the fallacy; empty where there is none
 * @returns one sentence
 * @throws ArgumentError for an unknown label
 * @example explainFallacy('falseDilemma', 'o vienes o te odio');
 */
export function explainFallacy(label: FallacyLabel, part: string): string {
  expectOneOf('explainFallacy', 'label', label, fallacyLabels);
  expectString('explainFallacy', 'part', part);
  if (label === 'none') return 'No se aprecia ninguna falacia informal.';
  const [name, reason] = REASONS[label];
  return `${name[0]!.toUpperCase()}${name.slice(1)}: «${part}» ${reason}.`;
}
