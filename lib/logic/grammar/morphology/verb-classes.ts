/** Verbs whose stressed stem changes e to ie. */
const E_TO_IE =
  splitWords(`acertar alentar apretar arrendar atravesar calentar precalentar denegar cerrar comenzar concertar confesar desconcertar
  despertar desterrar empezar encerrar encomendar enmendar enterrar fregar gobernar helar herrar invertir manifestar merendar
  negar nevar pensar plegar desplegar quebrar recomendar regar renegar reventar segar sembrar sentar serrar sosegar temblar
  tentar tropezar ascender atender defender descender encender entender extender heder perder revertir tender trascender verter
  querer advertir arrepentir consentir convertir desmentir digerir divertir herir hervir inferir ingerir mentir pervertir
  preferir presentir referir requerir resentir sentir sugerir transferir interferir conferir diferir discernir`);

/** Verbs whose stressed stem changes o to ue. */
const O_TO_UE =
  splitWords(`acordar acostar almorzar apostar aprobar avergonzar colar colgar comprobar consolar contar costar
  demostrar descolgar desaprobar descontar encontrar esforzar forzar mostrar poblar probar recordar reforzar renovar rodar
  rogar soltar sonar soñar tostar tronar volar volcar cocer conmover demoler devolver disolver doler envolver llover morder
  mover oler poder promover remover resolver revolver soler torcer volver retorcer absolver dormir morir desenvolver
  reprobar recontar`);

/** Verbs whose stem changes e to i under stress and before the sound of i and a diphthong. */
const E_TO_I =
  splitWords(`ceñir competir concebir conseguir corregir derretir despedir elegir expedir impedir investir medir pedir
  perseguir proseguir regir rendir reñir repetir seguir servir teñir vestir revestir gemir`);

/** Verbs in -iar that stress the i. */
const STRESSED_I =
  splitWords(`aliar ampliar ansiar averiar confiar contrariar criar desafiar desconfiar desviar enfriar enviar
  esquiar espiar expiar extraviar fotografiar hastiar liar porfiar reenviar resfriar rociar vaciar variar prohibir aislar`);

/** Verbs that stress the u; those in -uar do but for -guar and -cuar. */
const STRESSED_U = splitWords(`reunir aullar maullar rehusar aunar`);

/** How the stem of a verb changes under stress. */
export type StemChange = 'ie' | 'ue' | 'i' | 'u>ue' | 'i>ie' | 'í' | 'ú';

/**
 * The change of a verb's stem under stress.
 *
 * @param infinitive - without a pronoun
 * @returns undefined where it stays
 */
export function findStemChange(infinitive: string): StemChange | undefined {
  if (infinitive === 'jugar') return 'u>ue';
  if (infinitive === 'adquirir' || infinitive === 'inquirir') return 'i>ie';
  if (E_TO_IE.has(infinitive)) return 'ie';
  if (O_TO_UE.has(infinitive)) return 'ue';
  if (E_TO_I.has(infinitive)) return 'i';
  if (STRESSED_I.has(infinitive)) return 'í';
  return STRESSED_U.has(infinitive) || /[^gc]uar$/.test(infinitive) ? 'ú' : undefined;
}

/** Verbs of states, whose past in a story is the imperfect. */
const STATES =
  splitWords(`ser estar tener haber saber conocer querer poder deber necesitar vivir costar valer parecer pertenecer
  contener medir pesar significar creer pensar odiar gustar faltar sobrar bastar existir consistir depender poseer carecer
  merecer padecer temer preferir constar incluir caber soler figurar disponer coincidir funcionar hablar trabajar sufrir
  llevar confiar desconocer ignorar residir convivir admitir permitir`);

/**
 * True for a verb that tells a state, not an event.
 *
 * @param infinitive - without a pronoun
 * @returns whether its past is the imperfect
 */
export function isStative(infinitive: string): boolean {
  return STATES.has(infinitive);
}

function splitWords(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/));
}
