"""Sentences beyond those of home-assistant-intents, in hassil's notation.

Each is something that people say to a room's lamps and that the package, which knows rooms and
single lamps, leaves out. The <rules> and {lists} are the package's own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_LIGHT = {"domain": "light"}

OWN_SENTENCES: Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "en": {
        "HassLightSet": (
            {
                "sentences": [
                    "<set> [the] color of [<all>] [<the>] {area} <light> [to] {color}",
                    "<set> [<all>] [<the>] {area} <light> [color] [to] {color}",
                    "<set> [<all>] [<the>] <light> <in> [<the>] {area} [to] {color}",
                ],
                "slots": _LIGHT,
                "response": "color",
            },
            {
                "sentences": [
                    "<numeric_value_set> [<all>] [<the>] {area} <light> [brightness] to "
                    "{brightness}[([ ]%)| percent]",
                    "<numeric_value_set> [the] brightness of [<all>] [<the>] {area} <light> to "
                    "{brightness}[([ ]%)| percent]",
                    "<numeric_value_set> [<all>] [<the>] <light> <in> [<the>] {area} to "
                    "{brightness}[([ ]%)| percent]",
                    "dim [<all>] [<the>] {area} <light> to {brightness}[([ ]%)| percent]",
                ],
                "slots": _LIGHT,
                "response": "brightness",
            },
            {
                "sentences": [
                    "<numeric_value_set> [<all>] [<the>] <light> [<here>] to "
                    "{brightness}[([ ]%)| percent]",
                    "dim [<all>] [<the>] <light> [<here>] to {brightness}[([ ]%)| percent]",
                ],
                "slots": _LIGHT,
                "requires_context": {"area": {"slot": True}},
                "response": "brightness",
            },
        ),
    },
}
