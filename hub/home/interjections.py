"""Words that are no command, but that a home must be able to hear: "stop", "thanks", "uh-huh".

Said over an answer, some of them end it and some just go with it; who tells which is the
conversation. In the grammar they keep such words from being taken for the command nearest to them.
"""

from collections.abc import Mapping
from types import MappingProxyType

INTERJECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            *("stop", "stop it", "be quiet", "wait", "hold on", "cancel"),
            *("never mind", "okay", "yes", "yeah", "no", "uh-huh", "mm-hmm"),
            *("thanks", "thank you", "right", "sure"),
        ),
    }
)
"""By primary language subtag, as they are written."""
