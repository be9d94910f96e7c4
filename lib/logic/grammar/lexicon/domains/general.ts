import type { DomainText } from '../domain-text.js';

/** What can be said of any thing, also of one whose name nobody knows. */
export const general: DomainText = {
  name: 'general',
  groups: [
    {
      subjects: `<cosa>`,
      predicates: `estar {rot@|oxidad@|limpi@|en venta|en <ciudad>|cubiert@ de polvo|a la vista|torcid@|vací@}; >caerse {al suelo|al
        agua|de la estantería}; pesar más de <n2-90> kilos; pertenecer a {<persona>|la familia <nombre>|un museo|<empresa>}; costar
        más de <n20-900> euros; >desaparecer {de la sala|del inventario}; >brillar {al sol|en la oscuridad|por la
        noche}; girar {despacio|hacia la derecha}; hacer {ruido|sombra}; moverse {con el viento|hacia la puerta}; aparecer en {el
        mapa|el catálogo|la foto|el sótano}; funcionar {bien|con agua|a mano}; venir de {<ciudad>|muy lejos}; caber en {la caja|el
        maletero|el armario}; ser {valios@|antigu@|fals@|de bronce|de madera|frágil%|transparente%}; necesitar {una mano de pintura|
        reparación|una pieza}; servir para {algo|medir el tiempo|cortar}; romperse {con el frío|de un golpe}; tener {dueño|una
        grieta|dos asas|mucho valor}; gustar a {<persona>|los visitantes}; quedar {a la vista|en su sitio|al descubierto}`,
    },
  ],
  actions: `comprar <cosa>; limpiar <cosa>; romper <cosa>; esconder <cosa>; vender <cosa>; usar <cosa>; dibujar <cosa>; buscar <cosa>;
    guardar <cosa> en {la caja|el armario|el coche}; prestar <cosa> a <persona>; devolver <cosa>; cubrir <cosa>; mover <cosa>; pintar
    <cosa>; fotografiar <cosa>; medir <cosa>; llevar <cosa> a {<ciudad>|casa|la tienda}; llamar a {<empresa>|<persona>}; firmar con
    <empresa>; escribir a <empresa>; trabajar en <empresa>; reparar <cosa>`,
  happenings: `encontrar <cosa>; ver <cosa>; perder <cosa>; tener <cosa>; heredar <cosa>; necesitar <cosa>; recibir <cosa>; oír
    hablar de {<empresa>|<persona>}; tropezar con <cosa>; conocer {<ciudad>|a <persona>}; vivir en <ciudad>`,
  impersonal: `haber {polvo|luz|alguien dentro|un cartel en la puerta|sitio en el armario}; faltar una pieza; existir {otra copia|un
    plano}`,
  anonymous: `vender <cosa>; restaurar <cosa>; abrir {la caja|el museo}; robar <cosa>; traer <cosa> de <ciudad>`,
};
