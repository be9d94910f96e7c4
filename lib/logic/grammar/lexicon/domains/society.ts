import type { DomainText } from '../domain-text.js';

/** Contracts, courts and paperwork. */
export const law: DomainText = {
  name: 'derecho',
  groups: [
    {
      plural: true,
      subjects: `el contrato [de alquiler|laboral|de compraventa]; el testamento; la demanda [civil]; la sentencia; el recurso; la
        licencia [de obras]; la escritura; el permiso [de residencia|de trabajo]; la cláusula [<n2-20>!|abusiva]; la
        póliza; la prueba [pericial]; el acuerdo; el certificado; la denuncia; la garantía; la solicitud; la reclamación; el
        poder notarial`,
      predicates: `ser {válid@|nul@|firme%|obligatori@|públic@|admisible%|legal%}; >caducar {a los <n30-90> días|en <fecha>}; quedar
        {anulad@|sin efecto|en suspenso|registrad@}; requerir {la firma de ambas partes|un notario|la autorización del
        juez|una fianza}; >vencer {en <fecha>|a fin de mes}; entrar en vigor; prever {una indemnización|una penalización|una
        prórroga}; infringir {la ley|la normativa|el artículo <n2-90>}; renovarse {cada año|de forma automática}; contener {errores|
        datos personales|una firma falsa}; perder validez; incluir {los gastos|el anexo|una cláusula de rescisión}; cubrir {los
        daños|el robo|los gastos médicos}; estar {firmad@|en trámite|a nombre de <persona>|redactad@ en inglés}; cumplir {los requisitos|
        los plazos}; presentarse {dentro del plazo|por escrito|ante el juez}`,
    },
    {
      plural: true,
      subjects: `el juez; la jueza; el acusado; la acusada; el testigo [protegido]; la fiscal; el abogado [defensor]; la demandante; el
        demandado; el arrendatario; la arrendadora; el heredero; la notaria; el perito; el comprador; la vendedora; la
        empresa contratante; el contratista; el inquilino; la aseguradora; el menor`,
      predicates: `firmar {el contrato|la escritura|el acta|el acuerdo}; presentar {una demanda|un recurso|las pruebas|los documentos|la
        renuncia}; incumplir {el contrato|la sentencia|sus obligaciones}; pagar {la fianza|la multa|la indemnización|las costas|la
        renta}; declarar {ante el juez|por escrito|en el juicio}; tener {antecedentes|coartada|derecho a indemnización|un abogado de
        oficio|la custodia}; aceptar {la oferta|los términos|la herencia}; comparecer {en el juicio|el día señalado}; ser {culpable%|
        inocente%|responsable% del daño|mayor% de edad}; rescindir el contrato; estar {en prisión|presente%|de acuerdo}; recurrir
        {la sentencia|la multa}; mentir {bajo juramento|al tribunal}; devolver {la fianza|las llaves|el importe}; notificar {el
        cambio por escrito|la decisión}; dictar {sentencia|una orden}; respetar {el plazo|los horarios}; reconocer {los hechos|
        la deuda|la firma}; poder {heredar|recurrir|resolver el contrato|exigir una compensación}; actuar de {buena|mala} fe`,
    },
  ],
  people: `el abogado; la abogada; el ciudadano; la testigo; el funcionario; la propietaria; el cliente`,
  actions: `firmar {el contrato|la solicitud|el recibo}; leer {las condiciones|la letra pequeña}; presentar {la declaración|una queja|el
    formulario}; denunciar {el robo|la estafa}; contratar {un abogado|un seguro}; guardar {el recibo|la factura}; pagar {la
    multa|las tasas|la fianza}; reclamar {el reembolso|los daños}; renovar {el pasaporte|el carné|la póliza}; entregar {las llaves|la
    documentación|una copia del título}; cancelar {el seguro|el contrato}; recurrir {la multa|la decisión}; acudir {al notario|al
    juzgado}; aceptar {la herencia|las condiciones}; aportar {dos testigos|el original}`,
  happenings: `tener {derecho a la ayuda|nacionalidad española|permiso de trabajo|más de dieciocho años|deudas con Hacienda}; recibir {una
    notificación|una multa|una citación}; ser {mayor% de edad|residente% en <ciudad>|titular% de la cuenta}; cumplir {los
    requisitos|<n18-80> años}; perder {el juicio|la fianza|el derecho a voto}; estar {empadronad@ en <ciudad>|cubiert@ por el
    seguro|casad@}; cometer un delito; heredar {la casa|una fortuna}`,
  impersonal: `haber {testigos|juicio|pruebas suficientes|acuerdo entre las partes|causa justificada|fuerza mayor|plazo de recurso|dolo};
    existir {riesgo de fuga|jurisprudencia|una deuda pendiente|un testamento posterior}; prescribir el delito; corresponder indemnización`,
  anonymous: `archivar {la causa|la denuncia}; embargar {la cuenta|el piso}; citar {al testigo|a las partes}; conceder {la
    licencia|el indulto|la prórroga}; anular {la multa|el juicio}; aplicar {un recargo|la ley vigente}; retirar la acusación; precintar el local`,
  passives: [
    {
      objects: `el plazo; la multa; la licencia; el pago; la sanción; el recurso; la indemnización; la medida cautelar; el
        expediente; el embargo`,
      verbs: `aplicar; conceder; ampliar; archivar; admitir; tramitar; denegar; abonar; suspender`,
    },
  ],
};

