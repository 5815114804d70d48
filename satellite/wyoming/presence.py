"""Being found by Home Assistant: the satellite announces itself for as long as it runs."""

import asyncio
from collections.abc import Callable

from protocol import SottoError
from satellite.backoff import Backoff

SERVICE_TYPE = "_wyoming._tcp.local."
LOOK_S = 30.0
"""How often to look whether the machine's addresses have changed: Wi-Fi comes late, leases end."""


async def announce(
    label: str, host: str, port: int, complain: Callable[[SottoError], None]
) -> None:
    """Announce what listens on host and port, until cancelled; `complain` is told once if it fails.

    `label` is what Home Assistant knows it by, and stays over restarts.
    """
    # zeroconf costs a tenth of a second and 9 MB.
    from protocol.discovery import Announcement, own_addresses  # noqa: PLC0415

    backoff = Backoff()
    told = False
    while True:
        addresses = own_addresses()
        try:
            async with Announcement(SERVICE_TYPE, label, port=port, host=host):
                backoff.reset()
                while own_addresses() == addresses:  # noqa: ASYNC110  # nobody tells
                    await asyncio.sleep(LOOK_S)
        except SottoError as error:
            if not told:
                complain(error)
            told = True
            await asyncio.sleep(backoff.next_s())
