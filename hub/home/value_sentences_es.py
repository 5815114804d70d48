"""Spanish sentences that ask for values and set them."""

from hub.home.sentence_block import CHOOSING, NUMBERS, OwnAnswers, Sentences, block, words

_THE = "[el|la|los|las]"
_PLACE = "[(<aquí>|(en|de) [el|la|los|las] {area}|del {area})]"
_N = f"{_THE} {{name}} {_PLACE}"
_OF = f"((de|para|en|a) {_THE}|del|al) {{name}} {_PLACE}"
_LISTS = {
    **NUMBERS,
    "aspect": words(
        mode="(modo|ajuste)", preset="(preajuste|modo predefinido)", program="(programa|opción)",
        fan="(modo de ventilación|velocidad de ventilación|potencia [de succión]|succión)",
        swing="(modo de oscilación|balanceo)", direction="(dirección|sentido)",
        tone="(tono|sonido)", effect="efecto",
    ),
    "figure": words(
        brightness="(brillo|luminosidad)", color_temperature="temperatura de color",
        humidity="(humedad objetivo|humedad deseada)", percentage="velocidad",
        position="posición", tilt="inclinación", volume="volumen",
        temperature="(temperatura objetivo|temperatura deseada)",
    ),
    "armed": words(
        armed="(armad(a|o)|activad(a|o)|conectad(a|o)|activa)",
        armed_away="armad(a|o) en modo ausente", armed_home="armad(a|o) en modo casa",
        armed_night="armad(a|o) en modo noche",
        disarmed="(desarmad(a|o)|desactivad(a|o)|desconectad(a|o)|inactiva)",
        triggered="(disparad(a|o)|sonando|saltad(a|o))",
    ),
    "more_light": words(
        up="(más (brillante[s]|clar(a|o)[s]|luminos(a|o)[s]|luz))",
        down="(menos (brillante[s]|luminos(a|o)[s]|luz)|más (oscur(a|o)[s]|tenue[s]))",
    ),
    "more_warmth": words(
        up="más (cálid(a|o)[s]|caliente[s]|calor)", down="más (frí(a|o)[s]|fresc(a|o)[s])",
    ),
    "on_off": words(
        on="(activa[r]|enciende|inicia[r]|pon)", off="(desactiva[r]|apaga[r]|detén|para|quita)",
    ),
    "way": words(open="(abre|abrir)", close="(cierra|cerrar)"),
}  # fmt: skip
_NUMBER = ("({value}|{digits:value})[[ ](%|°|por ciento|grado[s]|vatio[s]|voltio[s]|amperio[s]|"
           "segundo[s]|minuto[s]|hora[s]|litro[s]|kelvin|bar[es])]")  # fmt: skip
_PERCENT = "[[ ](%|por ciento)]"
_DEGREES = "[[ ](°|grado[s])]"
_SET = "(<establece>|selecciona[r]|elige|pasa[r])"
_TO = "(a|al|en)"
_WARMTH = "({kelvin:temperature}[ ](k|kelvin)|{color_temperature_names:temperature})"
_LIGHTS = "[<todos>] <light>"
_BIT = "[un poco]"
_MAKE = "(haz|pon|deja|ajusta)"
_ALARM = "[la] alarma"
_UPDATE = "(actualización|actualizaciones)"
_WHAT = "(cuál es|qué es|qué|dime|cuánto es|a cuánto está|cómo está)"