/** Politics and the news. */
export const politics: DomainText = {
  name: 'política y noticias',
  groups: [
    {
      subjects: `el gobierno [central|regional]; el parlamento; el senado; la oposición; el ayuntamiento [de <ciudad>]; el ministerio
        [de Hacienda|de Sanidad]; el sindicato; la alcaldía; el partido <nombre>; la comisión [europea]; el consejo; la
        asamblea; el comité; la diputación; el tribunal supremo; la patronal`,
      predicates: `aprobar {la ley|los presupuestos|la reforma|un decreto|el plan de vivienda}; convocar {elecciones|una huelga|un referéndum|
        una rueda de prensa}; rechazar {la propuesta|la enmienda|el acuerdo}; subir {los impuestos|el salario mínimo|las
        pensiones}; bajar {los impuestos|las tasas}; negociar con {los sindicatos|la oposición|Bruselas}; anunciar {nuevas medidas|
        ayudas|recortes}; retirar {la propuesta|el decreto|su apoyo}; presentar {una moción|un recurso|el informe}; perder {la
        mayoría|la votación|apoyos}; publicar {los datos|el censo|la lista de candidatos}; cumplir {lo prometido|el acuerdo|sus
        promesas}; dimitir en bloque; votar {a favor|en contra}; reunirse {el lunes|de urgencia|en <ciudad>}; contar con {mayoría
        absoluta|el apoyo de la oposición}; cerrar {la frontera|el acuerdo}; invertir en {sanidad|educación|transporte público};
        tener {mayoría|un plan|dinero suficiente}`,
    },
    {
      plural: true,
      subjects: `el presidente; la presidenta; la ministra [de Sanidad]; el ministro; el alcalde; la alcaldesa; el senador; la
        candidata; el portavoz; la diputada; el embajador; la gobernadora; <persona>; el concejal`,
      predicates: `dimitir; presentar {su dimisión|la candidatura|el balance}; ganar {las elecciones|la moción|el debate}; perder {las elecciones|
        la confianza del partido}; comparecer ante {la prensa|el parlamento|la comisión}; viajar a {<ciudad>|la cumbre|la zona afectada};
        pactar con {la oposición|los independientes}; mentir {a los votantes|en la entrevista}; tener {mayoría|el apoyo de las
        bases|inmunidad}; aceptar {el cargo|la invitación|las críticas}; responder {a las preguntas|a los periodistas}; ser
        {reelegid@|investid@|imputad@|popular%}; firmar {el decreto|el tratado}; reunirse con {los vecinos|la patronal|el embajador};
        negar las acusaciones; apoyar {la reforma|la huelga}; prometer {más empleo|transparencia}`,
    },
    {
      plural: true,
      subjects: `la huelga [general|de transportes]; la manifestación; la votación; la campaña; el referéndum; la cumbre; la
        protesta; el debate; la crisis; la reforma [laboral|fiscal]; la guerra; la ley [de vivienda]; la sesión`,
      predicates: `>empezar {el lunes|en <fecha>|a las <hora>}; >terminar {en pacto|en disturbios|antes de lo previsto}; durar {una
        semana|más de un mes|<n2-20> días}; afectar a {los hospitales|todo el país|las pensiones|los jóvenes}; contar con {apoyo popular|el
        visto bueno del rey}; dividir {al partido|a la opinión pública}; tener {éxito|consecuencias|poca participación};
        >aplazarse; >celebrarse {en <ciudad>|en otoño|a puerta cerrada}; ser {válid@|históric@|un fracaso|un éxito};
        salir adelante; provocar {protestas|una crisis de gobierno|dimisiones}`,
    },
  ],
  people: `el votante; la periodista; el corresponsal; la reportera; el manifestante; la activista; el afiliado`,
  actions: `votar {en blanco|por correo|a favor|el domingo}; leer {el periódico|la noticia|el editorial}; escribir a {la alcaldesa|el
    director}; firmar la petición; participar en {la huelga|la asamblea|el debate}; publicar {la noticia|un comunicado|la entrevista};
    afiliarse al partido; salir a la calle a protestar; pedir {explicaciones|la palabra|el voto}; contrastar las fuentes;
    retransmitir {el debate|la sesión}; apoyar {la huelga|la moratoria}`,
  happenings: `ganar las elecciones; perder {la votación|el escaño}; tener {voz|derecho a voto|información de primera mano}; conocer {la
    noticia|al ministro}; enterarse por la radio; recibir {amenazas|presiones}`,
  impersonal: `haber {quórum|empate|elecciones|huelga|clases|disturbios|segunda vuelta|consenso|acuerdo|incidentes|servicios mínimos};
    ser festivo; ser jornada electoral; existir mayoría suficiente`,
  anonymous: `cortar {la calle|el suministro de agua}; cerrar los colegios electorales; decretar el estado de alarma; detener {al
    exministro|a los sospechosos}; repetir la votación; subir {el precio de la luz|las tarifas}; evacuar el edificio; pactar
    servicios mínimos; filtrar los documentos`,
  passives: [
    {
      objects: `la ley; el presupuesto; la enmienda; el decreto; la subvención; la comisión de investigación; el voto; el
        acuerdo [de paz]; el resultado [provisional]; el servicio mínimo`,
      verbs: `aprobar; rechazar; publicar; votar; retirar; negociar; pactar; anunciar`,
    },
  ],
};

