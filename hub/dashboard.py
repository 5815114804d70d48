"""The dashboard: the API and its page, for as long as the hub runs."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial

from hub.api.access import Role
from hub.api.app import make_api
from hub.api.feeds import feeding
from hub.api.home_topics import HomeTopics
from hub.api.owner_topics import owner_topics
from hub.api.parts import Parts
from hub.api.readiness import waiting
from hub.api.server import serving
from hub.hub_errors import HubError


@asynccontextmanager
async def dashboard(parts: Parts, announce: Callable[[str], None]) -> AsyncGenerator[None]:
    """Serve the dashboard while the block runs, unless the settings say no. Raises HubError."""
    settings = parts.settings.dashboard
    if not settings.enabled:
        yield
        return
    setting_up = parts.accounts.setting_up
    HomeTopics(parts.live, parts.home, parts.household).start()
    parts.turns.show_on(parts.live.topic("turns", Role.MEMBER))
    parts.figures.samples.waiting = partial(waiting, parts)
    with owner_topics(parts):
        async with feeding(parts), serving(make_api(parts), settings) as address:
            announce(f"Dashboard: {address}")
            try:
                link = await setting_up.begin(address)
            except OSError as error:
                raise HubError(f"The set-up link can not be kept: {error}.") from None
            if link is not None:
                announce(f"Set up: {link}")
            try:
                yield
            finally:
                setting_up.end()
