import { describe, expect, test } from '@jest/globals';

import { agreeComplement } from '../../../lib/logic/grammar/clauses/agreement.js';
import { attachPronouns } from '../../../lib/logic/grammar/morphology/attach-pronouns.js';
import { conjugate } from '../../../lib/logic/grammar/morphology/conjugate.js';
import { guessGender, pluralize } from '../../../lib/logic/grammar/morphology/inflect-nouns.js';
import { chooseAnd, chooseOr, contract } from '../../../lib/logic/grammar/morphology/join-words.js';

describe('conjugation: present | preterite | subjunctive | nosotros of the imperfect subjunctive | yo of the future', () => {
  test.each([
    [
      'hablar',
      'hablo hablas habla hablamos hablan',
      'hablé hablaste habló hablamos hablaron',
      'hable hables hable hablemos hablen',
      'habláramos',
      'hablaré',
    ],
    [
      'comer',
      'como comes come comemos comen',
      'comí comiste comió comimos comieron',
      'coma comas coma comamos coman',
      'comiéramos',
      'comeré',
    ],
    [
      'vivir',
      'vivo vives vive vivimos viven',
      'viví viviste vivió vivimos vivieron',
      'viva vivas viva vivamos vivan',
      'viviéramos',
      'viviré',
    ],
    [
      'pagar',
      'pago pagas paga pagamos pagan',
      'pagué pagaste pagó pagamos pagaron',
      'pague pagues pague paguemos paguen',
      'pagáramos',
      'pagaré',
    ],
    [
      'empezar',
      'empiezo empiezas empieza empezamos empiezan',
      'empecé empezaste empezó empezamos empezaron',
      'empiece empieces empiece empecemos empiecen',
      'empezáramos',
      'empezaré',
    ],
    [
      'dormir',
      'duermo duermes duerme dormimos duermen',
      'dormí dormiste durmió dormimos durmieron',
      'duerma duermas duerma durmamos duerman',
      'durmiéramos',
      'dormiré',
    ],
    [
      'pedir',
      'pido pides pide pedimos piden',
      'pedí pediste pidió pedimos pidieron',
      'pida pidas pida pidamos pidan',
      'pidiéramos',
      'pediré',
    ],
    [
      'seguir',
      'sigo sigues sigue seguimos siguen',
      'seguí seguiste siguió seguimos siguieron',
      'siga sigas siga sigamos sigan',
      'siguiéramos',
      'seguiré',
    ],
    [
      'construir',
      'construyo construyes construye construimos construyen',
      'construí construiste construyó construimos construyeron',
      'construya construyas construya construyamos construyan',
      'construyéramos',
      'construiré',
    ],
    [
      'conducir',
      'conduzco conduces conduce conducimos conducen',
      'conduje condujiste condujo condujimos condujeron',
      'conduzca conduzcas conduzca conduzcamos conduzcan',
      'condujéramos',
      'conduciré',
    ],
    [
      'avergonzar',
      'avergüenzo avergüenzas avergüenza avergonzamos avergüenzan',
      'avergoncé avergonzaste avergonzó avergonzamos avergonzaron',
      'avergüence avergüences avergüence avergoncemos avergüencen',
      'avergonzáramos',
      'avergonzaré',
    ],
    [
      'enviar',
      'envío envías envía enviamos envían',
      'envié enviaste envió enviamos enviaron',
      'envíe envíes envíe enviemos envíen',
      'enviáramos',
      'enviaré',
    ],
    [
      'reunir',
      'reúno reúnes reúne reunimos reúnen',
      'reuní reuniste reunió reunimos reunieron',
      'reúna reúnas reúna reunamos reúnan',
      'reuniéramos',
      'reuniré',
    ],
    [
      'leer',
      'leo lees lee leemos leen',
      'leí leíste leyó leímos leyeron',
      'lea leas lea leamos lean',
      'leyéramos',
      'leeré',
    ],
    [
      'mantener',
      'mantengo mantienes mantiene mantenemos mantienen',
      'mantuve mantuviste mantuvo mantuvimos mantuvieron',
      'mantenga mantengas mantenga mantengamos mantengan',
      'mantuviéramos',
      'mantendré',
    ],
    [
      'satisfacer',
      'satisfago satisfaces satisface satisfacemos satisfacen',
      'satisfice satisficiste satisfizo satisficimos satisficieron',
      'satisfaga satisfagas satisfaga satisfagamos satisfagan',
      'satisficiéramos',
      'satisfaré',
    ],
    [
      'oír',
      'oigo oyes oye oímos oyen',
      'oí oíste oyó oímos oyeron',
      'oiga oigas oiga oigamos oigan',
      'oyéramos',
      'oiré',
    ],
    ['ser', 'soy eres es somos son', 'fui fuiste fue fuimos fueron', 'sea seas sea seamos sean', 'fuéramos', 'seré'],
    ['ir', 'voy vas va vamos van', 'fui fuiste fue fuimos fueron', 'vaya vayas vaya vayamos vayan', 'fuéramos', 'iré'],
    [
      'cocer',
      'cuezo cueces cuece cocemos cuecen',
      'cocí cociste coció cocimos cocieron',
      'cueza cuezas cueza cozamos cuezan',
      'cociéramos',
      'coceré',
    ],
    [
      'jugar',
      'juego juegas juega jugamos juegan',
      'jugué jugaste jugó jugamos jugaron',
      'juegue juegues juegue juguemos jueguen',
      'jugáramos',
      'jugaré',
    ],
  ])('%s', (verb, present, preterite, subjunctive, past, future) => {
    const forms = conjugate(verb);
    expect(forms.present.join(' ')).toBe(present);
    expect(forms.preterite.join(' ')).toBe(preterite);
    expect(forms.subjunctive.join(' ')).toBe(subjunctive);
    expect(forms.imperfectSubjunctive[3]).toBe(past);
    expect(forms.future[0]).toBe(future);
  });

  test('participles, gerunds and commands', () => {
    const list = (kind: 'participle' | 'gerund' | 'command', verbs: string): string =>
      verbs
        .split(' ')
        .map((verb) => conjugate(verb)[kind])
        .join(' ');
    expect(
      list(
        'participle',
        'abrir descubrir escribir inscribir hacer poner ver volver resolver romper morir decir leer oír caer construir imprimir freír',
      ),
    ).toBe(
      'abierto descubierto escrito inscrito hecho puesto visto vuelto resuelto roto muerto dicho leído oído caído construido impreso frito',
    );
    expect(list('gerund', 'dormir pedir leer ir construir reñir poder decir venir sentir')).toBe(
      'durmiendo pidiendo leyendo yendo construyendo riñendo pudiendo diciendo viniendo sintiendo',
    );
    expect(list('command', 'hacer poner salir tener venir decir ser ir mantener componer predecir cerrar')).toBe(
      'haz pon sal ten ven di sé ve mantén compón predice cierra',
    );
  });
});

