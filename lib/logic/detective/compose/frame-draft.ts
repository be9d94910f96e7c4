import type { Random } from '../../../core/index.js';
import { pick } from '../../grammar/lexicon/fill-places.js';

/** Where texts come from; it says nothing of what they are. */
const openings =
  split(`oído en el autobús; carta al director; del acta de la reunión; comentario en un foro; mensaje de voz; de un
  programa de radio; nota pegada en la puerta; de un examen; escrito en una servilleta; del diario de un viaje; de un debate en el
  instituto; columna de opinión; correo del lunes; de una novela; en la cola del supermercado; de la sección de deportes; de un blog de
  cocina; en la sala de espera; del boletín del barrio; apuntes de clase; de una entrevista; conversación entre vecinos; en la peluquería;
  del grupo de la familia; segunda parte; ejercicio tercero; de un folleto; transcripción; publicado ayer; para pensar un rato`);
/** What is said behind them. */
const closings =
  split(`así lo cuentan; eso fue todo; hasta aquí la nota; lo copio tal cual; y siguieron con la cena; y colgó el teléfono;
  se dijo a media tarde; lo leí en el tren; firmado, un lector; continuará; así termina la página; y apagó la radio`);
const [OPENED, CLOSED] = [0.35, 0.15];

/**
 * Puts a text of any label where it may come from: with some words before it, behind it, or none.
 *
 * @param draft - words, with marks around what commits the fallacy
 * @param random - the generator that chooses
 * @returns words
 */
export function frameDraft(draft: string, random: Random): string {
  const isDialogue = draft.startsWith('—');
  const opening = random.float() < OPENED && !isDialogue ? `${pick(random, openings)}. ` : '';
  const closing = random.float() < CLOSED && !draft.includes('—') ? ` ${pick(random, closings)}.` : '';
  return `${opening}${draft}${closing}`;
}

function split(text: string): string[] {
  const phrases = text.split(';').map((phrase) => phrase.trim().replace(/\s+/g, ' '));
  return phrases.map((phrase) => phrase[0]!.toUpperCase() + phrase.slice(1));
}
