"""What people say to a home, beyond the constrained templates of home-assistant-intents.

Written in hassil's notation; every sentence is one that the intent recogniser understands, or one
to the hub itself, so adding one here only teaches the ear, never the mind. Lists are those of
home-assistant-intents plus the ones below; <rules> are its own unless redefined here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hub.home.phrase_block import Block, SpokenLanguage

# Things that are switched: a name of these can be turned on and off.
_SWITCHED = ("light", "switch", "fan", "media_player", "input_boolean", "climate")
_COVERS = ("cover", "valve")

_ENGLISH_BLOCKS = (
    # Lights of an area, or of the room the speaker is in.
    Block(
        needs=("light", "switch"),
        sentences=(
            "<switch> <on_off> [the] lights [<here>]",
            "<switch> [the] lights <on_off> [<here>]",
            "<switch> <on_off> <every> lights <here>",
            "<switch> off all [[of] the] lights [everywhere]",
            "<switch> all [[of] the] lights off [everywhere]",
            "<switch> <on_off> [<every>] lights in [the] {area}",
            "<switch> <on_off> [<every>] {area} (light|lights)",
            "<switch> [<every>] {area} (light|lights) <on_off>",
            "<switch> [<every>] lights in [the] {area} <on_off>",
            "<switch> [<every>] lights <on_off> in [the] {area}",
            "[the] {area} (light|lights) <on_off>",
            "lights <on_off> [in [the] {area}]",
            "are (any|all) [[of] the] lights {on_off_states} [in [the] {area}]",
            "(which|what|how many) lights are {on_off_states} [in [the] {area}]",
        ),
    ),
    Block(
        needs=("light",),
        sentences=(
            "<adjust> [the] brightness [(in|of) [the] {area}] to <level>",
            "<adjust> [the] {area} brightness to <level>",
            "<adjust> [<every>] {area} (light|lights) to <percentage>",
            "<adjust> [<every>] lights in [the] {area} to <percentage>",
            "<adjust> [the] brightness of [the] {area} (light|lights) to <percentage>",
            "(<adjust>|dim) [the] lights [<here>] to <percentage>",
            "dim [the] {area} (light|lights) to <percentage>",
            "<adjust> [the] color temperature to {color_temperature_names}",
            "<colour> [[the] color of] [<every>] lights [to] {color}",
            "<colour> [[the] color of] [the] {area} [light|lights] [to] {color}",
            "<colour> [[the] color of] [<every>] lights in [the] {area} [to] {color}",
        ),
    ),
    Block(
        names=("light",),
        feature="brightness",
        sentences=(
            "<adjust> [the] brightness of [the] {name} to <level>",
            "<adjust> [the] {name} [brightness] to <level>",
        ),
    ),
    Block(
        names=("light",),
        feature="color",
        sentences=(
            "<colour> [the] color of [the] {name} to {color}",
            "<colour> [the] {name} [color] [to] {color}",
            "<adjust> [the] {name} color temperature to {color_temperature_names}",
        ),
    ),
    # Anything that is on or off.
    Block(
        names=_SWITCHED,
        sentences=(
            "<switch> <on_off> [<the>] {name} [in [the] {area}]",
            "<switch> <on_off> [the] {area} {name}",
            "<switch> [<the>] {name} <on_off>",
            "<switch> [<the>] {name} in [the] {area} <on_off>",
            "[the] {name} <on_off>",
            "(activate|deactivate) [the] {name}",
        ),
    ),
    Block(
        names=("light", "switch", "fan"),
        sentences=("is [the] {name} {on_off_states}",),
    ),
    Block(
        names=("scene",),
        sentences=(
            "(activate|turn on) [the] {name} [scene]",
            "turn [the] {name} on",
            "change to [the] {name} [scene]",
        ),
    ),
    Block(
        names=("script",),
        sentences=("(run|start|activate|turn on) [the] {name} [script]",),
    ),
    Block(names=("alarm_control_panel",), sentences=("(disarm|arm) [the] {name}",)),
    Block(names=("button", "input_button"), sentences=("(press|push) [the] {name} [button]",)),
    # Doors, windows and what covers them.
    Block(
        names=_COVERS,
        sentences=(
            "(<raise>|<lower>) [<the>] {name} [in [the] {area}]",
            "(set|<raise>|<lower>) [the] {name} [position] to {position} [percent]",
            "is [the] {name} <position_state>",
        ),
    ),
    Block(
        needs=("cover",),
        sentences=(
            "(<raise>|<lower>) [the] {area} {cover_classes}",
            "(<raise>|<lower>) [the] {cover_classes} in [the] {area}",
            "(<raise>|<lower>) [the] {cover_classes} [<here>]",
            "are (any|all) [[of] the] {cover_classes} <position_state> [in [the] {area}]",
            "(which|what|how many) {cover_classes} are <position_state> [in [the] {area}]",
            "(set|<raise>|<lower>) [the] {area} {cover_classes} to {position} [percent]",
        ),
    ),
    Block(
        names=("lock",),
        sentences=(
            "(lock|unlock) [<the>] {name} [in [the] {area}]",
            "is [the] {name} (locked|unlocked)",
        ),
    ),
    Block(
        names=("binary_sensor",),
        sentences=("is [the] {name} {bs_open_states}", "is [the] {name} {bs_occupancy_states}"),
    ),
    Block(
        names=("sensor",),
        sentences=("<what_is> [the [current] (state|value) of] [the] {name}",),
    ),
    # Warmth and weather.
    Block(
        sentences=(
            "<what_is> [the] [current] <temp> [<here>]",
            "<what_is> [the] <temp> in [the] {area}",
            "<what_is> [the] {area} <temp>",
            "how (hot|cold|warm|cool) is it [(<here>|in [the] {area})]",
            "<what_is> the weather [like]",
        ),
    ),
    Block(
        needs=("climate",),
        sentences=(
            "<adjust> [the] <temp> [in [the] {area}] to {temperature} [degrees]",
            "<adjust> [the] {area} <temp> to {temperature} [degrees]",
        ),
    ),
    Block(
        names=("climate",),
        sentences=(
            "<adjust> [the] <temp> of [the] {name} to {temperature} [degrees]",
            "<adjust> [the] {name} [<temp>] to {temperature} [degrees]",
            "<what_is> [the] <temp> of [the] {name}",
            "<what_is> [the] {name} <temp>",
            "how (hot|cold|warm|cool) is [the] {name}",
        ),
    ),
    Block(
        names=("weather",),
        sentences=(
            "<what_is> the weather [like] (in|for|at) {name}",
            "<what_is> [the] {name} weather [like]",
        ),
    ),
    Block(
        names=("fan",),
        sentences=("set [the] {name} [speed] to {fan_speed} [percent]",),
    ),
    # Music and television.
    Block(
        needs=("media_player",),
        sentences=(
            "(pause|resume|unpause|stop|mute|unmute) [[the] (music|song|movie|track)]",
            "(next|previous) (song|track)",
            "skip [(this|the)] (song|track)",
            "skip to [the] next (song|track)",
            "go back to the (previous|last) (song|track)",
            "(turn up|turn down|increase|decrease) [the] volume [by {volume_step_up} [percent]]",
            "turn [the] volume {volume_step}",
            "volume (up|down)",
            "(set|change|turn) [the] volume to {volume} [percent]",
        ),
    ),
    Block(
        names=("media_player",),
        sentences=(
            "(pause|resume|unpause|mute|unmute) [the] {name}",
            "(next|previous) track on [the] {name}",
            "skip [(this|the)] (song|track) on [the] {name}",
            "(turn up|turn down) [the] {name} volume",
            "(set|change) [the] {name} volume to {volume} [percent]",
            "(set|change) [the] volume on [the] {name} to {volume} [percent]",
        ),
    ),
    # Robots.
    Block(
        names=("vacuum",),
        sentences=("start [the] {name}", "return [the] {name} to base"),
    ),
    Block(needs=("vacuum",), sentences=("(vacuum|clean) [the] {area}",)),
    Block(
        names=("lawn_mower",),
        sentences=("start [the] {name}", "(stop|dock) [the] {name}"),
    ),
    # To the hub itself: the conversation moves to another room.
    Block(sentences=("(continue|go on|carry on) in [the] {area}",)),
    # Time, timers, lists, second thoughts.
    Block(
        sentences=(
            "<what_is> the [current] (time|date)",
            "<what_is> today's date",
            "what time is it [right now]",
            "never mind",
            "nevermind",
            "<begin> [(a|an|my)] timer for <duration>",
            "<begin> [(a|an|my)] timer for <half_duration>",
            "<begin> [(a|an|my)] <duration> timer [(for|called|named) {timer_name}]",
            "timer for <duration>",
            "timer for <half_duration>",
            "(cancel|stop|pause|resume|continue) [(the|my)] timer",
            "(cancel|stop|pause|resume|continue) [(the|my)] {timer_name} timer",
            "(cancel|stop) all [[of] (the|my)] timers",
            "add <short_duration> to [(the|my)] [{timer_name}] timer",
            "(remove|take) <short_duration> from [(the|my)] [{timer_name}] timer",
            "(increase|decrease) [(the|my)] timer by <short_duration>",
            "(timer|timers) status",
            "status of [(the|my)] (timer|timers)",
            "how (much time|long) is left on [(the|my)] [{timer_name}] timer",
            "add {shopping_list_item} to [(the|my)] [shopping] list",
            "put {shopping_list_item} on [(the|my)] [shopping] list",
            "(check|complete) off {shopping_list_item} (from|on) [(the|my)] [shopping] list",
            "(check|complete) {shopping_list_item} (off|on|from) [(the|my)] [shopping] list",
            "(delete|remove) {shopping_list_item} from [(the|my)] [shopping] list",
        ),
    ),
    Block(
        sentences=(
            "wake me [up] at <clock>",
            "set [(an|the|my)] alarm for <clock>",
            "(cancel|stop) [(the|my)] alarm",
            "(which|what) alarms are set",
            "snooze",
            "what is on (the|my) shopping list",
        ),
    ),
    Block(
        names=("todo",),
        sentences=(
            "add {todo_list_item} to [(the|my)] {name} [list]",
            "put {todo_list_item} on [(the|my)] {name} [list]",
            "(check|complete) off {todo_list_item} (from|on) [(the|my)] {name} [list]",
            "(check|complete) {todo_list_item} (off|on|from) [(the|my)] {name} [list]",
            "(delete|remove) {todo_list_item} from [(the|my)] {name} [list]",
        ),
    ),
)

_ENGLISH_RULES = {
    "switch": "(turn|switch)",
    "on_off": "(on|off)",
    "every": "(the|my|all [[of] (the|my)])",
    "here": "(in here|in this room|in the room)",
    "adjust": "(set|change|turn)",
    "colour": "(set|change|turn|make)",
    "percentage": "{brightness} [percent]",
    "level": "(<percentage>|{brightness_level})",
    "raise": "(open|raise)",
    "lower": "(close|shut|lower)",
    "position_state": "(open|closed|shut)",
    "what_is": "(what's|what is|tell me)",
    "begin": "(set|start|create)",
    "hours": "({timer_hours}|{one}) (hour|hours)",
    "minutes": "({timer_minutes}|{one}) (minute|minutes)",
    "seconds": "{timer_seconds} (second|seconds)",
    "short_duration": "(<hours>|<minutes>|<seconds>|half an hour)",
    "duration": "(<hours> [[and] <minutes>]|<minutes> [[and] <seconds>]|<seconds>)",
    "clock": "<hour> [(o'clock|<past>)] [(a m|p m)]",
    "hour": "(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)",
    "past": "(oh five|ten|fifteen|twenty|twenty five|thirty|forty|forty five|fifty)",
    "half_duration": (
        "({timer_hours} and a half hours|{timer_minutes} and a half minutes"
        "|half an hour|half a minute)"
    ),
}

_TIMER_NAMES = (
    "pizza", "pasta", "egg", "tea", "coffee", "oven", "laundry", "cake", "bread", "rice",
    "chicken", "potato", "cookie", "dinner", "lunch", "kitchen", "workout", "nap",
)  # fmt: skip

_GROCERIES = (
    "apples", "bananas", "beer", "bread", "butter", "cereal", "cheese", "chicken", "chocolate",
    "coffee", "eggs", "fish", "flour", "garlic", "honey", "juice", "lemons", "milk", "mushrooms",
    "oil", "onions", "oranges", "pasta", "pepper", "potatoes", "rice", "salad", "salt", "soap",
    "sugar", "tea", "toilet paper", "tomatoes", "toothpaste", "water", "wine", "yogurt",
)  # fmt: skip

# Not "quiet" alone: foreign words are taken for it.
_ENGLISH_INTERJECTIONS = (
    "stop", "stop it", "be quiet", "wait", "hold on", "cancel", "never mind", "okay", "yes", "yeah",
    "no", "uh-huh", "mm-hmm", "thanks", "thank you", "right", "sure", "yes please", "please do",
    "do it", "go ahead", "of course", "no thanks", "no thank you", "don't", "don't do it",
    "leave it",
)  # fmt: skip

LANGUAGES: Mapping[str, SpokenLanguage] = MappingProxyType(
    {
        "en": SpokenLanguage(
            blocks=_ENGLISH_BLOCKS,
            rules=_ENGLISH_RULES,
            before=("please", "can you", "could you", "would you"),
            after=("please", "for me"),
            alone=_ENGLISH_INTERJECTIONS,
            and_a_half="and a half",
            numbers={"a hundred": 100},
            lists={
                "timer_name": _TIMER_NAMES,
                "shopping_list_item": _GROCERIES,
                "todo_list_item": _GROCERIES,
            },
        )
    }
)
"""By primary language subtag; a language that is missing here has its package's templates only."""
