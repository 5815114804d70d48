"""The way to the hub, put together from the settings."""

import time
from functools import partial

from satellite import events
from satellite.handshake import Identity
from satellite.locate import Locator
from satellite.own_token import OwnToken, kept_token, write
from satellite.pairing import Pairing
from satellite.runtime import Satellite
from satellite.settings import SatelliteSettings
from satellite.state_folder import state_folder
from satellite.uplink import Uplink


def make_uplink(
    settings: SatelliteSettings,
    satellite: Satellite,
    identity: Identity,
    token: str | None,
    *,
    asks: bool,
) -> Uplink:
    """Return the uplink of a satellite; it remembers the hub that it is paired with.

    Without a token, one that `asks` waits until the owner of a hub gives it one.
    """
    pairing = Pairing(state_folder() / "hub.json", token)
    locator = Locator(settings.hubs, pairing, has_token=token is not None or asks)

    def show(code: str, hub: str) -> None:
        satellite.emit(events.PairingCode(time.monotonic(), code, hub))

    def keep(given: str) -> None:
        pairing.use(given)
        kept = True
        try:
            write(kept_token(settings), given)
        except OSError as error:
            kept = False
            _say_not_kept(satellite, f"the hub's token can not be kept over a restart ({error})")
        satellite.emit(events.Paired(time.monotonic(), kept))

    own = OwnToken(token, show=show if asks else None, keep=keep)
    return Uplink(
        satellite, identity, own, locator, on_proved=partial(_remember, pairing, satellite)
    )


def _remember(pairing: Pairing, satellite: Satellite, hub: str) -> None:
    try:
        pairing.proved(hub)
    except OSError as error:
        _say_not_kept(satellite, f"the hub can not be remembered over a restart ({error})")


def _say_not_kept(satellite: Satellite, text: str) -> None:
    satellite.emit(events.Failed(time.monotonic(), "not-kept", text))
