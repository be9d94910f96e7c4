import { readFile } from 'node:fs/promises';
import { raise, throwFileError } from '../../../core/index.js';

/** Sentences of no field in particular, half of them Spanish and half English. */
const GENERAL_TEXTS: readonly string[] = [
  'La panadería de la esquina abre a las siete, y a esa hora ya hay una fila de vecinos que esperan el pan recién hecho.',
  'Cuando llueve en la sierra, el río crece en pocas horas y los puentes bajos quedan cerrados hasta el día siguiente.',
  'Mi hermana estudia por las noches porque durante el día trabaja en una tienda de muebles del centro de la ciudad.',
  'El tren salió con veinte minutos de retraso, pero llegó casi a tiempo gracias a que no se detuvo en dos estaciones.',
  'Para hacer una tortilla se baten los huevos con una pizca de sal y se añaden las patatas cuando ya están tiernas.',
  'El ayuntamiento aprobó el presupuesto del año que viene con los votos de tres partidos y la abstención de otro.',
  'Dejó las llaves sobre la mesa, apagó la luz del pasillo y cerró la puerta sin hacer ruido para no despertar a nadie.',
  'Las plantas toman el agua por las raíces y la devuelven al aire por las hojas, sobre todo en los días de calor.',
  'The library on the hill stays open until nine in the evening, and on Saturdays it lends out games as well as books.',
  'She had packed a warm coat, two pairs of socks and a map, but she forgot the one thing that mattered: the tickets.',
  'If you mix flour and water and leave the bowl on a warm shelf for a week, it will begin to bubble and smell sour.',
  'The company said on Monday that it would close two of its offices and move most of the staff to the new building.',
  'A square has four equal sides and four right angles, so its area is the length of one side multiplied by itself.',
  'After the storm the fishermen walked along the beach to see which of the boats could still be brought to the water.',
  'He asked the doctor how long the treatment would take, and whether he could go back to work before the end of it.',
  'Most birds that live near the lake leave in October and come back in spring, when the ice on the shore has gone.',
];

/**
 * The texts on which a model may not become worse.
 * @param where - named in errors
 * @param file - of texts between empty lines (default: sentences in Spanish and English)
 * @returns at least one text
 * @throws DataError for a file without text; PalabraError of code PAL_FILE when it cannot be read
 */
export async function readGeneralTexts(where: string, file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return GENERAL_TEXTS;
  const content = await readFile(file, 'utf8').catch((cause: unknown) => throwFileError(where, file, cause));
  const texts = content.split(/\n\s*\n/u).map((text) => text.trim());
  const filled = texts.filter((text) => text !== '');
  return filled.length > 0 ? filled : raise('PAL_DATA', { where, expected: `text in ${file}`, received: 'none' });
}
