"""German sentences that ask for values and set them."""

from hub.home.sentence_block import CHOOSING, NUMBERS, OwnAnswers, Sentences, block, words

_THE = "[<artikel_bestimmt> ]"
_PLACE = "[ (<hier>|in der {area}|im {area}|in {area})]"
_N = f"{_THE}{{name}}{_PLACE}"
_OF = f"(<von_dem>|von der|für|bei|der|des|am) {_THE}{{name}}{_PLACE}"
_LISTS = {
    **NUMBERS,
    "aspect": words(
        mode="(Modus|Betriebsart|Einstellung)", preset="(Voreinstellung|Preset)",
        program="(Programm|Option)",
        fan="(Lüfterstufe|Lüftermodus|Lüfter|Saugkraft|Saugstufe|Saugleistung)",
        swing="(Schwenkmodus|Lamellen|Schwenken)", direction="(Richtung|Drehrichtung)",
        tone="(Ton|Klang)", effect="Effekt",
    ),
    "figure": words(
        brightness="Helligkeit", color_temperature="Farbtemperatur",
        humidity="(Zielfeuchte|Zielfeuchtigkeit|Sollfeuchte)", percentage="Geschwindigkeit",
        position="Position", tilt="Neigung", volume="Lautstärke",
        temperature="(Zieltemperatur|Solltemperatur)",
    ),
    "armed": words(
        armed="(scharf[ geschaltet]|an|aktiv|aktiviert)", armed_away="scharf abwesend",
        armed_home="scharf anwesend", armed_night="scharf für die Nacht",
        disarmed="(unscharf|aus|inaktiv|deaktiviert)", triggered="(ausgelöst|losgegangen)",
    ),
    "more_light": words(up="heller", down="dunkler"),
    "more_warmth": words(up="wärmer", down="(kälter|kühler)"),
    "on_off": words(on="(ein|an)", off="(aus|ab)"),
}  # fmt: skip
_NUMBER = ("({value}|{digits:value})[[ ](%|°|Prozent|Grad|Watt|Volt|Ampere|Sekunde[n]|Minute[n]|"
           "Stunde[n]|Liter|Kelvin|Bar)]")  # fmt: skip
_PERCENT = "[[ ](%|Prozent)]"
_DEGREES = "[[ ](°|Grad)]"
_SET = "(<setze>|<stelle>|<schalten>|mach[e]|bring[e])"
_WARMTH = "({kelvin:temperature}[ ](k|Kelvin)|{color_temperature_names:temperature})"
_LIGHTS = "(<licht>|<lichter>|<alle_lichter>)"
_BIT = "[(etwas|ein bisschen|ein wenig) ]"
_MAKE = "(mach[e]|stell[e])"
_ALARM = "[(die|der|den) ](Alarmanlage|Alarm)"
_UPDATE = "(Update[s]|Aktualisierung[en])"
_ANY = "(ein|eine|irgendein|irgendwelche|neue|neues)"

