"""Commands that change something at satellites: at all of them that are meant, at once."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from hub.controlling import ControlError, Controls
from hub.mqtt.own_payloads import Change, Identify, Mute, Payload, Volume


async def change_at(
    controls: Controls, satellites: Sequence[str], payload: Payload
) -> Mapping[str, Any]:
    """Do what a payload asks for; return what came of it.

    Where one of the satellites can not, it is done at the others. Raises ControlError.
    """
    result: dict[str, Any] = {"satellites": list(satellites)}
    match payload:
        case Volume(volume=percent):
            await _all([controls.set_volume(one, percent / 100) for one in satellites])
            result["volume"] = percent
        case Mute(muted=muted):
            await _all([controls.set_muted(one, muted) for one in satellites])
            result["muted"] = muted
        case Identify(seconds=seconds):
            await _all([controls.identify(one, seconds) for one in satellites])
            result["seconds"] = seconds
        case Change(settings=values) if values:
            held = await _all([controls.set(one, values) for one in satellites])
            result["settings"] = dict(zip(satellites, held, strict=True))
        case Change():
            result["settings"] = {
                one: {setting.name: setting.value for setting in controls.settings(one)}
                for one in satellites
            }
    return result


async def _all(work: Sequence[Any]) -> list[Any]:
    """Do all of it, and then tell of the first that failed."""
    results = await asyncio.gather(*work, return_exceptions=True)
    failed = [one for one in results if isinstance(one, BaseException)]
    refused = [one for one in failed if isinstance(one, ControlError)]
    if refused:
        raise ControlError(refused[0].code, " ".join(dict.fromkeys(map(str, refused))))
    if failed:
        raise failed[0]
    return list(results)
