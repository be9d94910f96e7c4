/** What a verb has of its own; what is missing follows the rules. */
export interface Irregular {
  /** Present: yo, tú, él, nosotros, ellos. */
  present?: string;
  /** Only the first person of the present. The subjunctive follows it. */
  yo?: string;
  preterite?: string;
  /** A preterite with its stress on the stem: -e, -iste, -o, -imos, -ieron. */
  strong?: string;
  imperfect?: string;
  /** The stem of future and conditional. */
  future?: string;
  subjunctive?: string;
  /** The imperative of tú. */
  command?: string;
  participle?: string;
  gerund?: string;
}

/** Irregular verbs; a verb that ends in one of them, with a prefix of {@link PREFIXES}, follows it. */
export const irregularVerbs: Readonly<Record<string, Irregular>> = {
  ser: {
    present: 'soy eres es somos son',
    preterite: 'fui fuiste fue fuimos fueron',
    imperfect: 'era eras era éramos eran',
    subjunctive: 'sea seas sea seamos sean',
    command: 'sé',
  },
  estar: {
    present: 'estoy estás está estamos están',
    strong: 'estuv',
    subjunctive: 'esté estés esté estemos estén',
  },
  haber: {
    present: 'he has ha hemos han',
    strong: 'hub',
    future: 'habr',
    subjunctive: 'haya hayas haya hayamos hayan',
  },
  ir: {
    present: 'voy vas va vamos van',
    preterite: 'fui fuiste fue fuimos fueron',
    imperfect: 'iba ibas iba íbamos iban',
    subjunctive: 'vaya vayas vaya vayamos vayan',
    command: 've',
    gerund: 'yendo',
  },
  dar: {
    present: 'doy das da damos dan',
    preterite: 'di diste dio dimos dieron',
    subjunctive: 'dé des dé demos den',
  },
  ver: {
    present: 'veo ves ve vemos ven',
    preterite: 'vi viste vio vimos vieron',
    imperfect: 'veía veías veía veíamos veían',
    subjunctive: 'vea veas vea veamos vean',
    participle: 'visto',
  },
  prever: {
    present: 'preveo prevés prevé prevemos prevén',
    preterite: 'preví previste previó previmos previeron',
    imperfect: 'preveía preveías preveía preveíamos preveían',
    subjunctive: 'prevea preveas prevea preveamos prevean',
    participle: 'previsto',
  },
  saber: { yo: 'sé', strong: 'sup', future: 'sabr', subjunctive: 'sepa sepas sepa sepamos sepan' },
  poder: { strong: 'pud', future: 'podr', gerund: 'pudiendo' },
  querer: { strong: 'quis', future: 'querr' },
  caber: { yo: 'quepo', strong: 'cup', future: 'cabr' },
  andar: { strong: 'anduv' },
  poner: { yo: 'pongo', strong: 'pus', future: 'pondr', command: 'pon', participle: 'puesto' },
  tener: { present: 'tengo tienes tiene tenemos tienen', strong: 'tuv', future: 'tendr', command: 'ten' },
  venir: {
    present: 'vengo vienes viene venimos vienen',
    strong: 'vin',
    future: 'vendr',
    command: 'ven',
    gerund: 'viniendo',
  },
  hacer: { yo: 'hago', strong: 'hic', future: 'har', command: 'haz', participle: 'hecho' },
  satisfacer: { yo: 'satisfago', strong: 'satisfic', future: 'satisfar', participle: 'satisfecho' },
  decir: {
    present: 'digo dices dice decimos dicen',
    strong: 'dij',
    future: 'dir',
    command: 'di',
    participle: 'dicho',
    gerund: 'diciendo',
  },
  traer: { yo: 'traigo', strong: 'traj' },
  caer: { yo: 'caigo' },
  salir: { yo: 'salgo', future: 'saldr', command: 'sal' },
  valer: { yo: 'valgo', future: 'valdr' },
  oír: { present: 'oigo oyes oye oímos oyen', future: 'oir' },
  reír: {
    present: 'río ríes ríe reímos ríen',
    preterite: 'reí reíste rio reímos rieron',
    subjunctive: 'ría rías ría riamos rían',
    future: 'reir',
    participle: 'reído',
    gerund: 'riendo',
  },
  sonreír: {
    present: 'sonrío sonríes sonríe sonreímos sonríen',
    preterite: 'sonreí sonreíste sonrió sonreímos sonrieron',
    subjunctive: 'sonría sonrías sonría sonriamos sonrían',
    future: 'sonreir',
    participle: 'sonreído',
    gerund: 'sonriendo',
  },
  freír: {
    present: 'frío fríes fríe freímos fríen',
    preterite: 'freí freíste frio freímos frieron',
    subjunctive: 'fría frías fría friamos frían',
    future: 'freir',
    participle: 'frito',
    gerund: 'friendo',
  },
  oler: { present: 'huelo hueles huele olemos huelen', subjunctive: 'huela huelas huela olamos huelan' },
  errar: { present: 'yerro yerras yerra erramos yerran', subjunctive: 'yerre yerres yerre erremos yerren' },
  ducir: { strong: 'duj' },
  abrir: { participle: 'abierto' },
  cubrir: { participle: 'cubierto' },
  escribir: { participle: 'escrito' },
  scribir: { participle: 'scrito' },
  morir: { participle: 'muerto' },
  romper: { participle: 'roto' },
  volver: { participle: 'vuelto' },
  solver: { participle: 'suelto' },
  imprimir: { participle: 'impreso' },
  pudrir: { participle: 'podrido' },
};

/** What may stand before an irregular verb that keeps its forms. */
export const PREFIXES: ReadonlySet<string> = new Set(
  `in en de son circun con com contra des dis ante ex entre im inter intro man ob o pos pre pro re sobre sos su sub super sus tras tran trans
  a ab abs at al en in pro re equi bien decons recon retro`.split(/\s+/),
);