SENTENCES: Sentences = {
    "HassVacuumReturnToBase": (
        block(f"<devuelve> {_THE} {{name}} [a [la|su] base]", domain="vacuum"),
    ),
    "SottoGetValue": (
        block(f"{_WHAT} {_N} [puest(a|o)]", f"(en qué|a qué|a cuánto) está [puest(a|o)] {_N}",
              f"{_WHAT} [el|la] (valor|ajuste|estado) {_OF}", f"qué {_N} (hay|está puest(a|o))",
              domain=("number", "select"), lists=_LISTS),
        block(f"qué (dice|pone|muestra) [en] {_N}", f"qué está escrito en {_N}", f"{_WHAT} {_N}",
              f"lee[me] {_N}", domain="text", lists=_LISTS),
    ),
    "SottoGetAlarm": (
        block(f"está {_N} {{armed}}", f"(está|ha) {{armed}} {_N}", f"cómo está {_N}",
              f"{_WHAT} [el] (estado|modo) {_OF}", domain="alarm_control_panel", lists=_LISTS),
        block(f"está {_ALARM} {{armed}}", f"(está|ha) {{armed}} {_ALARM}", f"cómo está {_ALARM}",
              f"{_WHAT} [el] (estado|modo) de {_ALARM}", lists=_LISTS),
    ),
    "SottoGetChoice": (
        block(f"en qué {{aspect}} está {_N}", f"{_WHAT} [el|la] {{aspect}} {_OF}",
              f"qué {{aspect}} (tiene|usa|muestra) {_N}", domain=CHOOSING, lists=_LISTS),
    ),
    "SottoGetFigure": (
        block(f"{_WHAT} [el|la] {{figure}} {_OF}", f"qué {{figure}} tiene {_N}",
              f"a qué {{figure}} está {_N}",
              domain=("light", "fan", "humidifier", "cover", "media_player", "water_heater"),
              lists=_LISTS),
    ),
    "SottoLastEvent": (
        block(f"cuándo (sonó|se pulsó|se presionó|se usó|se activó|ocurrió|fue pulsad(a|o)) {_N} "
              "[por última vez]", f"cuándo (ha sonado|se ha (pulsado|presionado|usado|activado)) "
              f"{_N} [por última vez]",
              f"cuándo fue la última vez que (sonó|se pulsó|se usó|se activó) {_N}",
              f"cuándo fue (pulsad(a|o)|presionad(a|o)|usad(a|o)) {_N} [por última vez]",
              domain="event", lists=_LISTS),
    ),
    "SottoUpdateOf": (
        block(f"hay [(alguna|una)] [nueva] {_UPDATE} {_OF}",
              f"(tiene|necesita) {_N} [(alguna|una)] {_UPDATE}",
              f"está {_N} (actualizad(a|o)|al día)", domain="update"),
    ),
    "SottoUpdates": (
        block(f"qué (dispositivos|aparatos) tienen [(alguna|una)] {_UPDATE} [disponible[s]]",
              f"hay [(alguna|una)] [nueva[s]] {_UPDATE} [disponible[s]]",
              f"qué {_UPDATE} hay [disponibles]",
              "qué (dispositivos|aparatos) (se pueden|hay que|deben) actualizar"),
    ),
    "SottoInstallUpdate": (
        block(f"(instala|instalar) [la] [nueva] {_UPDATE} {_OF}", f"(actualiza|actualizar) {_N}",
              domain="update"),
    ),
    "HassHumidifierSetpoint": (
        block(f"{_SET} {_N} {_TO} {{humidity}}{_PERCENT}", domain="humidifier", lists=_LISTS),
        block(f"{_SET} [la] humedad {_OF} {_TO} {{humidity}}{_PERCENT}",
              domain=("humidifier", "climate"), lists=_LISTS),
    ),
    "SottoSetValue": (
        block(f"{_SET} {_N} {_TO} {_NUMBER}", domain="number", lists=_LISTS),
    ),
    "SottoSetText": (
        block(f"{_SET} {_N} {_TO} {{text}}", f"(escribe|muestra) {{text}} en {_N}",
              f"haz que {_N} (diga|muestre) {{text}}", domain="text", lists=_LISTS),
    ),
    "SottoNotify": (
        block(f"(envía|manda|muestra) {{text:message}} (a|en) {_THE} {{name}}",
              "(envía|manda|muestra) {text:message} al {name}",
              f"avisa (a {_THE}|al) {{name}} [de] que {{text:message}}",
              domain="notify", lists=_LISTS),
    ),
    "SottoChoose": (
        block(f"{_SET} {_N} {_TO} [(modo|programa)] {{option}}",
              domain=("select", "climate", "water_heater", "humidifier", "fan", "vacuum"),
              lists=_LISTS),
        block(f"{_SET} [el|la] {{aspect}} {_OF} {_TO} {{option}}",
              f"{_SET} {_N} {_TO} [el|la] {{aspect}} {{option}}", domain=CHOOSING, lists=_LISTS),
        block(f"(inicia|pon|muestra|activa) [el] efecto {{option}} (en|con) {_N}",
              f"{_SET} {_N} con [el] efecto {{option}}", domain="light", lists=_LISTS),
    ),
    "SottoStopEffect": (
        block(f"(detén|para|quita|apaga|desactiva) [el|los] efecto[s] {_OF}", domain="light"),
        block("(detén|para|quita|apaga|desactiva) [el|los] efecto[s] [de luz] [<aquí>]",
              of="light", here=True),
        block("(detén|para|quita|apaga|desactiva) [el|los] efecto[s] ((en|de) [el|la]|del) {area}",
              of="light"),
    ),
    "HassLightSet": (
        block(f"{_SET} {_N} {_TO} {_WARMTH}", domain="light", response="temperature",
              lists=_LISTS),
        block(f"{_SET} {_LIGHTS} [<aquí>] {_TO} {_WARMTH}", of="light", here=True,
              response="temperature", lists=_LISTS),
        block(f"{_SET} {_LIGHTS} ((en|de) [el|la]|del) {{area}} {_TO} {_WARMTH}", of="light",
              response="temperature", lists=_LISTS),
    ),
    "SottoBrighter": (
        block(f"{_MAKE} [que] {_N} [sea] {_BIT} {{more_light:change}}", domain="light",
              lists=_LISTS),
        block(f"(atenúa|atenuar) {_N}", domain="light", response="down", slots={"change": "down"}),
        block(f"[{_MAKE} {_LIGHTS}] [<aquí>] {_BIT} {{more_light:change}} [<aquí>]",
              of="light", here=True, lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} ((en|de) [el|la]|del) {{area}} {_BIT} {{more_light:change}}",
              of="light", lists=_LISTS),
    ),
    "SottoWarmer": (
        block(f"{_MAKE} [que] {_N} [sea] {_BIT} {{more_warmth:change}}",
              domain=("light", "climate"), lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} [<aquí>] {_BIT} {{more_warmth:change}}", of="light", here=True,
              lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} ((en|de) [el|la]|del) {{area}} {_BIT} {{more_warmth:change}}",
              of="light", lists=_LISTS),
        block(f"(haz que (haga|esté)|{_MAKE}lo|{_MAKE}) [<aquí>] {_BIT} {{more_warmth:change}} "
              "[<aquí>]", of=("light", "climate"), here=True, lists=_LISTS),
        block(f"(haz que (haga|esté)|{_MAKE}lo) {_BIT} {{more_warmth:change}} en [el|la] {{area}}",
              of=("light", "climate"), lists=_LISTS),
    ),
    "SottoOscillate": (
        block(f"{{on_off:oscillating}} [la] oscilación {_OF}", domain="fan", lists=_LISTS),
        block(f"haz (oscilar|girar) {_N}", f"haz que {_N} oscile", domain="fan",
              slots={"oscillating": "on"}),
    ),
    "SottoTilt": (
        block(f"{{way}} [las] (lamas|láminas) {_OF}", domain="cover", lists=_LISTS),
        block(f"{_SET} [las|la] (lamas|láminas|inclinación) {_OF} {_TO} "
              f"{{position:tilt}}{_PERCENT}", f"inclina {_N} {_TO} {{position:tilt}}{_PERCENT}",
              domain="cover", lists=_LISTS),
    ),
    "SottoTemperatureRange": (
        block(f"({_SET}|mantén) {_N} (entre|de) {{degrees:low}}{_DEGREES} (y|a) "
              f"{{degrees:high}}{_DEGREES}", domain="climate", lists=_LISTS),
        block(f"({_SET}|mantén) [la] temperatura [<aquí>] (entre|de) {{degrees:low}}{_DEGREES} "
              f"(y|a) {{degrees:high}}{_DEGREES}", here=True, lists=_LISTS),
    ),
    "SottoCleanSpot": (
        block(f"(inicia|haz) [una|la] limpieza puntual con {_N}",
              f"haz que {_N} limpie (este|ese) (punto|sitio|lugar)", domain="vacuum"),
        block("(limpia|aspira) (este|ese) (punto|sitio|lugar)",
              "(inicia|haz) [una|la] limpieza puntual"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "SottoGetValue": {
        "default": "{{ slots.name }}: {{ state.state_with_unit }}",
        "option": "{{ slots.name }}: {{ slots.option }}",
        "text": "{{ slots.name }} dice {{ state.state }}",
        "empty": "{{ slots.name }} no dice nada",
    },
    "SottoGetAlarm": {
        "state": "{{ slots.name }}: {{ state.state_with_unit }}",
        "yes": "Sí, {{ slots.name }}: {{ state.state_with_unit }}",
        "no": "No, {{ slots.name }}: {{ state.state_with_unit }}",
    },
    "SottoGetChoice": {
        "default": "{{ slots.name }}: {{ slots.option }}",
        "none": "No hay nada elegido en {{ slots.name }}",
    },
    "SottoGetFigure": {"default": "{{ slots.name }}: {{ slots.value }}"},
    "SottoLastEvent": {
        "default": "{{ slots.name }}: la última vez fue {{ slots.moment }}",
        "never": "{{ slots.name }}: nunca, que yo sepa",
    },
    "SottoUpdateOf": {
        "yes": "Sí, hay una actualización para {{ slots.name }}"
        "{% if slots.version %}: versión {{ slots.version }}{% endif %}",
        "no": "No, {{ slots.name }} está al día",
    },
    "SottoUpdates": {
        "none": "Ningún dispositivo tiene actualizaciones",
        "one": "Hay una actualización: {{ slots.names }}",
        "several": "Hay actualizaciones para {{ slots.names }}",
    },
    "SottoInstallUpdate": {"default": "Instalando la actualización"},
    "HassHumidifierSetpoint": {"default": "Humedad establecida al {{ slots.humidity }} por ciento"},
    "SottoSetValue": {"default": "{{ slots.name }} establecido en {{ slots.value }}"},
    "SottoSetText": {"default": "{{ slots.name }} establecido en {{ slots.text }}"},
    "SottoNotify": {"default": "Enviado"},
    "SottoChoose": {"default": "{{ slots.name }} establecido en {{ slots.option }}"},
    "SottoStopEffect": {"default": "Efecto detenido"},
    "SottoBrighter": {"up": "Más luz", "down": "Menos luz"},
    "SottoWarmer": {"up": "Más cálido", "down": "Más frío"},
    "SottoOscillate": {"on": "Oscilación activada", "off": "Oscilación desactivada"},
    "SottoTilt": {"default": "Moviendo las lamas"},
    "SottoTemperatureRange": {
        "default": "Temperatura establecida de {{ slots.low }} a {{ slots.high }} grados"
    },
    "SottoCleanSpot": {"default": "Limpieza puntual en marcha"},
}
