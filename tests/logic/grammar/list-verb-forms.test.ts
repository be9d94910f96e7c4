import { expect, test } from '@jest/globals';
import { listVerbForms } from '../../../lib/logic/index.js';

test.each([
  ['desaparecerán', 'desaparecen'],
  ['acaricies', 'acaricias'],
  ['retire', 'retira'],
  ['haga', 'hace'],
  ['vaya', 'vas'],
  ['cierre', 'cerrar'],
  ['vuelva', 'vuelve'],
  ['pidas', 'pides'],
  ['pagues', 'pagas'],
  ['saque', 'saca'],
  ['empiece', 'empieza'],
  ['conduzcan', 'conducen'],
  ['huyeras', 'huyes'],
  ['continuará', 'continúa'],
  ['amásala', 'amasas'],
  ['mételas', 'metes'],
  ['dárselo', 'das'],
  ['vámonos', 'vamos'],
  ['ingresarlo', 'ingresas'],
  ['aprobada', 'apruebas'],
])('%s may be of the verb of %s', (word, other) => {
  expect(listVerbForms(word)).toContain(other);
});

test('other words are of no verb, or of one that is regular', () => {
  expect(listVerbForms('y')).toEqual(new Set());
  expect(listVerbForms('mesa')).toContain('meso');
  for (const word of ['qué', '13', 'ñandú', '«', 'a'.repeat(200)]) expect(() => listVerbForms(word)).not.toThrow();
});
