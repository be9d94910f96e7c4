import type { Random } from '../../../core/index.js';
import { pick } from '../../grammar/lexicon/fill-places.js';

/** Words that stand for each other where templates have them; what follows `=` only takes the place of others. */
const sets = `
no hay más que hablar; se acabó la discusión; no hay nada más que decir; =asunto cerrado
está visto; está claro; queda claro; =es evidente
me basta; me sobra; me vale; =me alcanza
no vale nada; no sirve de nada; no tiene ningún valor; =carece de valor
hay que; =es preciso; =toca; =hace falta
habría que; haría falta; convendría; =sería preciso
propone; sugiere; plantea; =recomienda
propuso; sugirió; planteó; =recomendó
contesta; responde; replica; =dice
contestó; respondió; replicó; =dijo
es verdad; es cierto; =es un hecho
es falso; es mentira; =no es cierto
se equivoca; está en un error; =mete la pata
tiene razón; está en lo cierto; =dice la verdad
la causa; el motivo; =el origen; =la explicación
la culpa es de; la culpa la tiene; =la responsabilidad es de
tiene la culpa; es la responsable; =lo explica todo; =lo ha provocado
provocó; causó; produjo; trajo; =ocasionó
provoca; produce; =ocasiona; =trae consigo
provocan; causan; =producen; =traen
por culpa de; a causa de; debido a
casualidad; coincidencia
al día siguiente; a la mañana siguiente; =al otro día; =un día después
a la semana; a los dos meses; al poco tiempo; =a los tres días; =al cabo de un mes
poco después; poco más tarde; =al rato; =esa misma tarde
cada vez que; =siempre que; =todas las veces que
al final; a la postre; por último; =finalmente
tarde o temprano; a la larga; =antes o después; =más pronto que tarde
permitimos; toleramos; =aceptamos; =consentimos; =autorizamos
se permite; se autoriza; se tolera; =se consiente
no hay más opciones; no existe otra salida; =no queda otra; =no hay más posibilidades
dos caminos; dos opciones; dos posibilidades; dos salidas; =dos alternativas
término medio; =punto intermedio
llevarle la contraria; =discutírselo; =ponerlo en duda
no puede equivocarse; no se equivoca; =siempre acierta; =no falla
lo ha dicho; lo dijo; =lo asegura; =lo afirma
cree que; =piensa que; =considera que
queda demostrado; queda probado; =está demostrado; =está comprobado
conozco a; =he conocido a; =sé de
son así; son iguales; =se portan igual; =hacen lo mismo
qué pena; qué lástima; =qué dolor; =qué tristeza
piensa en; acuérdate de; =recuerda
de verdad; realmente; =en serio
lo importante; lo que importa; =lo que cuenta; =lo esencial
por cierto; =a propósito; =ahora que lo pienso
hablemos; =conversemos; =charlemos
mira quién habla; mira quién fue a hablar; =fue a hablar el que más puede
a escondidas; =en secreto; =cuando nadie mira
es decir; o sea; =dicho de otro modo; =en otras palabras
en el fondo; en realidad; =a fin de cuentas
una locura; un disparate; una barbaridad; =una insensatez
no hace falta; =no es necesario; =no es preciso
ya sabéis; ya sabes; =ya se sabe; =todos sabemos
los datos; las cifras; los números; =las mediciones
según; =de acuerdo con
expuso; =argumentó; =razonó
no pienso; no voy a; =me niego a
me dijo; me contó; =me comentó
la reunión; la asamblea; la junta; =el pleno
duda de que; =niega que; =no cree que; =no ve claro que
dudas de que; =niegas que; =no te crees que
no se sabe; =nadie sabe; =falta saber
se ha comprobado que; se ha visto que; =consta que
demuestra que; =deja claro que; =confirma que
los vecinos; =los del barrio; =los inquilinos
mi abuela; mi suegra; mi tía; =mi madrina
mi jefe; =el encargado; =mi cuñado
el alcalde; el ministro; el director; =el presidente; =el gerente
el médico; el dentista; =el enfermero; =el farmacéutico
el profesor; el entrenador; =el instructor; =el maestro
la empresa; =la fábrica; =la compañía
el periódico; la prensa; =la revista
el informe; =el estudio; =el dictamen
el público; la sala; =la gente
este año; esta semana; =este mes; =este invierno
el lunes; el martes; el jueves; =el viernes; =el domingo
en enero; en marzo; en mayo; =en abril; =en otoño
todos los días; cada mañana; =todas las semanas; =cada tarde
hace años; =hace tiempo; =hace meses
con todo detalle; con detalle; =punto por punto; =paso a paso
de sobra; =perfectamente
fin del debate; se acabó el debate; =fin de la discusión; =no se hable más
ante todo; =antes que nada
para siempre; =de por vida
sin parar; =continuamente; =a todas horas
de golpe; de repente; =de pronto
se marcha; =se va; =se levanta y se va
`;

/** Those that each phrase may become, by its lower-case spelling. */
const choices = new Map<string, readonly string[]>();
for (const line of sets.trim().split('\n')) {
  const entries = line.split(';').map((entry) => entry.trim());
  const phrases = entries.map((entry) => entry.replace('=', ''));
  for (const entry of entries) if (!entry.startsWith('=')) choices.set(entry, phrases);
}
const longestFirst = [...choices.keys()].sort((a, b) => b.length - a.length);
const KNOWN = new RegExp(`(?<!\\p{L})(?:${longestFirst.join('|')})(?!\\p{L})`, 'giu');

/**
 * Says words of a template in one of several ways.
 *
 * @param text - of a template, between its slots
 * @param random - the generator that chooses
 * @returns the text, with capitals where it had them
 */
export function swapWords(text: string, random: Random): string {
  return text.replace(KNOWN, (found) => {
    const chosen = pick(random, choices.get(found.toLowerCase())!);
    return /^\p{Lu}/u.test(found) ? chosen[0]!.toUpperCase() + chosen.slice(1) : chosen;
  });
}
