/** Given names: women's with `:f`. */
export const people =
  split(`Ana:f Luis Marta:f Pedro Lucía:f Javier Carmen:f Diego Elena:f Raúl Sofía:f Andrés Paula:f Sergio Irene:f
  Tomás Nuria:f Hugo Clara:f Emilio Rosa:f Iván Julia:f Mateo Alba:f Bruno Teresa:f Óscar Inés:f Fermín Lola:f Ramiro Ximena:f Joaquín
  Valeria:f Nicolás Camila:f Ignacio Renata:f Gonzalo Beatriz:f Adrián Noelia:f Esteban Olga:f Rubén Pilar:f Damián Aitana:f Leandro
  Yolanda:f Facundo Miriam:f Eloy Rocío:f Ulises Amparo:f Germán Consuelo:f Lautaro Guadalupe:f Saúl Catalina:f Benito Fátima:f
  Wenceslao Itziar:f Jordi Montserrat:f Xoán Candela:f Evaristo Macarena:f Anselmo Dolores:f Marcelo Berta:f Néstor Jimena:f Zulema:f`);

/** Family names, brands' and teams' first parts. */
export const surnames =
  split(`García Molina Ferrer Ortega Salazar Quiroga Beltrán Navarro Ibáñez Robles Cifuentes Aguirre Montoya Lozano
  Prieto Vallejo Echeverría Zamora Urrutia Pastrana Cabrera Figueroa Olmedo Rentería Tejada Bermúdez Villalba Arrieta Otxoa Narváez`);

/** Towns and countries. */
export const cities =
  split(`Madrid Sevilla Bogotá Lima Valencia Quito Montevideo Zaragoza Bilbao Guadalajara Córdoba Rosario Cuenca Toledo
  Vigo Gijón Murcia Cádiz Huelva Managua Caracas Arequipa Cali Mérida Oaxaca Puebla Valparaíso Mendoza Salta Granada Soria Teruel Ávila Burgos
  Lugo Ceuta Lisboa París Roma Berlín Londres Tokio Praga Chile Perú Italia Francia Portugal Tarifa Ronda Jaca Alcoy Mahón Potosí Tegucigalpa`);

/** Rare nouns with their article, for what no other table has. */
export const rareNouns = split(
  `el alambique;la balaustrada;el astrolabio;la clepsidra;el gnomon;la ménsula;el arcaduz;la almádena;el ataúd;la cítara;el dolmen;la
  espadaña;el fonógrafo;la gárgola;el hurón;la jofaina;el ábaco;la lezna;el monolito;la noria;el obelisco;la palangana;el quinqué;la
  rueca;el sextante;la tinaja;el umbráculo;la veleta;el yunque;la zampoña;el abrevadero;la barcaza;el caduceo;la dársena;el esquife;la
  falúa;el garrote;la hornacina;el icono;la jábega;el laúd;la mazmorra;el nogal;la ojiva;el pebetero;la quijada;el relicario;la
  saeta;el trinquete;la ubre;el vástago;la yesca;el zaguán;la alacena;el bargueño;la celosía;el diván;la escarapela;el fuelle;la
  góndola;el herbario;la ínsula;el jubón;la cantimplora;el manuscrito;la nasa;el odre;la peana;el quiosco;la redoma;el sahumerio;la
  tarima;el velamen;la vitela;el zócalo;la aljaba;el batiscafo;la cofa;el dedal;la enagua;el farol;la ganzúa;el hontanar;la
  jarcia;el capitel;la lira;el mástil;la criba;el orinal;la pértiga;el retablo;la solana;el telar;la urna;el visillo;la ballesta;el
  cernícalo;la garduña;el alcotán;la abubilla;el tejón;la salamandra;el alcaudón;la libélula;el ornitorrinco;la luciérnaga`,
  ';',
);

/** Nouns and company names made by the rules of Spanish syllables. */
export const syllables = {
  onset: split('b br c cr d f fl g gl l m n p pl pr qu r s t tr v z ch ll ñ j gr cl b c d l m n p r s t'),
  nucleus: split('a e i o u a e o a e o ia ie ue'),
  simpleOnset: split('b c d f g m p t v d t b'),
  simpleNucleus: split('a e i o u'),
  coda: split('- - - - - n r l s'),
};

function split(text: string, separator: string | RegExp = /\s+/): string[] {
  return text.split(separator).map((word) => word.replace(/\s+/g, ' ').trim());
}
