"""The page in Chromium: what it loads, when it is usable, how soon it reacts, and if it is smooth.

Everything is real: a hub with the embedded engines, 1,000 devices over MQTT, 10,000 turns kept.
"""

import asyncio
import tempfile
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from playwright.async_api import Page, Response, StorageState, WebSocket

from bench.harness import Bench, median, p95
from hub.demo.simulated_home import SimulatedHome
from hub.demo.simulated_home_devices import many
from hub.events import Stage
from hub.mqtt.address import BrokerAddress
from hub.store.database import Store
from hub.turns.kept import KeptTurn
from hub.turns.stored_turns import StoredTurns
from tests.dashboard.browsing import CHROMIUM, chromium, go_to, set_up, window
from tests.dashboard.household import RunningHub, household

NAME = "page"

DEVICES, ROOMS, TURNS, TURNS_EACH = 1_000, 20, 10_000, 4
LOADS = 7
ANNOUNCED_S = 60.0
CLICKS = 12
LOADED_AHEAD_MS = 4_000
SCROLL_STEPS, STEP_PX = 40, 700
FIRST_LOAD_BYTES, USABLE_MS, REACTION_MS, SMOOTH_MS = 250_000, 1_000, 100, 100

_WATCH = """(() => {
    const seen = { inputs: [], long: [], frames: [], ready: 0 };
    window.__seen = seen;
    let since = 0;
    for (const kind of ["pointerdown", "keydown"])
        addEventListener(kind, (event) => (since = event.timeStamp), true);
    const look = new MutationObserver(() => {
        if (!seen.ready && document.querySelector("main h1, main textarea")) {
            requestAnimationFrame(() => (seen.ready = performance.now()));
        }
        if (!since) return;
        const began = since;
        since = 0;
        requestAnimationFrame(() => seen.inputs.push(performance.now() - began));
    });
    look.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.long.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
    let last = 0;
    const frame = (now) => {
        if (last) seen.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})()"""


def run(bench: Bench) -> None:
    if CHROMIUM is None:
        bench.skipped = "There is no Chromium."
        return
    asyncio.run(_measure(bench))


async def _measure(bench: Bench) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with household(Path(folder), home=False) as house, chromium() as browser:
            await _remember(house.folder)
            async with _large_home(house.broker):
                hub = await house.hub()
                async with window(browser) as page:
                    await set_up(page, hub)
                    known = await page.context.storage_state()
                await _loads(bench, browser, hub, known)
                await _using(bench, browser, hub, known)


async def _loads(bench: Bench, browser: Any, hub: RunningHub, known: StorageState) -> None:
    """Open the page with an empty cache, several times."""
    usable, sizes = [], []
    for _ in range(LOADS):
        async with window(browser, known=known) as page:
            loaded: list[Response] = []
            page.on("response", partial(_keep, loaded))
            await page.add_init_script(_WATCH)
            await page.goto(hub.page)
            await page.wait_for_function("() => __seen.ready > 0")
            usable.append(float(await page.evaluate("__seen.ready")))
            sizes.append(await _script_and_style(loaded))
    bench.figure(
        "script and style of the first load", max(sizes) / 1000, "kB",
        target=FIRST_LOAD_BYTES / 1000, at_most=True, note="gzipped, as it came over the wire",
    )  # fmt: skip
    bench.figure(
        "usable after, median", median(usable), "ms", target=USABLE_MS, at_most=True,
        note=f"{LOADS} loads with an empty cache: the field to type in is drawn",
    )  # fmt: skip
    bench.figure("usable after, worst", max(usable), "ms")


async def _script_and_style(responses: Sequence[Response]) -> int:
    total = 0
    for response in responses:
        if response.url.partition("?")[0].endswith((".js", ".css")):
            total += (await response.request.sizes())["responseBodySize"]
    return total


