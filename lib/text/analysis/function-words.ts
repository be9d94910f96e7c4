/** Languages whose function words are known. */
export const LANGUAGES = ['en', 'es'] as const;

/** One of them. */
export type Language = (typeof LANGUAGES)[number];

/** The words that hold a sentence together and say little alone, in small letters. */
export const FUNCTION_WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: createWordSet(
    'a an the this that these those i me my mine myself you your yours yourself he him his himself she her hers herself',
    'it its itself we us our ours ourselves they them their theirs themselves who whom whose which what where when why how',
    'am is are was were be been being have has had having do does did doing done will would shall should can could may',
    'might must ought and or but nor so yet if then else because as until while although though unless whereas whether',
    'since than of at by for with about against between into through during before after above below to from up down in',
    'out on off over under upon within without toward towards among across behind beyond near onto per via again further',
    'once here there all any both each few more most other some such no not only own same too very just also ever never',
    "always often still even n't don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't wouldn't shouldn't",
    "it's i'm you're he's she's we're they're i've you've we've they've i'll you'll he'll she'll we'll they'll that's",
  ),
  es: createWordSet(
    'el la los las lo un una unos unas este esta esto estos estas ese esa eso esos esas aquel aquella aquello aquellos',
    'aquellas yo tú vos usted él ella ello nosotros nosotras vosotros vosotras ustedes ellos ellas me te se nos os le les',
    'mi mis tu tus su sus mío mía tuyo tuya suyo suya suyos suyas nuestro nuestra nuestros nuestras vuestro vuestra mí ti',
    'sí conmigo contigo consigo que qué quien quién quienes quiénes cual cuál cuales cuáles cuyo cuya cuyos cuyas donde',
    'dónde cuando cuándo como cómo cuanto cuánto por porque para con sin sobre bajo entre hacia hasta desde durante según',
    'ante tras contra mediante a de del al en y e o u ni pero mas sino aunque si pues luego mientras ya no nunca jamás',
    'también tampoco muy más menos tan tanto tanta tantos tantas poco mucho mucha muchos muchas todo toda todos todas algo',
    'nada alguien nadie alguno alguna algunos algunas ningún ninguno ninguna otro otra otros otras mismo misma mismos',
    'mismas cada es son era eran fue fueron ser sido soy eres somos sea sean está están estaba estaban estar ha han había',
    'habían he hemos haber hay puede pueden aún aquí allí ahí así entonces siempre casi solo sólo',
  ),
};

/** The language whose function words a list of words holds most of; the first of equals. */
export function guessLanguage(tokens: readonly string[]): Language {
  const hits = LANGUAGES.map((language) => tokens.filter((word) => FUNCTION_WORDS[language].has(word)).length);
  return LANGUAGES[hits.indexOf(Math.max(...hits))]!;
}

function createWordSet(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
