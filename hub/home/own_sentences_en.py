"""Our own English sentences, with the rules and lists of home-assistant-intents."""

from hub.home.sentence_block import SWITCHABLE, OwnAnswers, Sentences, block, words

_PERCENT = "{brightness}[([ ]%)| percent]"
_ALARM = {
    "alarm_mode": words(
        arm_home="(home|stay)",
        arm_away="away",
        arm_night="night",
        arm_vacation="vacation",
        arm_custom="custom [bypass]",
    )
}
_EVERYTHING = ("light", "switch", "fan", "media_player")

SENTENCES: Sentences = {
    "HassLightSet": (
        block(
            "<set> [the] color of [<all>] [<the>] {area} <light> [to] {color}",
            "<set> [<all>] [<the>] {area} <light> [color] [to] {color}",
            "<set> [<all>] [<the>] <light> <in> [<the>] {area} [to] {color}",
            of="light", response="color",
        ),
        block(
            f"<numeric_value_set> [<all>] [<the>] {{area}} <light> [brightness] to {_PERCENT}",
            f"<numeric_value_set> [the] brightness of [<all>] [<the>] {{area}} <light> to "
            f"{_PERCENT}",
            f"<numeric_value_set> [<all>] [<the>] <light> <in> [<the>] {{area}} to {_PERCENT}",
            f"dim [<all>] [<the>] {{area}} <light> to {_PERCENT}",
            of="light", response="brightness",
        ),
        block(
            f"<numeric_value_set> [<all>] [<the>] <light> [<here>] to {_PERCENT}",
            f"dim [<all>] [<the>] <light> [<here>] to {_PERCENT}",
            of="light", here=True, response="brightness",
        ),
    ),
    "HassTurnOn": (
        block("<turn> on <all> <light> <everywhere>", of="light", response="light_all"),
        block("<turn> on [<all>] [<the>] {floor} [floor] fan[s]", of="fan", response="fans_area"),
        block("<open> <all> {cover_classes:device_class} [<everywhere>]",
              of="cover", response="cover_device_class"),
        block("lock (all|every) [[of] <the>] (door|lock)[s] [<everywhere>]",
              of="lock", response="lock"),
    ),
    "HassTurnOff": (
        block("<close> <all> {cover_classes:device_class} [<everywhere>]",
              of="cover", response="cover_device_class"),
        block("<turn> off [<all>] [<the>] {floor} [floor] fan[s]", of="fan", response="fans_area"),
        block("<turn> everything off [<here>]", "<turn> off everything [<here>]",
              of=_EVERYTHING, here=True, response="everything"),
        block("<turn> everything off <in> [<the>] {area}", "<turn> off everything <in> [<the>] "
              "{area}", of=_EVERYTHING, response="everything"),
        block("<turn> everything off <everywhere>", "<turn> off everything <everywhere>",
              of=_EVERYTHING, response="everything"),
    ),
    "HassGetCurrentDate": (
        block("what day (is it|of the week is it) [today]", response="weekday"),
    ),
    "HassClimateSetTemperature": (
        block("(<numeric_value_set>|adjust) [the] (heating|heat) [<here>] to "
              "{temperature}[([ ]°)|( degree[s])]", here=True),
    ),
    "HassFanSetSpeed": (
        block("[<set>] the fan[s] [speed] [<here>] [to] {fan_speed:percentage}[([ ]%)| percent]",
              here=True),
    ),
    "HassToggle": (
        block("toggle [<the>] {name}", domain=(*SWITCHABLE, "cover")),
        block("toggle [<the>] {area} <light>", "toggle [<the>] <light> <in> [<the>] {area}",
              of="light", response="several"),
        block("toggle [<the>] <light> [<here>]", of="light", here=True, response="several"),
    ),
    "HassStopMoving": (
        block("(stop|hold|halt) [<the>] {name}", domain=("cover", "valve")),
        block("(stop|hold|halt) [<the>] {area} {cover_classes:device_class}",
              "(stop|hold|halt) [<the>] {cover_classes:device_class} <in> [<the>] {area}",
              of="cover"),
        block("(stop|hold|halt) [<the>] {cover_classes:device_class} [<here>]",
              of="cover", here=True),
    ),
    "SottoArm": (
        block("arm [<the>] {name} [[for|in] {alarm_mode:mode} [mode]]",
              "set [<the>] {name} to {alarm_mode:mode} [mode]",
              domain="alarm_control_panel", lists=_ALARM),
        block("arm [<the>] alarm [system] [[for|in] {alarm_mode:mode} [mode]]",
              "set [<the>] alarm [system] to {alarm_mode:mode} [mode]",
              "(turn|switch) on [<the>] alarm [system]", lists=_ALARM),
    ),
    "SottoDisarm": (
        block("disarm [<the>] {name}", domain="alarm_control_panel"),
        block("disarm [<the>] alarm [system]", "(turn|switch) off [<the>] alarm [system]"),
    ),
    "SottoPause": (block("pause [<the>] {name}", domain=("vacuum", "lawn_mower")),),
    "SottoLocate": (
        block("(find|locate|where is|where's) [<the>] {name}", domain="vacuum"),
    ),
    "HassVacuumStart": (
        block("(start|run) [<the>] (vacuum [cleaner]|robot [vacuum])"),
    ),
    "HassVacuumReturnToBase": (
        block("(return|send|bring) [<the>] (vacuum [cleaner]|robot [vacuum]) [back] "
              "[(home|to [the|its] (base|dock))]"),
        block("send [<the>] {name} [back] (home|to [the|its] (base|dock))", domain="vacuum"),
    ),
}  # fmt: skip

ANSWERS: OwnAnswers = {
    "HassRespond": {
        "data": "What you say stays in this home, unless its owner uses a service elsewhere.",
        "commands": "Ask me, for example, to turn on the lights, whether the front door is locked, "
        "or for a timer of five minutes.",
        "creator": "I am Sotto, free software that many people have made.",
    },
    "HassTurnOff": {"everything": "Turned everything off"},
    "HassGetCurrentDate": {
        "weekday": "It is {{ ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', "
        "'Sunday'][slots.date.weekday()] }}"
    },
    "HassToggle": {
        "on": "{{ slots.name }} is on",
        "off": "{{ slots.name }} is off",
        "open": "Opening",
        "close": "Closing",
        "several": "Switched over",
    },
    "HassStopMoving": {"default": "Stopped"},
    "SottoArm": {"default": "Arming the alarm"},
    "SottoDisarm": {"default": "Disarming the alarm"},
    "SottoPause": {"default": "Paused"},
    "SottoLocate": {"default": "It should make itself heard"},
}
