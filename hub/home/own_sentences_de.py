"""Our own German sentences, with the rules and lists of home-assistant-intents."""

from hub.home.sentence_block import SWITCHABLE, OwnAnswers, Sentences, block, words

_THE = "[<artikel_bestimmt> ]"
_ALARM = {
    "alarm_mode": words(
        arm_home="(zu Hause|zuhause|anwesend)", arm_away="(abwesend|unterwegs)",
        arm_night="(Nacht|nachts)", arm_vacation="Urlaub",
        arm_custom="(benutzerdefiniert|mit Ausnahmen)",
    )
}  # fmt: skip
_EVERYTHING = ("light", "switch", "fan", "media_player")
_VACUUM = "[den ](Staubsauger|Saugroboter|Sauger)"

_PERCENT = "{brightness}[[ ]%| Prozent]"
_DIM = "(<setze>|<stelle>|dimm[e])"
_LIGHTS = "(<licht>|<lichter>|<alle_lichter>)"

SENTENCES: Sentences = {
    "HassLightSet": (
        block(f"{_DIM} {_THE}{{name}} auf {_PERCENT}[ ein]", domain="light",
              response="brightness"),
        block(f"{_DIM} {_LIGHTS} <area> auf {_PERCENT}[ ein]", of="light",
              response="brightness"),
        block(f"{_DIM} {_LIGHTS}[ <hier>] auf {_PERCENT}[ ein]", of="light", here=True,
              response="brightness"),
    ),
    "HassTurnOn": (
        block("(öffne|mach[e]) <alle> {cover_classes:device_class}[ (auf|im ganzen Haus|überall)]",
              "<alle> {cover_classes:device_class} öffnen",
              of="cover", response="cover_device_class"),
        block("(<sperren>|verriegel[e]) <alle> (Türen|Schlösser)[ ab| zu]",
              "<alle> (Türen|Schlösser) (<absperren>)", of="lock", response="lock"),
    ),
    "HassTurnOff": (
        block("<schliessen> <alle> {cover_classes:device_class}[ (im ganzen Haus|überall)]",
              "<alle> {cover_classes:device_class} schlie(ß|ss)en",
              of="cover", response="cover_device_class"),
        block("(<schalten>|<machen>) alles[ <hier>] aus", "alles[ <hier>] aus[schalten]",
              of=_EVERYTHING, here=True, response="everything"),
        block("(<schalten>|<machen>) (alles <area>|<area> alles) aus",
              "(alles <area>|<area> alles) aus[schalten]", of=_EVERYTHING, response="everything"),
        block("(<schalten>|<machen>) (alles überall|überall alles|alles im ganzen Haus) aus",
              of=_EVERYTHING, response="everything"),
    ),
    "HassToggle": (
        block(f"<schalten> {_THE}{{name}} um", f"{_THE}{{name}} umschalten",
              domain=(*SWITCHABLE, "cover")),
        block("<schalten> (<licht>|<lichter>) <area> um", of="light", response="several"),
        block("<schalten> (<licht>|<lichter>)[ <hier>] um", of="light", here=True,
              response="several"),
    ),
    "HassStopMoving": (
        block(f"(stopp[e]|halt[e]) {_THE}{{name}}[ an]", f"{_THE}{{name}} (stoppen|anhalten)",
              domain=("cover", "valve")),
        block(f"(stopp[e]|halt[e]) {_THE}{{cover_classes:device_class}} <area>[ an]",
              f"{_THE}{{cover_classes:device_class}} <area> (stoppen|anhalten)", of="cover"),
        block(f"(stopp[e]|halt[e]) {_THE}{{cover_classes:device_class}}[ <hier>][ an]",
              f"{_THE}{{cover_classes:device_class}}[ <hier>] (stoppen|anhalten)",
              of="cover", here=True),
    ),
    "SottoArm": (
        block(f"(aktivier[e]|schärf[e]) {_THE}{{name}}[ (für|auf) {{alarm_mode:mode}}]",
              f"<schalten> {_THE}{{name}} scharf", f"{_THE}{{name}} scharf[ ]schalten",
              domain="alarm_control_panel", lists=_ALARM),
        block("(aktivier[e]|schärf[e]) [die ](Alarmanlage|Alarm)[ (für|auf) {alarm_mode:mode}]",
              "<schalten> [die ]Alarmanlage (scharf|ein|an)",
              "[die ]Alarmanlage (scharf[ ]schalten|aktivieren)", lists=_ALARM),
    ),
    "SottoDisarm": (
        block(f"(deaktivier[e]|entschärf[e]) {_THE}{{name}}", f"<schalten> {_THE}{{name}} unscharf",
              domain="alarm_control_panel"),
        block("(deaktivier[e]|entschärf[e]) [die |den ](Alarmanlage|Alarm)",
              "<schalten> [die ]Alarmanlage (unscharf|aus|ab)",
              "[die ]Alarmanlage (deaktivieren|ausschalten)"),
    ),
    "HassClimateSetTemperature": (
        block(f"(<setze>|<stelle>|heiz[e]) {_THE}{{name}} auf {{temperature}}"
              "([ ]°| Grad)[ Celsius][ ein]", domain=("climate", "water_heater")),
    ),
    "SottoPause": (
        block(f"paus(e|ier[e]) {_THE}{{name}}", f"{_THE}{{name}} pausieren",
              f"halt[e] {_THE}{{name}} an", domain=("vacuum", "lawn_mower")),
    ),
    "SottoLocate": (block(f"(finde|such[e]|wo ist) {_THE}{{name}}", domain="vacuum"),),
    "HassVacuumStart": (block(f"start[e] {_VACUUM}", f"{_VACUUM} starten"),),
    "HassVacuumReturnToBase": (
        block(f"schick[e] {_VACUUM} (zurück|nach Hause|zur (Basis|Ladestation))",),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "HassRespond": {
        "hello": "Hallo, hier ist Sotto.",
        "data": "Was du sagst, bleibt in diesem Zuhause, wenn es keinen fremden Dienst nutzt.",
        "commands": "Sag zum Beispiel: schalte das Licht ein, ist die Haustür abgeschlossen, oder "
        "stelle einen Timer auf fünf Minuten.",
        "creator": "Ich bin Sotto, freie Software von vielen Leuten.",
    },
    "HassTurnOff": {"everything": "Alles ausgeschaltet"},
    "HassToggle": {
        "on": "{{ slots.name }} ist an",
        "off": "{{ slots.name }} ist aus",
        "open": "Wird geöffnet",
        "close": "Wird geschlossen",
        "several": "Umgeschaltet",
    },
    "HassStopMoving": {"default": "Angehalten"},
    "SottoArm": {"default": "Die Alarmanlage wird scharf geschaltet"},
    "SottoDisarm": {"default": "Die Alarmanlage wird unscharf geschaltet"},
    "SottoPause": {"default": "Pausiert"},
    "SottoLocate": {"default": "Er sollte sich jetzt bemerkbar machen"},
}
