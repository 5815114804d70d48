"""What the satellite says of itself to Home Assistant."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version

from protocol import Attribution, Info, SatelliteProgram, WakeModel, WakeProgram

MOST_WAKE_WORDS = 4
_ATTRIBUTION = Attribution("Sotto", "")
_WAKE_ATTRIBUTION = Attribution("microWakeWord", "https://github.com/kahrendt/microWakeWord")


def describe(
    name: str, area: str | None, wake_words: Sequence[str], phrases: Mapping[str, str]
) -> Info:
    """Return the satellite and its wake words, by whose phrases Home Assistant tells doubles.

    It names no service: Home Assistant loads none of a satellite. Nor can a run be triggered from
    afar: whoever reaches the port could listen in.
    """
    wake = WakeProgram(
        name="sotto",
        attribution=_WAKE_ATTRIBUTION,
        installed=True,
        description="Wake words at the satellite",
        version=version("sotto"),
        models=tuple(
            WakeModel(
                name=word,
                attribution=_WAKE_ATTRIBUTION,
                installed=True,
                description=phrases.get(word, word),
                languages=(),
                phrase=phrases.get(word, word),
            )
            for word in wake_words
        ),
    )
    satellite = SatelliteProgram(
        name=name,
        attribution=_ATTRIBUTION,
        installed=True,
        description="Sotto satellite",
        version=version("sotto"),
        area=area,
        has_vad=False,
        active_wake_words=tuple(wake_words),
        max_active_wake_words=MOST_WAKE_WORDS,
        supports_trigger=False,
    )
    return Info(wake=(wake,) if wake_words else (), satellite=satellite)
