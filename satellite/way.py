"""The way to the hub, put together from the settings."""

import time
from functools import partial

from satellite import events
from satellite.handshake import Identity
from satellite.locate import Locator
from satellite.pairing import Pairing
from satellite.runtime import Satellite
from satellite.settings import SatelliteSettings
from satellite.state_folder import state_folder
from satellite.uplink import Uplink


def make_uplink(
    settings: SatelliteSettings, satellite: Satellite, identity: Identity, token: str | None
) -> Uplink:
    """Return the uplink of a satellite; it remembers the hub that it is paired with."""
    pairing = Pairing(state_folder() / "hub.json", token)
    locator = Locator(settings.hubs, pairing, has_token=token is not None)
    return Uplink(
        satellite, identity, token, locator, on_proved=partial(_remember, pairing, satellite)
    )


def _remember(pairing: Pairing, satellite: Satellite, hub: str) -> None:
    try:
        pairing.proved(hub)
    except OSError as error:
        text = f"the hub can not be remembered over a restart ({error})"
        satellite.emit(events.Failed(time.monotonic(), "not-kept", text))