async def _using(bench: Bench, browser: Any, hub: RunningHub, known: StorageState) -> None:
    async with window(browser, known=known) as page:
        came: list[int] = []
        page.on("websocket", lambda socket: _count(socket, came))
        await page.add_init_script(_WATCH)
        await page.goto(hub.page)
        await page.get_by_role("navigation", name="Pages").wait_for()
        reactions = {"a key in the field to type in": await _typing(page)}
        await go_to(page, "Home")
        await page.locator("article.device").first.wait_for()
        reactions["a switch on Home"], bytes_each = await _switching(page, came)
        home = await _scrolling(page, "main")
        nodes = int(await page.evaluate("document.querySelectorAll('*').length"))
        reactions["another page"] = await _turning_pages(page)
        await go_to(page, "Conversations")
        await page.locator(".conversations-entry").first.wait_for()
        turns = await _scrolling(page, ".conversations-scroller")
    for what, took in reactions.items():
        bench.figure(
            f"visible reaction to {what}, p95", p95(took), "ms", target=REACTION_MS, at_most=True,
            note=f"{len(took)} times, median {median(took):.0f} ms",
        )  # fmt: skip
    for what, (frames, longest) in {
        f"Home with {DEVICES:,} devices": home,
        f"Conversations with {TURNS:,} turns": turns,
    }.items():
        bench.figure(f"{what}: frame while scrolling, p95", p95(frames), "ms")
        bench.figure(
            f"{what}: longest task while scrolling", longest, "ms", target=SMOOTH_MS, at_most=True
        )
    bench.figure(f"elements on Home with {DEVICES:,} devices", nodes, "")
    bench.figure("live socket, one device switched", bytes_each, "bytes", note="all topics")


async def _typing(page: Page) -> list[float]:
    await page.locator("main textarea").click()
    await _forget(page)
    for letter in "turn on the bed light":
        await page.keyboard.press(letter if letter != " " else "Space")
    return await _inputs(page)


async def _switching(page: Page, came: list[int]) -> tuple[list[float], float]:
    switches = page.locator("article.device [role=switch]:visible")
    await switches.first.wait_for()
    await page.wait_for_timeout(500)
    came.clear()
    took: list[float] = []
    for _ in range(CLICKS):
        await _forget(page)
        await switches.first.click()
        took += (await _inputs(page))[:1]
        await page.wait_for_timeout(200)
    return took, sum(came) / CLICKS


async def _turning_pages(page: Page) -> list[float]:
    await page.wait_for_timeout(LOADED_AHEAD_MS)
    took: list[float] = []
    for name in ("Satellites", "Engines", "Home", "Settings", "Talk", "Conversations") * 2:
        await _forget(page)
        await go_to(page, name)
        took += (await _inputs(page))[:1]
    return took


async def _scrolling(page: Page, scroller: str) -> tuple[list[float], float]:
    """Scroll down with the wheel; return each frame's length and the longest task, in ms."""
    await page.locator(scroller).hover()
    await _forget(page)
    for _ in range(SCROLL_STEPS):
        await page.mouse.wheel(0, STEP_PX)
        await page.wait_for_timeout(30)
    seen = await page.evaluate("__seen")
    return seen["frames"], max(seen["long"], default=0.0)


async def _forget(page: Page) -> None:
    await page.evaluate("__seen.inputs = []; __seen.long = []; __seen.frames = []")


async def _inputs(page: Page) -> list[float]:
    await page.wait_for_function("() => __seen.inputs.length > 0")
    return list(await page.evaluate("__seen.inputs"))


def _keep(responses: list[Response], response: Response) -> None:
    responses.append(response)


def _count(socket: WebSocket, came: list[int]) -> None:
    if "/v1/live" in socket.url:
        socket.on("framereceived", lambda data: came.append(len(data)))


async def _remember(folder: Path) -> None:
    """Keep as many turns as a year brings."""
    now = datetime.now(UTC)
    stages = (Stage("speech", 300, 1500), Stage("endpoint", 1500, 1900))
    turns = [
        KeptTurn(
            uuid.uuid4().hex, f"c{number // TURNS_EACH}", number, "stove", "Stove", "Kitchen", None,
            "wake", now - timedelta(minutes=5 * number), 2400.0, "answered",
            f"turn on the light {number}", "en", "Turned on the light", None, "HassTurnOn", stages,
        )
        for number in range(TURNS)
    ]  # fmt: skip
    async with Store(f"sqlite:///{folder}/hub.db") as store:
        kept = StoredTurns(store)
        for first in range(0, TURNS, 500):
            await kept.add(turns[first : first + 500])


@asynccontextmanager
async def _large_home(broker: str) -> AsyncIterator[None]:
    home = SimulatedHome(BrokerAddress.parse(broker), many(DEVICES, ROOMS))
    ready = asyncio.Event()
    task = asyncio.create_task(home.run(ready.set))
    try:
        async with asyncio.timeout(ANNOUNCED_S):
            await ready.wait()
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
