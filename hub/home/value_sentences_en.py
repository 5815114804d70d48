"""English sentences that ask for values and set them."""

from hub.home.sentence_block import CHOOSING, NUMBERS, OwnAnswers, Sentences, block, words

_PLACE = "[(<here>|<in> [<the>] {area})]"
_N = f"[<the>] {{name}} {_PLACE}"
_LISTS = {
    **NUMBERS,
    "aspect": words(
        mode="(mode|setting)", preset="preset [mode]", program="(program[me]|option|choice)",
        fan="(fan (mode|speed|level)|suction [(power|level)]|cleaning (power|speed))",
        swing="swing [mode]", direction="direction", tone="(tone|sound)", effect="effect",
    ),
    "figure": words(
        brightness="brightness", color_temperature="color temperature",
        humidity="(target|set) humidity", percentage="(fan speed|speed)", position="position",
        tilt="tilt [position]", volume="volume", temperature="(target|set) temperature",
    ),
    "armed": words(
        armed="(armed|on|active|set)", armed_away="armed away", armed_home="armed home",
        armed_night="armed night", armed_vacation="armed vacation",
        disarmed="(disarmed|off|inactive)", triggered="(triggered|ringing|going off)",
    ),
    "more_light": words(up="(brighter|lighter)", down="(dimmer|darker)"),
    "more_warmth": words(up="warmer", down="(cooler|colder)"),
    "on_off": words(on="(on|start)", off="(off|stop)"),
    "way": words(open="open", close="close"),
}  # fmt: skip
_NUMBER = ("({value}|{digits:value})[[ ](%|°|percent|degrees|watt[s]|volt[s]|amp[ere]s|second[s]|"
           "minute[s]|hour[s]|liter[s]|kelvin|bar)]")  # fmt: skip
_PERCENT = "[([ ]%)| percent]"
_DEGREES = "[([ ]°)| degrees]"
_SET = "(set|change|switch|put|turn|make)"
_ALARM = "[<the>] [(house|home|burglar)] alarm [(system|panel)]"
_UPDATE = "[(firmware|software)] update[s]"

