"""Why a setting can not be changed while the satellite runs, in words."""

from satellite.dotted import type_of
from satellite.settings import SatelliteSettings

_WHY = (
    (("microphone", "speaker", "sound."), "the sound devices are chosen at the start"),
    (("hub", "token", "wyoming."), "which hub it trusts is for its owner alone to say"),
    (("name", "id", "area", "person"), "it tells the hub at the start who it is"),
    (("lights.", "pins."), "there is nothing connected that could take it, or only at the start"),
    (("hooks", "wake.folder"), "files and commands of the satellite are for its owner alone"),
    (("wake", "sounds."), "this satellite has no ear or no speaker for it"),
)
_DO = "set it in the satellite's settings file and start it anew"


def why_fixed(name: str) -> str:
    """Return why it can not be changed, and what to do."""
    try:
        type_of(SatelliteSettings, name)
    except KeyError:
        return f"there is no setting {name[:60]!r}; names are those of the settings file"
    why = next((why for begins, why in _WHY if name.startswith(begins)), "")
    return f"{name} can not be changed while it runs{': ' if why else ''}{why}; {_DO}"
