import type { DomainText } from '../domain-text.js';

/** Security of computers. */
export const security: DomainText = {
  name: 'ciberseguridad',
  groups: [
    {
      plural: true,
      subjects: `el atacante; el intruso; la atacante; el malware; el troyano; el gusano; el ransomware; el equipo rojo!; la botnet; el
        hacker; el exploit; el bot; el empleado descontento; el phisher`,
      predicates: `explotar {la vulnerabilidad|el fallo <código>|una inyección SQL|el desbordamiento de búfer}; robar {las
        credenciales|la cookie de sesión|los datos de los clientes|la base de datos}; obtener {acceso root|privilegios de administrador|la
        contraseña|una shell remota}; cifrar {los archivos|el disco|las copias de seguridad}; ejecutar {código|comandos|un
        script malicioso}; borrar {los registros|sus huellas|el disco}; acceder {al servidor|al panel|a la red interna|al
        correo}; escalar privilegios; infectar {el equipo|la memoria USB|toda la red}; suplantar {al administrador|la
        identidad de <persona>|el dominio}; esquivar {el antivirus|el cortafuegos|la detección}; enviar {correos falsos|los datos
        al exterior|spam}; instalar {una puerta trasera|un keylogger}; moverse por la red; pedir un rescate; escanear los puertos; conocer
        {la clave|la topología de la red|el usuario}; abrir una conexión inversa; modificar {el registro|los permisos}`,
    },
    {
      plural: true,
      subjects: `el cortafuegos; el antivirus; el servidor [web!|de correo|de pruebas]; el sistema; la red [interna|de invitados]; el
        router; el proxy; el IDS; el honeypot; la VPN; el puerto [<n21-9000>!]; el servicio [de autenticación]; el
        endpoint; el dominio <código>`,
      predicates: `bloquear {el tráfico|la conexión|la dirección IP|el ataque}; detectar {el intruso|el escaneo|tráfico anómalo|la firma del
        virus}; estar {expuest@ a internet|parchead@|comprometid@|cifrad@|aislad@|actualizad@|abiert@|caíd@}; registrar {el
        evento|los accesos|la alerta}; tener {una vulnerabilidad|un parche pendiente|autenticación de dos factores|la configuración
        por defecto}; permitir {el acceso remoto|conexiones anónimas|el puerto <n21-9000>}; usar {TLS|contraseñas débiles|un
        certificado caducado}; rechazar {la petición|el certificado}; exigir {un segundo factor|una clave fuerte}; responder {al
        ping|a las peticiones}; enviar {una alerta|el registro al SIEM}; caerse; aceptar conexiones`,
    },
    {
      plural: true,
      subjects: `la contraseña; la clave [privada|SSH!]; el certificado [TLS!]; el token [de sesión]; el parche; la
        vulnerabilidad; el correo [sospechoso]; el enlace; el adjunto; la firma [digital]; la sesión; el hash; el cifrado; la
        copia de seguridad`,
      predicates: `>caducar {en <n2-90> días|a medianoche}; ser {válid@|débil%|fals@|robust@|auténtic@|crític@}; estar {cifrad@|filtrad@|
        firmad@|guardad@ en texto plano|al día}; coincidir con {el original|la base de datos}; contener {un virus|datos
        personales|una macro}; proteger {los datos|la cuenta}; tener más de <n8-20> caracteres; filtrarse {en un foro|por
        error}; romperse por fuerza bruta; revocarse; proceder de {una fuente fiable|un dominio desconocido}`,
    },
  ],
  people: `el administrador [de sistemas]; la analista [de seguridad]; el usuario; la auditora; el pentester; la responsable de seguridad; el
    empleado`,
  actions: `cambiar {la contraseña|las claves|el puerto SSH}; activar {el segundo factor|el cortafuegos|la VPN}; abrir {el adjunto|el
    enlace|el puerto <n21-9000>}; actualizar {el antivirus|el sistema|el firmware}; hacer {clic en el enlace|una copia de
    seguridad}; aislar {el equipo|la red}; revocar {el certificado|el token}; desconectar el servidor; cifrar {el disco|el
    correo|las copias}; revisar {los registros|los permisos}; bloquear {la cuenta|la IP|al usuario}; reiniciar {el router|el
    servidor}; pagar el rescate; denunciar {el phishing|la intrusión}; verificar {la firma|el remitente}; instalar el
    parche; restaurar la copia; usar {un gestor de contraseñas|la misma clave}`,
  happenings: `tener {permisos de administrador|la clave|acceso al panel|un virus}; recibir {un correo sospechoso|el código por SMS}; perder {el
    token|el móvil}; caer en la trampa; olvidar la contraseña; fallar tres veces la contraseña; sufrir {un ataque|un robo de
    identidad}; estar {conectad@ a la VPN|en la lista negra}; introducir un código erróneo`,
  impersonal: `haber {un intruso en la red|tráfico anómalo|una brecha|copia de seguridad|indicios de fraude|conexión}; existir {un
    exploit público|una puerta trasera}; saltar la alarma`,
  anonymous: `publicar {el parche|el exploit|los datos robados}; vender las credenciales; atacar {el servidor|la web del
    banco}; cerrar {la sesión|el foro}; bloquear la cuenta; exigir un rescate; clonar la tarjeta`,
  passives: [
    {
      objects: `el acceso; la cuenta; la conexión; la sesión; la alerta; el tráfico; el puerto; el intento [de acceso]; el archivo; la
        petición; la dirección IP!`,
      verbs: `bloquear; registrar; cerrar; denegar; restablecer; filtrar; revocar; activar; cifrar; rechazar`,
    },
  ],
};