SENTENCES: Sentences = {
    "HassTurnOn": (
        block(f"start[e] {_THE}{{name}}", f"führ[e] {_THE}{{name}} aus", domain="script",
              response="script"),
    ),
    "HassFanSetSpeed": (
        block(f"{_SET} {_N} auf {{fan_speed:percentage}}[ ](%|Prozent)[ ein]", domain="fan"),
    ),
    "SottoGetValue": (
        block(f"(was ist|wie (hoch|groß|schnell|ist)[ ist]|welchen Wert hat) {_N}[ eingestellt]",
              f"(auf was|worauf) (ist|steht) {_N}[ eingestellt]", f"wie (ist|steht) {_N}",
              f"(welches|welche|welcher) {_N}[ (ist|läuft)][ eingestellt]",
              domain=("number", "select"), lists=_LISTS),
        block(f"was (steht|zeigt|sagt) (auf|an) {_N}", f"was (zeigt|sagt) {_N}[ an]",
              f"was ist {_N}", f"lies[ mir] {_N}[ vor]", domain="text", lists=_LISTS),
    ),
    "SottoGetAlarm": (
        block(f"ist {_N} {{armed}}", f"wie ist (der (Zustand|Status) )[{_OF}]",
              f"wie ist {_N}[ eingestellt]", domain="alarm_control_panel", lists=_LISTS),
        block(f"ist {_ALARM} {{armed}}", f"wie ist {_ALARM}[ eingestellt]",
              "wie ist der (Zustand|Status) (der Alarmanlage|vom Alarm|des Alarms)", lists=_LISTS),
    ),
    "SottoGetChoice": (
        block(f"(in|auf) (welchem|welcher) {{aspect}} (ist|läuft|steht) {_N}",
              f"(welcher|welches|welche|welchen) {{aspect}} (hat|zeigt|spielt|läuft bei) {_N}",
              f"(was|wie|welcher|welches|welche) ist [(der|die|das) ]{{aspect}} {_OF}",
              domain=CHOOSING, lists=_LISTS),
    ),
    "SottoGetFigure": (
        block(f"(was|wie|wie hoch) ist [(der|die|das) ]{{figure}} {_OF}",
              f"welche {{figure}} hat {_N}",
              domain=("light", "fan", "humidifier", "cover", "media_player", "water_heater"),
              lists=_LISTS),
    ),
    "SottoLastEvent": (
        block(f"wann (hat|wurde|ist) {_N} [(zuletzt|das letzte Mal|zum letzten Mal) ](geklingelt|"
              "geläutet|gedrückt[ worden]|betätigt[ worden]|ausgelöst[ worden]|benutzt[ worden]|"
              "passiert)", f"wann (hat es|wurde) an {_N} [(zuletzt|das letzte Mal) ](geklingelt|"
              "geläutet|gedrückt)", f"wann war {_N} (zuletzt|das letzte Mal)",
              domain="event", lists=_LISTS),
    ),
    "SottoUpdateOf": (
        block(f"gibt es [{_ANY} ]{_UPDATE} (für|von) {_N}", f"(hat|braucht) {_N} [{_ANY} ]"
              f"{_UPDATE}", f"ist {_N} (aktuell|auf dem neu[e]sten Stand)", domain="update"),
    ),
    "SottoUpdates": (
        block(f"welche Geräte (haben|brauchen) [{_ANY} ]{_UPDATE}",
              f"(gibt es|sind) [{_ANY} ]{_UPDATE}[ (verfügbar|da)]",
              f"welche {_UPDATE} (gibt es|sind (verfügbar|da))",
              f"für welche Geräte gibt es [{_ANY} ]{_UPDATE}"),
    ),
    "SottoInstallUpdate": (
        block(f"installier[e] [(das|die) ][neue[ste] ]{_UPDATE} (von|vom|für|der|des) {_N}",
              f"aktualisier[e] {_N}", f"{_N} aktualisieren",
              f"(spiel[e]) [(das|die) ]{_UPDATE} (von|vom|für|der|des) {_N} ein",
              domain="update"),
    ),
    "HassHumidifierSetpoint": (
        block(f"{_SET} {_N} auf {{humidity}}{_PERCENT}[ ein]", domain="humidifier", lists=_LISTS),
        block(f"{_SET} [die ](Feuchtigkeit|Luftfeuchtigkeit|Zielfeuchte|Luftfeuchte) {_OF} auf "
              f"{{humidity}}{_PERCENT}[ ein]", domain=("humidifier", "climate"), lists=_LISTS),
    ),
    "SottoSetValue": (
        block(f"{_SET} {_N} auf {_NUMBER}[ ein]", domain="number", lists=_LISTS),
    ),
    "SottoSetText": (
        block(f"{_SET} {_N} auf {{text}}", f"(schreib[e]) {{text}} (auf|an) {_N}",
              f"lass[e] {_N} {{text}} (anzeigen|sagen|zeigen)", f"zeig[e] {{text}} auf {_N}",
              domain="text", lists=_LISTS),
    ),
    "SottoNotify": (
        block(f"(schick[e]|sende|sag[e]|melde) {_THE}{{name}} {{text:message}}",
              f"(schick[e]|sende) {{text:message}} an {_THE}{{name}}",
              f"zeig[e] {{text:message}} auf {_THE}{{name}}", domain="notify", lists=_LISTS),
    ),
    "SottoChoose": (
        block(f"{_SET} {_N} (auf|in) [(den|die|das) ]{{option}}[ (ein|um|Modus)]",
              domain=("select", "climate", "water_heater", "humidifier", "fan", "vacuum"),
              lists=_LISTS),
        block(f"{_SET} [(den|die|das) ]{{aspect}} {_OF} auf {{option}}[ ein]",
              f"{_SET} {_N} (auf|in) [(den|die|das) ]{{aspect}} {{option}}[ ein]",
              f"{_SET} {_N} (auf|in) [(den|die|das) ]{{option}} {{aspect}}[ ein]",
              domain=CHOOSING, lists=_LISTS),
        block(f"(start[e]|zeig[e]|spiel[e]) [den ]Effekt {{option}} (auf|mit|bei) {_N}",
              f"(start[e]|zeig[e]|spiel[e]) [den ]{{option}} Effekt (auf|mit|bei) {_N}",
              f"{_SET} {_N} auf [den ]{{option}}-Effekt", domain="light", lists=_LISTS),
        block(f"lass[e] {_N} {{option}} (drehen|laufen|blasen)", domain="fan", lists=_LISTS),
    ),
    "SottoStopEffect": (
        block(f"(stopp[e]|beende) [den ](Effekt|Lichteffekt) {_OF}",
              f"<schalten> [den ](Effekt|Lichteffekt) {_OF} (aus|ab)", domain="light"),
        block("(stopp[e]|beende) [(den|die) ](Effekt[e]|Lichteffekt[e])[ <hier>]",
              "<schalten> [(den|die) ](Effekt[e]|Lichteffekt[e])[ <hier>] (aus|ab)",
              of="light", here=True),
        block("(stopp[e]|beende) [(den|die) ](Effekt[e]|Lichteffekt[e]) <area>", of="light"),
    ),
    "HassLightSet": (
        block(f"{_SET} {_N} auf {_WARMTH}[ ein]", domain="light", response="temperature",
              lists=_LISTS),
        block(f"{_SET} {_LIGHTS}[ <hier>] auf {_WARMTH}[ ein]", of="light", here=True,
              response="temperature", lists=_LISTS),
        block(f"{_SET} {_LIGHTS} <area> auf {_WARMTH}[ ein]", of="light",
              response="temperature", lists=_LISTS),
    ),
    "SottoBrighter": (
        block(f"{_MAKE} {_N} {_BIT}{{more_light:change}}", domain="light", lists=_LISTS),
        block(f"dimm[e] {_N}[ (herunter|runter)]", domain="light", response="down",
              slots={"change": "down"}),
        block(f"[{_MAKE} (es|{_LIGHTS}) ][<hier> ]{_BIT}{{more_light:change}}[ <hier>]",
              of="light", here=True, lists=_LISTS),
        block(f"{_MAKE} (es|{_LIGHTS}) <area> {_BIT}{{more_light:change}}", of="light",
              lists=_LISTS),
    ),
    "SottoWarmer": (
        block(f"{_MAKE} {_N} {_BIT}{{more_warmth:change}}", domain=("light", "climate"),
              lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS}[ <hier>] {_BIT}{{more_warmth:change}}", of="light", here=True,
              lists=_LISTS),
        block(f"{_MAKE} {_LIGHTS} <area> {_BIT}{{more_warmth:change}}", of="light", lists=_LISTS),
        block(f"{_MAKE} es [<hier> ]{_BIT}{{more_warmth:change}}[ <hier>]",
              of=("light", "climate"), here=True, lists=_LISTS),
        block(f"{_MAKE} es <area> {_BIT}{{more_warmth:change}}", of=("light", "climate"),
              lists=_LISTS),
    ),
    "SottoOscillate": (
        block(f"<schalten> [(das|die) ](Schwenken|Oszillation|Schwenkfunktion) {_OF} "
              "{on_off:oscillating}", domain="fan", lists=_LISTS),
        block(f"(lass[e]) {_N} (schwenken|oszillieren|schwingen)",
              f"start[e] [(das|die) ](Schwenken|Oszillation) {_OF}", domain="fan",
              slots={"oscillating": "on"}),
        block(f"(stopp[e]|beende) [(das|die) ](Schwenken|Oszillation) {_OF}", domain="fan",
              slots={"oscillating": "off"}),
    ),
    "SottoTilt": (
        block(f"(öffne|mach[e]) [die ]Lamellen {_OF}[ auf]", domain="cover",
              slots={"way": "open"}),
        block(f"(schlie(ß|ss)e|mach[e]) [die ]Lamellen {_OF}[ zu]", domain="cover",
              slots={"way": "close"}),
        block(f"{_SET} [die ](Lamellen|Neigung) {_OF} auf {{position:tilt}}{_PERCENT}[ ein]",
              f"(kipp[e]|neig[e]) {_N} auf {{position:tilt}}{_PERCENT}", domain="cover",
              lists=_LISTS),
    ),
    "SottoTemperatureRange": (
        block(f"(halt[e]|<setze>|<stelle>) {_N} (zwischen|von|auf) {{degrees:low}}{_DEGREES} "
              f"(und|bis) {{degrees:high}}{_DEGREES}[ ein]", domain="climate", lists=_LISTS),
        block(f"(halt[e]|<setze>|<stelle>) [die ]Temperatur[ <hier>] (zwischen|von|auf) "
              f"{{degrees:low}}{_DEGREES} (und|bis) {{degrees:high}}{_DEGREES}[ ein]", here=True,
              lists=_LISTS),
    ),
    "SottoCleanSpot": (
        block(f"lass[e] {_N} [(die|diese) ]Stelle (reinigen|saugen)",
              f"start[e] [die ](Punktreinigung|Fleckreinigung) mit {_N}", domain="vacuum"),
        block("(reinige|saug[e]) (diese|die) Stelle[ hier]",
              "start[e] [die ](Punktreinigung|Fleckreinigung)"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "SottoGetValue": {
        "default": "{{ slots.name }} steht auf {{ state.state_with_unit }}",
        "option": "{{ slots.name }} steht auf {{ slots.option }}",
        "text": "Auf {{ slots.name }} steht: {{ state.state }}",
        "empty": "Auf {{ slots.name }} steht nichts",
    },
    "SottoGetAlarm": {
        "state": "{{ slots.name }} ist {{ state.state_with_unit }}",
        "yes": "Ja, {{ slots.name }} ist {{ state.state_with_unit }}",
        "no": "Nein, {{ slots.name }} ist {{ state.state_with_unit }}",
    },
    "SottoGetChoice": {
        "default": "{{ slots.name }} steht auf {{ slots.option }}",
        "none": "Bei {{ slots.name }} ist nichts gewählt",
    },
    "SottoGetFigure": {"default": "{{ slots.name }} steht auf {{ slots.value }}"},
    "SottoLastEvent": {
        "default": "{{ slots.name }}: das letzte Mal war {{ slots.moment }}",
        "never": "{{ slots.name }}: noch nie, soweit ich weiß",
    },
    "SottoUpdateOf": {
        "yes": "Ja, für {{ slots.name }} gibt es ein Update"
        "{% if slots.version %}: Version {{ slots.version }}{% endif %}",
        "no": "Nein, {{ slots.name }} ist auf dem neuesten Stand",
    },
    "SottoUpdates": {
        "none": "Kein Gerät hat ein Update",
        "one": "Es gibt ein Update: {{ slots.names }}",
        "several": "Es gibt Updates für {{ slots.names }}",
    },
    "SottoInstallUpdate": {"default": "Das Update wird installiert"},
    "HassHumidifierSetpoint": {
        "default": "Feuchtigkeit auf {{ slots.humidity }} Prozent eingestellt"
    },
    "SottoSetValue": {"default": "{{ slots.name }} auf {{ slots.value }} gestellt"},
    "SottoSetText": {"default": "{{ slots.name }} auf {{ slots.text }} gestellt"},
    "SottoNotify": {"default": "Gesendet"},
    "SottoChoose": {"default": "{{ slots.name }} auf {{ slots.option }} gestellt"},
    "SottoStopEffect": {"default": "Effekt beendet"},
    "SottoBrighter": {"up": "Heller", "down": "Dunkler"},
    "SottoWarmer": {"up": "Wärmer", "down": "Kälter"},
    "SottoOscillate": {"on": "Schwenken eingeschaltet", "off": "Schwenken ausgeschaltet"},
    "SottoTilt": {"default": "Die Lamellen bewegen sich"},
    "SottoTemperatureRange": {
        "default": "Temperatur von {{ slots.low }} bis {{ slots.high }} Grad eingestellt"
    },
    "SottoCleanSpot": {"default": "Die Stelle wird gereinigt"},
}