/** Money, banks and shops. */
export const finance: DomainText = {
  name: 'economía',
  groups: [
    {
      subjects: `el precio [del pan|de la vivienda|del oro]; el salario [mínimo]; la inflación; el tipo de interés; la
        bolsa; el paro; la deuda [pública]; el consumo; la demanda; la tarifa [eléctrica]; el alquiler; el dólar; el
        petróleo; la cuota [mensual]; la pensión; el impuesto [de sociedades]`,
      predicates: `>subir {un <n2-20> por ciento|por tercer mes consecutivo|en enero|de golpe}; >bajar {antes de verano|medio punto|más de lo
        esperado}; superar {los <n20-900> euros|el límite legal|las previsiones}; mantenerse {estable%|por debajo de lo previsto};
        >dispararse; afectar a {las familias|la inversión|los pequeños comercios}; alcanzar {su máximo anual|los <n200-900> euros};
        depender {del mercado|del banco central}; caer en picado; frenar {el consumo|las exportaciones};
        duplicarse en <n2-9> años`,
    },
    {
      plural: true,
      subjects: `el banco; la empresa [familiar|exportadora]; <empresa>; la tienda [en línea]; el supermercado; la fábrica [de
        muebles|textil]; la startup; el fondo [de inversión]; la cooperativa; la filial; el proveedor; la franquicia; la compañía
        [aérea|eléctrica]; el distribuidor`,
      predicates: `conceder {el préstamo|la hipoteca|un descuento}; presentar {pérdidas|beneficios|un concurso de acreedores|las
        cuentas}; contratar {personal|a <n3-90> empleados|a un asesor}; despedir {trabajadores|al director}; abrir {otra sucursal|en
        domingo|una planta en <ciudad>}; cerrar {la fábrica|la sede de <ciudad>|el ejercicio con pérdidas}; cotizar en bolsa; subir {los
        precios|los salarios|las comisiones}; bajar los precios; pagar {impuestos|dividendos|a tiempo}; cobrar {comisión|
        intereses|por adelantado}; tener {liquidez|deudas|beneficios|más de <n20-900> empleados|stock}; invertir en {publicidad|
        maquinaria|energía limpia}; exportar a {Asia|Latinoamérica}; aceptar {devoluciones|criptomonedas|el pago aplazado};
        ofrecer {descuentos|envío gratuito|garantía de dos años}; entregar el pedido a tiempo; quebrar; salir a bolsa;
        firmar un acuerdo con <empresa>; vender {sus acciones|la marca}`,
    },
    {
      plural: true,
      subjects: `el pedido [urgente|número <n100-990>!]; la factura; la transferencia; el pago; la tarjeta [de crédito]; la cuenta
        [corriente]; el préstamo; la hipoteca; el cheque; el recibo [de la luz]; la compra; el envío; el reembolso; la oferta; el
        cupón`,
      predicates: `estar {pagad@|pendiente%|confirmad@|bloquead@|a nombre de <persona>|en camino|vencid@}; >llegar {antes de <fecha>|con
        retraso|dañad@|a tiempo}; superar los <n20-900> euros; >caducar {en <fecha>|esta semana}; tener {intereses|un error|
        recargo|fondos}; incluir {el envío|los impuestos|un regalo}; tramitarse {por internet|en la oficina}; requerir {la firma del
        titular|un aval|un pago inicial}; salir del almacén; quedar {anulad@|registrad@}; generar intereses`,
    },
  ],
  people: `el cliente [habitual]; la clienta; el inversor; la contable; el cajero; la directora [financiera]; el vendedor; el socio;
    la autónoma; el accionista; la consumidora; el deudor`,
  actions: `pagar {la factura|en efectivo|con tarjeta|por adelantado|a plazos|el alquiler|la cuota}; ahorrar {más|para un piso|cada
    mes}; pedir {un préstamo|un presupuesto|factura|la devolución}; invertir en {bolsa|vivienda|fondos}; vender {las acciones|el
    coche|el piso}; comprar {la casa|a crédito|un billete de lotería|dos unidades}; devolver {el producto|el préstamo}; abrir una cuenta;
    cancelar {la tarjeta|la suscripción|el pedido}; comparar precios; presentar {el tique|la declaración de la renta}; negociar {el
    precio|el sueldo}; gastar menos; cambiar de banco; usar {el cupón|el vale}; revisar {el extracto|la factura}; avalar a ~su hermano`,
  happenings: `tener {dinero|deudas|ahorros|trabajo fijo|un buen sueldo|descuento}; cobrar {el paro|la nómina|una herencia|a fin de mes};
    perder {el empleo|dinero|la tarjeta|el descuento}; ganar {más de <n2-9> mil euros|la lotería|un premio}; recibir {el
    pedido|el reembolso|una oferta|un aumento}; llegar a fin de mes; deber dinero al banco; estar {arruinad@|en paro|al día en los pagos};
    necesitar {un aval|crédito|liquidez}`,
  impersonal: `haber {rebajas|crisis|existencias|fondos suficientes|cola en la caja|descuento|gastos de envío}; costar {caro|más de <n20-900> euros};
    quedar {saldo en la cuenta|entradas|existencias en el almacén}; convenir esperar`,
  anonymous: `subir {los precios|la cuota|el interés}; bajar los precios; congelar {los salarios|la cuenta}; devolver el dinero; cobrar {un
    recargo|la comisión|gastos de envío}; cerrar la sucursal; aplicar el descuento; bloquear la tarjeta; enviar {la
    factura|el pedido}; rebajar los abrigos`,
  passives: [
    {
      objects: `el pago; el descuento; la comisión; el reembolso; el recargo; la compra; el interés; la transferencia; el pedido; el
        importe; la garantía`,
      verbs: `aplicar; cobrar; devolver; anular; confirmar; enviar; autorizar; aplazar; descontar`,
    },
  ],
};