/** Programs and those who write them. */
export const programming: DomainText = {
  name: 'programación',
  groups: [
    {
      plural: true,
      subjects: `la función [<código>!|recursiva]; el programa; el script; la aplicación [móvil|de escritorio]; el compilador; el
        bucle; el módulo <código>; la API; la consulta [SQL!]; el hilo [principal]; la clase; el test [unitario|de integración]; el
        algoritmo; el intérprete; la biblioteca <nombre>; el método; el proceso [hijo]; la web; el formulario`,
      predicates: `devolver {un error|null|una lista vacía|el valor esperado|true}; lanzar {una excepción|un aviso}; compilar {a la primera|con
        advertencias}; fallar {en producción|con datos vacíos|al arrancar}; terminar {en menos de <n2-90> segundos|con éxito|de forma
        abrupta}; usar {recursión|caché|memoria compartida|la versión <n2-20>|índices}; recibir {un entero|parámetros
        opcionales|una cadena vacía}; leer {el fichero|la entrada estándar|la configuración}; escribir {en el disco|en la base de datos|el
        resultado}; validar {los datos|la entrada|el correo}; tener {errores|pruebas|una fuga de memoria|dependencias|documentación};
        bloquear {la interfaz|el hilo}; consumir {mucha memoria|poca CPU}; quedarse {colgad@|en bucle}; llamar a {la API
        externa|la función <código>}; liberar {la memoria|el recurso}; arrancar {en segundo plano|con el sistema}; guardar {los
        cambios|la sesión}; soportar {Unicode|el modo oscuro}; pasar {las pruebas|la revisión}; ser {recursiv@|públic@|obsolet@|
        compatible% con Windows}; cerrar la conexión`,
    },
    {
      plural: true,
      subjects: `la variable [<código>!|global]; el puntero; el índice; la lista; el array; el objeto; el parámetro; la cadena; el
        fichero [de configuración]; el contador; la clave [primaria]; el registro; la cola; el campo [obligatorio|de correo]; el
        valor; la pila; el JSON; el número; el carrito; la sesión`,
      predicates: `estar {vací@|inicializad@|ordenad@|definid@|llen@|bloquead@|duplicad@}; ser {null|nul@|mayor% que cero|negativ@|par%|
        inmutable%|un entero|igual% a <n2-90>}; existir {en la tabla|en memoria}; contener {caracteres especiales|espacios|más de <n2-90>
        elementos|duplicados}; llegar a {cero|su límite}; superar {el límite|los <n2-90> megas}; cambiar {de valor|de tipo};
        apuntar a {una dirección válida|null}; tener {formato válido|el valor por defecto}; quedar fuera de rango; expirar`,
    },
  ],
  people: `el programador; la programadora; el desarrollador; la revisora; el usuario; la cliente; el becario`,
  actions: `guardar {los cambios|el fichero}; compilar {el proyecto|el código}; ejecutar {las pruebas|el script|el programa}; escribir {un
    test|la documentación|código limpio}; corregir {el error|el fallo <n10-990>|la consulta}; subir {los cambios|la versión}; borrar
    {la rama|la caché|el registro}; usar {el depurador|tipos estrictos|un bucle}; revisar {el código|la petición}; reiniciar {el
    programa|el ordenador|la computadora}; instalar {la dependencia|la última versión}; rellenar {el formulario|todos los
    campos}; iniciar sesión; cerrar {sesión|la ventana}; pulsar {Enter|el botón de enviar|la tecla Escape}; aceptar {las
    cookies|los términos}; crear {una cuenta|una rama}; fusionar las ramas; liberar la memoria; hacer {una copia|un commit}; añadir {el
    producto al carrito|un comentario}; suscribirse al plan premium`,
  happenings: `tener {permisos de escritura|conexión|una cuenta premium|la última versión}; recibir {un mensaje de error|el enlace de
    activación}; perder {los cambios|la conexión}; introducir {un correo válido|datos erróneos}; ver {la pantalla azul|el
    aviso}; olvidar {el punto y coma|cerrar el fichero}; estar {registrad@|conectad@|suscrit@}`,
  impersonal: `haber {errores de sintaxis|memoria suficiente|conexión a internet|espacio en disco|conflictos|pruebas|una excepción|un
    carácter inválido}; existir {la tabla|el usuario|el directorio}; quedar {memoria|elementos en la cola}`,
  anonymous: `publicar la versión <n2-20>; cambiar {la API|el formato}; cerrar {la incidencia|el repositorio}; retirar el soporte;
    rechazar la petición; fusionar la rama`,
  passives: [
    {
      objects: `el mensaje [de error|de confirmación]; el panel; la variable; el fichero; la excepción; la caché; el pedido; la
        sesión; el formulario; la memoria; el registro; la consulta; el correo`,
      verbs: `mostrar; enviar; guardar; borrar; cerrar; crear; actualizar; liberar; validar; registrar; ejecutar; lanzar`,
    },
  ],
};