describe('words beside others', () => {
  test('pronouns behind a verb move no stress', () => {
    const pairs: [string, string[]][] = [
      ['queda', ['te']],
      ['pon', ['lo']],
      ['detén', ['te']],
      ['diga', ['me', 'lo']],
      ['envía', ['lo']],
      ['vender', ['se', 'la']],
      ['oír', ['se']],
    ];
    expect(pairs.map(([verb, pronouns]) => attachPronouns(verb, pronouns)).join(' ')).toBe(
      'quédate ponlo detente dígamelo envíalo vendérsela oírse',
    );
  });

  test('y becomes e before i, not before ie; o becomes u before o', () => {
    expect(['invita', 'hijos', 'hielo', 'yeso', 'Inés', 'ahora', 'ir'].map(chooseAnd).join(' ')).toBe('e e y y e y e');
    expect(['olvida', 'hora', 'Óscar', 'uno', 'ayer'].map(chooseOr).join(' ')).toBe('u u u o o');
  });

  test('a el and de el contract, names too', () => {
    expect(contract('va a el cine de el barrio de ella')).toBe('va al cine del barrio de ella');
    expect(contract('antes de el 3 de mayo')).toBe('antes del 3 de mayo');
  });
});

describe('agreement', () => {
  test('plurals', () => {
    const words =
      'joven orden examen canción francés análisis luz red club virus tórax mes país régimen carácter ley interés camión menú router';
    expect(words.split(' ').map(pluralize).join(' ')).toBe(
      'jóvenes órdenes exámenes canciones franceses análisis luces redes clubes virus tórax meses países regímenes caracteres leyes intereses camiones menús routers',
    );
  });

  test('gender by the ending, with exceptions', () => {
    expect('casa problema mano canción libro noche dificultades sistemas'.split(' ').map(guessGender).join('')).toBe(
      'fmffmffm',
    );
  });

  test('complements follow their subject', () => {
    const complement = 'cansad@ pero feliz% con ~su hija';
    expect(agreeComplement(complement, { person: 3, gender: 'f', plural: true })).toBe(
      'cansadas pero felices con nuestra hija',
    );
    expect(agreeComplement(complement, { person: 1, gender: 'm', plural: false })).toBe(
      'cansado pero feliz con tu hija',
    );
  });
});