/** Offices and jobs. */
export const work: DomainText = {
  name: 'trabajo',
  groups: [
    {
      subjects: `el jefe; la jefa; el empleado [nuevo|más antiguo]; la becaria; la directora [general|de recursos humanos]; el encargado; la
        secretaria; el equipo [de ventas|de marketing]; la candidata; el consultor; la socia; el operario; la supervisora; el
        recepcionista; el departamento [legal|de compras]; <persona>`,
      predicates: `llegar {tarde|a tiempo|antes que los demás|en metro}; terminar {el informe|el proyecto|la jornada|antes de las <hora>}; aprobar
        {el presupuesto|las vacaciones|el plan}; convocar {una reunión|al equipo}; trabajar {desde casa|los sábados|de noche|en la
        oficina de <ciudad>}; cumplir {los objetivos|el horario|el plazo}; pedir {un aumento|vacaciones|el traslado|la baja};
        recibir {una prima|un ascenso|el correo|críticas}; tener {experiencia|vacaciones|una reunión|contrato indefinido|las llaves}; cobrar
        {horas extra|a fin de mes|en negro}; presentar {la dimisión|el informe|los resultados}; revisar {el contrato|las cuentas|la
        propuesta}; faltar {al trabajo|a la reunión}; hablar {inglés|con los clientes|alemán}; saber {usar el programa|la
        contraseña}; dirigir {el proyecto|la sucursal}; enviar {el presupuesto|la documentación|el currículum}; estar {de
        vacaciones|de baja|conforme%|reunid@}; aceptar {la oferta|el puesto}; viajar a {<ciudad>|la feria}`,
    },
    {
      plural: true,
      subjects: `la reunión [de las <hora>!]; el proyecto [piloto]; el informe [mensual|definitivo]; el turno [de noche]; la entrevista; el
        plazo; la jornada; el curso [de formación]; la auditoría; el contrato; la presentación; la oferta`,
      predicates: `>empezar {a las <hora>|el lunes|con retraso}; >terminar {en <fecha>|a las <hora>|mal}; >cancelarse; >aplazarse; estar {list@|
        en marcha|aprobad@|pendiente% de firma}; durar {más de una hora|seis meses|poco}; salir {bien|adelante}; incluir
        {los datos de ventas|las conclusiones}; contener errores; tener {retraso|presupuesto|prioridad}; requerir {más personal|el visto
        bueno de la dirección}; celebrarse {por videoconferencia|en la sala <n2-9>}`,
    },
  ],
  people: `el compañero; la compañera; el cliente; la contable; el técnico; la arquitecta; el electricista; el fontanero`,
  actions: `enviar {el correo|el informe|la factura|la respuesta}; imprimir {el contrato|las copias}; llamar {al cliente|a la central|al
    técnico}; reservar la sala; fichar {al entrar|a la salida}; terminar {la tarea|el turno}; pedir {permiso|ayuda|un día libre|cita};
    archivar {los expedientes|el correo}; firmar {la nómina|el acta}; apagar {el ordenador|las luces}; actualizar {el calendario|la
    agenda}; corregir {el informe|las erratas}; preparar {la presentación|el café}; asistir {a la reunión|al curso}; contestar el
    teléfono; cambiar de {turno|trabajo}; traducir el contrato; aparcar en la oficina`,
  happenings: `tener {trabajo|una entrevista|prisa|la tarde libre|turno de noche}; llegar tarde {al trabajo|a la reunión}; cobrar {la paga extra|
    menos}; perder {el puesto|el tren de las <hora>}; recibir {el ascenso|una llamada}; estar {ocupad@|de guardia|estresad@|libre% el
    viernes}; olvidar {la contraseña|el portátil}; jubilarse`,
  impersonal: `haber {reunión|presupuesto|vacantes|horas extra|café|atasco en la impresora}; ser {lunes|viernes|fin de mes|tarde}; quedar
    {tiempo|trabajo pendiente}; faltar personal`,
  anonymous: `contratar {a alguien más|personal}; adelantar la reunión; pagar {las dietas|las horas extra}; reformar la oficina;
    trasladar la sede a <ciudad>; despedir {al gerente|a la mitad de la plantilla}; ofrecer {el puesto|un contrato}; cambiar la cerradura`,
  passives: [
    {
      objects: `la vacante; el horario; la plantilla; el presupuesto; la tarea; el turno; el puesto; el incentivo; la baja`,
      verbs: `cubrir; ampliar; reducir; revisar; asignar; publicar; aprobar; eliminar; tramitar`,
    },
  ],
};