/** Deployments, servers and the gadgets of life online. */
export const operations: DomainText = {
  name: 'devops',
  groups: [
    {
      plural: true,
      subjects: `el despliegue; el servidor [de producción|<código>!]; el contenedor; el clúster; el pod <código>; la base de datos; la
        tubería de integración; el balanceador; la nube; el nodo [<n2-20>!]; el disco; la máquina virtual; el servicio <código>; la
        réplica; el DNS; la imagen [de Docker]; el entorno [de pruebas]; el volumen; la cola [de mensajes]; la copia de
        seguridad`,
      predicates: `>caerse {en plena noche|por sobrecarga}; >reiniciarse; fallar {en el primer paso|dos veces seguidas|de madrugada}; estar
        {activ@|saturad@|en mantenimiento|sincronizad@|caíd@|disponible%|mal configurad@|al <n70-99> por ciento}; responder {en menos
        de <n20-900> milisegundos|con un error <n400-504>|a las peticiones}; escalar {de forma automática|hasta <n3-40> réplicas}; superar {las
        pruebas|el umbral de memoria|el límite de CPU}; tener {espacio libre|réplicas|permisos|latencia alta|una versión
        antigua}; aceptar {tráfico|conexiones}; perder {paquetes|la conexión con <código>}; completarse {a tiempo|sin incidencias}; enviar
        {métricas|una alerta|los registros}; usar {la versión <n2-20>|más memoria}; arrancar {en frío|con el nuevo parche}; volver
        a {la versión anterior|estar en línea}; pasar {el control de salud|a producción}; migrar a {la nube|otra región}`,
    },
    {
      plural: true,
      subjects: `el móvil; el celular; el portátil; la tableta; el reloj [inteligente]; el dron; la impresora; la aplicación [de reparto|de
        música]; el ordenador; la suscripción; el repartidor; el paquete; la cuenta [de <persona>]; la actualización; la
        descarga; el wifi; la batería`,
      predicates: `estar {actualizad@|bloquead@|activ@|cargad@|en camino|descargad@|conectad@}; >llegar {a tiempo|mañana|con retraso};
        necesitar {conexión|una actualización|espacio}; >agotarse; tardar más de <n2-50> minutos; funcionar {bien|con datos móviles}; perder
        {la señal|la conexión}; apagarse {de repente|por la noche}; tener {cobertura|saldo|poca batería|la pantalla rota}; cargarse {en una
        hora|por completo}; renovarse cada mes; avisar {al usuario|con un pitido}; conectarse {al coche|al altavoz|a la red}`,
    },
  ],
  people: `el operador; la ingeniera [de guardia]; el técnico; la administradora; el repartidor; la responsable del despliegue`,
  actions: `desplegar {la nueva versión|en producción|el viernes}; reiniciar {el servicio|el contenedor|el clúster}; revertir {el
    despliegue|el cambio}; ejecutar {la migración|la copia de seguridad}; escalar {el servicio|la base de datos}; consultar {los
    registros|las métricas}; borrar {el volumen|la caché|los temporales}; renovar {el certificado|el dominio}; cargar {el
    móvil|la batería}; activar {el modo avión|las notificaciones}; descargar {la aplicación|el informe}; abrir {una incidencia|el
    puerto <n21-9000>}; montar el disco; avisar al equipo; parar {el servidor|la tubería}; aprobar {el cambio|el despliegue}; probar {la
    restauración|en local}; etiquetar la versión`,
  happenings: `tener {permisos de root|acceso al clúster|cobertura|el móvil cargado}; recibir {una alerta|una notificación|el paquete}; estar {de
    guardia|en línea}; quedarse {sin batería|sin datos}; perder {la conexión|la señal}`,
  impersonal: `haber {espacio en disco|memoria libre|réplicas sanas|una alerta crítica|latencia|conexión|vulnerabilidades críticas|un
    nodo caído|cobertura}; saltar la alerta; quedar espacio en el disco`,
  anonymous: `lanzar {la versión <n2-20>|una actualización}; cortar el servicio; migrar {los datos|el correo}; subir el precio del
    {plan|almacenamiento}; cerrar el centro de datos; retrasar {la entrega|el lanzamiento}`,
  passives: [
    {
      objects: `el despliegue; la alerta; la réplica; el servicio; la versión [estable]; el tráfico; la notificación; el nodo; la
        copia de seguridad; el paquete; el certificado`,
      verbs: `revertir; enviar; reiniciar; publicar; detener; crear; redirigir; eliminar; restaurar; renovar; entregar`,
    },
  ],
};
