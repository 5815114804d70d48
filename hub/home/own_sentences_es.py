"""Our own Spanish sentences, with the rules and lists of home-assistant-intents."""

from hub.home.sentence_block import SWITCHABLE, OwnAnswers, Sentences, block, words

_THE = "[el|la|los|las]"
_ALARM = {
    "alarm_mode": words(
        arm_home="(en casa|presente)", arm_away="(ausente|fuera)", arm_night="noche",
        arm_vacation="vacaciones",
        arm_custom="personalizado",
    )
}  # fmt: skip
_FAN_MODES = {
    "fan_mode": words(
        auto="auto[mático]", on="encendido", off="apagado", low="baj(o|a)", medium="medi(o|a)",
        high="alt(o|a)", top="arriba", middle="centro", focus="enfocado", diffuse="difuso",
    )
}  # fmt: skip
_EVERYTHING = ("light", "switch", "fan", "media_player")
_TOGGLE = "(alterna|alternar|conmuta|conmutar)"
_MOWER = "[el] (cortacésped|robot cortacésped)"
_IN = "(en|de) [el|la|los|las]"

SENTENCES: Sentences = {
    "HassTurnOn": (
        block("<abre> <todos> {cover_classes:device_class} [<todas_partes>]",
              of="cover", response="cover_device_class"),
        block("(cierr(a|e)|cerr(ar|á)) [el|la] {name} [con llave]", "bloque(a|e|ar) [el|la] {name}",
              domain="lock", response="lock"),
        block("(<cierra> con llave|bloque(a|e|ar)) <todos> (puertas|cerraduras)",
              of="lock", response="locks"),
        block("(pulsa|pulsar|presiona|presionar) [el|la] [botón] {name}",
              domain="button", response="button"),
    ),
    "HassTurnOff": (
        block("desbloque(a|e|ar) [el|la] {name}", domain="lock", response="lock"),
        block("<cierra> <todos> {cover_classes:device_class} [<todas_partes>]",
              of="cover", response="cover_device_class"),
        block("<apaga> todo [<aquí>]", of=_EVERYTHING, here=True, response="everything"),
        block("<apaga> todo [(en|de) [el|la]|del] {area}", of=_EVERYTHING, response="everything"),
        block("<apaga> todo <todas_partes>", of=_EVERYTHING, response="everything"),
    ),
    "HassToggle": (
        block(f"{_TOGGLE} {_THE} {{name}}", domain=(*SWITCHABLE, "cover")),
        block(f"{_TOGGLE} <light> ({_IN}|del) {{area}}", of="light", response="several"),
        block(f"{_TOGGLE} <light> [<aquí>]", of="light", here=True, response="several"),
    ),
    "HassStopMoving": (
        block(f"<para> {_THE} {{name}}", domain=("cover", "valve")),
        block(f"<para> {_THE} {{cover_classes:device_class}} ({_IN}|del) {{area}}", of="cover"),
        block(f"<para> {_THE} {{cover_classes:device_class}} [<aquí>]", of="cover", here=True),
    ),
    "HassClimateSetFanMode": (
        block(f"<establece> [el] (ventilador|modo de ventilación) ({_IN}|del) {{name}} (a|en) "
              "[modo] {fan_mode}", domain="climate", lists=_FAN_MODES),
        block(f"<establece> [el] modo de ventilación ({_IN}|del) {{area}} (a|en) {{fan_mode}}",
              lists=_FAN_MODES),
        block("<establece> [el] modo de ventilación (a|en) {fan_mode}", here=True,
              lists=_FAN_MODES),
    ),
    "SottoArm": (
        block("(arma|armar|activa|activar|conecta) [la] {name} [[en] [modo] {alarm_mode:mode}]",
              domain="alarm_control_panel", lists=_ALARM),
        block("(arma|armar|activa|activar|conecta) [la] alarma [[en] [modo] {alarm_mode:mode}]",
              lists=_ALARM),
    ),
    "SottoDisarm": (
        block("(desarma|desarmar|desactiva|desactivar|desconecta) [la] {name}",
              domain="alarm_control_panel"),
        block("(desarma|desarmar|desactiva|desactivar|desconecta) [la] alarma"),
    ),
    "SottoPause": (
        block(f"(paus(a|e|ar)|para|detén) {_THE} {{name}}", domain=("vacuum", "lawn_mower")),
    ),
    "SottoLocate": (
        block(f"(encuentra|localiza|busca|dónde está) {_THE} {{name}}", domain="vacuum"),
    ),
    "HassVacuumStart": (block("<inicia> <aspiradora>"),),
    "HassVacuumReturnToBase": (
        block("<devuelve> <aspiradora> [a [la|su] base]"),
    ),
    "HassLawnMowerStartMowing": (
        block("(corta|cortar) el césped", f"<inicia> {_MOWER}"),
        block("<inicia> [el|la] {name}", domain="lawn_mower"),
    ),
    "HassLawnMowerDock": (
        block(f"<devuelve> {_MOWER} [a [la|su] base]"),
        block("<devuelve> [el|la] {name} [a [la|su] base]", domain="lawn_mower"),
    ),
    "HassBroadcast": (
        block("(anuncia|anunciar|avisa|avisar|difunde) [que] {message}"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "HassRespond": {
        "hello": "Hola, soy Sotto.",
        "data": "Lo que dices se queda en esta casa, salvo que use un servicio externo.",
        "commands": "Pídeme, por ejemplo, que encienda las luces, si la puerta está cerrada, o un "
        "temporizador de cinco minutos.",
        "creator": "Soy Sotto, software libre hecho por mucha gente.",
    },
    "HassTurnOn": {"button": "Pulsado", "locks": "Cerraduras cerradas"},
    "HassTurnOff": {"everything": "Todo apagado"},
    "HassToggle": {
        "on": "{{ slots.name }}: encendido",
        "off": "{{ slots.name }}: apagado",
        "open": "Abriendo",
        "close": "Cerrando",
        "several": "Hecho",
    },
    "HassStopMoving": {"default": "Detenido"},
    "HassClimateSetFanMode": {"default": "Modo de ventilación establecido"},
    "HassLawnMowerStartMowing": {"default": "Cortacésped en marcha"},
    "HassLawnMowerDock": {"default": "Regresando"},
    "HassBroadcast": {"default": "Hecho"},
    "SottoArm": {"default": "Armando la alarma"},
    "SottoDisarm": {"default": "Desarmando la alarma"},
    "SottoPause": {"default": "En pausa"},
    "SottoLocate": {"default": "Debería hacerse oír"},
}