SENTENCES: Sentences = {
    "SottoGetValue": (
        block(f"(<what_is>|how (much|high|big|fast) is) {_N} [(set to|at|now|set at)]",
              f"(<what_is>|tell me) [the] (value|setting|state) of {_N}",
              domain=("number", "select"), lists=_LISTS),
        block(f"what does {_N} (say|read|show)", f"what is (written|shown) on {_N}",
              f"<what_is> {_N}", f"read [me] {_N}", domain="text", lists=_LISTS),
    ),
    "SottoGetAlarm": (
        block(f"is {_N} {{armed}}", f"(<what_is>|how is) {_N} [doing]",
              f"(<what_is>|tell me) [the] (state|status|mode) of {_N}",
              domain="alarm_control_panel", lists=_LISTS),
        block(f"is {_ALARM} {{armed}}", f"how is {_ALARM} [set]",
              f"(<what_is>|tell me) [the] (state|status|mode) of {_ALARM}", lists=_LISTS),
    ),
    "SottoGetChoice": (
        block(f"(what|which) {{aspect}} (is|does) {_N} [(in|on|at|set to|have|use|show|play)]",
              f"<what_is> [the] {{aspect}} (of|on|for) {_N}", f"<what_is> {_N} {{aspect}}",
              f"(in|on) (what|which) {{aspect}} is {_N}", domain=CHOOSING, lists=_LISTS),
    ),
    "SottoGetFigure": (
        block(f"<what_is> [the] {{figure}} (of|on|for) {_N}", f"<what_is> {_N} {{figure}}",
              f"what {{figure}} (is|does) {_N} [(at|have|set to)]",
              domain=("light", "fan", "humidifier", "cover", "media_player", "water_heater"),
              lists=_LISTS),
    ),
    "SottoLastEvent": (
        block(f"when (did|was|has|is) {_N} [been] [last] (ring|rung|pressed|press|pushed|"
              "triggered|trigger|used|activated|happen|go off|gone off|heard) [last] "
              "[the last time]",
              f"when was the last time [that] {_N} (rang|was (pressed|pushed|triggered|used)|"
              "happened|went off)", domain="event", lists=_LISTS),
    ),
    "SottoUpdateOf": (
        block(f"is there (a|an|any|new) {_UPDATE} (for|of|to|on) {_N}",
              f"(does|has) {_N} (have|has|got|need) (a|an|any|new) {_UPDATE}",
              f"does {_N} need [to be] updat(e|ed|ing)", f"is {_N} up to date",
              domain="update", lists=_LISTS),
    ),
    "SottoUpdates": (
        block(f"(which|what) devices (have|need|want) [(a|an|any|new)] {_UPDATE} [available]",
              f"(are|is) there (a|an|any|new) [(device|available)] {_UPDATE} [available]",
              f"what {_UPDATE} are (there|available)",
              "(which|what) devices (can|need to|have to|should) be updated"),
    ),
    "SottoInstallUpdate": (
        block(f"install [the] [(new|latest)] {_UPDATE} (for|of|on) {_N}", f"update {_N}",
              f"install {_N} {_UPDATE}", domain="update"),
    ),
    "HassHumidifierSetpoint": (
        block(f"<numeric_value_set> {_N} to {{humidity}}{_PERCENT} [humidity]",
              domain="humidifier", lists=_LISTS),
        block(f"<numeric_value_set> [<the>] {{name}} [target] humidity to {{humidity}}{_PERCENT}",
              f"<numeric_value_set> [the] [target] humidity of {_N} to {{humidity}}{_PERCENT}",
              domain=("humidifier", "climate"), lists=_LISTS),
    ),
    "SottoSetValue": (
        block(f"<numeric_value_set> {_N} to {_NUMBER}", domain="number", lists=_LISTS),
    ),
    "SottoSetText": (
        block(f"(set|change|make) {_N} [to] {{text}}", f"(write|put|show) {{text}} on {_N}",
              f"let {_N} (say|show|read) {{text}}", domain="text", lists=_LISTS),
    ),
    "SottoNotify": (
        block("(send|notify|tell) [<the>] {name} [that] {text:message}",
              "(show|send) {text:message} (on|to) [<the>] {name}", domain="notify", lists=_LISTS),
    ),
    "SottoChoose": (
        block(f"{_SET} {_N} (to|on|in|into) [the] {{option}} [(mode|preset|program[me])]",
              domain=("select", "climate", "water_heater", "humidifier", "fan", "vacuum"),
              lists=_LISTS),
        block(f"{_SET} [the] {{aspect}} (of|on|for) {_N} to [the] {{option}}",
              f"{_SET} [<the>] {{name}} {{aspect}} to [the] {{option}}",
              f"{_SET} {_N} (to|on|in|into) [the] {{aspect}} {{option}}",
              f"{_SET} {_N} (to|on|in|into) [the] {{option}} {{aspect}}",
              domain=CHOOSING, lists=_LISTS),
        block(f"(start|play|show|use) [the] {{option}} effect (on|with) {_N}",
              f"{_SET} [the] effect (of|on) {_N} to [the] {{option}}", domain="light",
              lists=_LISTS),
        block(f"(sound|start) {_N} with [the] {{option}} (tone|sound)", domain="siren",
              lists=_LISTS),
        block(f"let {_N} (blow|run|turn) [in] {{option}}", domain="fan", lists=_LISTS),
    ),
    "SottoStopEffect": (
        block(f"(stop|end|cancel|turn off|switch off) [the] effect[s] (of|on) {_N}",
              f"(stop|end|cancel|turn off|switch off) {_N} effect[s]", domain="light"),
        block("(stop|end|cancel|turn off|switch off) [the] [light] effect[s] [<here>]",
              of="light", here=True),
        block("(stop|end|cancel) [the] [light] effect[s] <in> [<the>] {area}", of="light"),
    ),
    "HassLightSet": (
        block(f"{_SET} {_N} [to] ({{kelvin:temperature}}[ ](k|kelvin)|"
              "{color_temperature_names:temperature})", domain="light", response="temperature",
              lists=_LISTS),
        block(f"{_SET} [<all>] [<the>] <light> [<here>] [to] ({{kelvin:temperature}}[ ](k|kelvin)|"
              "{color_temperature_names:temperature})", of="light", here=True,
              response="temperature", lists=_LISTS),
        block(f"{_SET} [<all>] [<the>] <light> <in> [<the>] {{area}} [to] "
              "({kelvin:temperature}[ ](k|kelvin)|{color_temperature_names:temperature})",
              f"{_SET} [<all>] [<the>] {{area}} <light> [to] "
              "({kelvin:temperature}[ ](k|kelvin)|{color_temperature_names:temperature})",
              of="light", response="temperature", lists=_LISTS),
    ),
    "SottoBrighter": (
        block(f"make {_N} [a (bit|little)] {{more_light:change}}", domain="light", lists=_LISTS),
        block(f"(brighten|lighten) {_N}", domain="light", response="up",
              slots={"change": "up"}),
        block(f"(dim|darken) {_N}", domain="light", response="down", slots={"change": "down"}),
        block("[make (it|[<the>] <light>)] [<here>] [a (bit|little)] {more_light:change} [<here>]",
              of="light", here=True, lists=_LISTS),
        block("make [<the>] <light> <in> [<the>] {area} [a (bit|little)] {more_light:change}",
              "make [<the>] {area} <light> [a (bit|little)] {more_light:change}",
              of="light", lists=_LISTS),
    ),
    "SottoWarmer": (
        block(f"make {_N} [a (bit|little)] {{more_warmth:change}}", domain=("light", "climate"),
              lists=_LISTS),
        block("make [<the>] <light> [<here>] [a (bit|little)] {more_warmth:change}",
              of="light", here=True, lists=_LISTS),
        block("make it [<here>] [a (bit|little)] {more_warmth:change} [<here>]",
              of=("light", "climate"), here=True, lists=_LISTS),
        block("make [<the>] <light> <in> [<the>] {area} [a (bit|little)] {more_warmth:change}",
              "make [<the>] {area} <light> [a (bit|little)] {more_warmth:change}",
              of="light", lists=_LISTS),
        block("make it [a (bit|little)] {more_warmth:change} <in> [<the>] {area}",
              "make [<the>] {area} [a (bit|little)] {more_warmth:change}",
              of=("light", "climate"), lists=_LISTS),
    ),
    "SottoOscillate": (
        block(f"(turn|switch) {{on_off:oscillating}} [the] (oscillation|swing) (of|on) {_N}",
              f"{{on_off:oscillating}} [the] (oscillation|swing|oscillating) (of|on) {_N}",
              f"{{on_off:oscillating}} (oscillating|swinging) {_N}",
              f"(turn|switch) {_N} oscillation {{on_off:oscillating}}",
              domain="fan", lists=_LISTS),
        block(f"(let|make) {_N} (oscillate|swing)", domain="fan", slots={"oscillating": "on"}),
    ),
    "SottoTilt": (
        block(f"{{way}} [the] (tilt|slats) (of|on) {_N}", f"{{way}} {_N} (tilt|slats)",
              f"tilt {_N} {{way}}", domain="cover", lists=_LISTS),
        block(f"(set|turn|change) [the] (tilt|slats) (of|on) {_N} to {{position:tilt}}{_PERCENT}",
              f"(set|turn|change) [<the>] {{name}} (tilt|slats) to {{position:tilt}}{_PERCENT}",
              f"tilt {_N} to {{position:tilt}}{_PERCENT}", domain="cover", lists=_LISTS),
    ),
    "SottoTemperatureRange": (
        block(f"(set|keep|hold) {_N} (between|from) {{degrees:low}}{_DEGREES} (and|to) "
              f"{{degrees:high}}{_DEGREES}", domain="climate", lists=_LISTS),
        block(f"(set|keep|hold) [the] temperature [<here>] (between|from) "
              f"{{degrees:low}}{_DEGREES} (and|to) {{degrees:high}}{_DEGREES}", here=True,
              lists=_LISTS),
    ),
    "SottoCleanSpot": (
        block(f"(let|make|have) {_N} [do a] (clean [(the|this|a)] spot|spot clean)",
              f"(start|do) [a] spot clean[ing] with {_N}", f"spot clean with {_N}",
              domain="vacuum"),
        block("(clean (the|this) spot|spot clean) [here]", "(start|do) [a] spot clean[ing]"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "SottoGetValue": {
        "default": "{{ slots.name }} is {{ state.state_with_unit }}",
        "option": "{{ slots.name }} is {{ slots.option }}",
        "text": "{{ slots.name }} says {{ state.state }}",
        "empty": "{{ slots.name }} says nothing",
    },
    "SottoGetAlarm": {
        "state": "{{ slots.name }} is {{ state.state_with_unit }}",
        "yes": "Yes, {{ slots.name }} is {{ state.state_with_unit }}",
        "no": "No, {{ slots.name }} is {{ state.state_with_unit }}",
    },
    "SottoGetChoice": {
        "default": "{{ slots.name }} is set to {{ slots.option }}",
        "none": "Nothing is chosen for {{ slots.name }}",
    },
    "SottoGetFigure": {"default": "{{ slots.name }} is at {{ slots.value }}"},
    "SottoLastEvent": {
        "default": "{{ slots.name }}: the last time was {{ slots.moment }}",
        "never": "{{ slots.name }}: never, as far as I know",
    },
    "SottoUpdateOf": {
        "yes": "Yes, there is an update for {{ slots.name }}"
        "{% if slots.version %}: version {{ slots.version }}{% endif %}",
        "no": "No, {{ slots.name }} is up to date",
    },
    "SottoUpdates": {
        "none": "No device has an update",
        "one": "There is one update: {{ slots.names }}",
        "several": "There are updates for {{ slots.names }}",
    },
    "SottoInstallUpdate": {"default": "Installing the update"},
    "HassHumidifierSetpoint": {"default": "Humidity set to {{ slots.humidity }} percent"},
    "SottoSetValue": {"default": "{{ slots.name }} set to {{ slots.value }}"},
    "SottoSetText": {"default": "{{ slots.name }} set to {{ slots.text }}"},
    "SottoNotify": {"default": "Sent"},
    "SottoChoose": {"default": "{{ slots.name }} set to {{ slots.option }}"},
    "SottoStopEffect": {"default": "Effect stopped"},
    "SottoBrighter": {"up": "Brighter", "down": "Dimmer"},
    "SottoWarmer": {"up": "Warmer", "down": "Cooler"},
    "SottoOscillate": {"on": "Oscillation on", "off": "Oscillation off"},
    "SottoTilt": {"default": "Tilting"},
    "SottoTemperatureRange": {
        "default": "Temperature set from {{ slots.low }} to {{ slots.high }} degrees"
    },
    "SottoCleanSpot": {"default": "Cleaning the spot"},
}
