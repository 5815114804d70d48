"""End of speech to the first audible answer: in a browser, hands-free, against a satellite.

Both hear the same sentence in the same home, from the same kind of hub. In the browser the end of
speech is when the last voiced 20 ms from the microphone reached the page, and the answer begins
when the sound card has its first sample.
"""

import asyncio
import tempfile
import wave
from pathlib import Path

from bench.harness import Bench, median
from hub.demo.runner import SPEECH
from hub.demo.stack import Stack
from tests.dashboard.browsing import CHROMIUM, chromium, set_up, window
from tests.dashboard.household import household

NAME = "browser"

SENTENCE = SPEECH / "turn-on-the-bed-light.wav"
TIMES = 8
PAUSE_S = 7.0
"""Between two sentences: the answer and its follow-up time are over."""
MORE_MS = 100.0
VOICED = 250
"""Of 32,767: what of the recording is louder is speech."""

_LISTEN = """(() => {
    const heard = { voiced: 0, turn: -1, took: [] };
    window.__heard = heard;
    const Node = AudioWorkletNode;
    window.AudioWorkletNode = class extends Node {
        constructor(context, name, options) {
            super(context, name, options);
            this.port.addEventListener("message", ({ data }) => {
                if (name === "sotto-capture") {
                    const samples = new Int16Array(data.slice(0));
                    if (samples.some((one) => Math.abs(one) > VOICED)) {
                        heard.voiced = performance.now();
                    }
                } else if (data.turn !== heard.turn && data.played > 0) {
                    heard.turn = data.turn;
                    const began = performance.now() - (data.played / context.sampleRate) * 1000;
                    heard.took.push(began - heard.voiced + context.outputLatency * 1000);
                }
            });
        }
    };
})()""".replace("VOICED", str(VOICED))


def run(bench: Bench) -> None:
    if CHROMIUM is None:
        bench.skipped = "There is no Chromium."
        return
    with tempfile.TemporaryDirectory() as folder:
        at_satellite = asyncio.run(_at_satellite(Path(folder) / "answers"))
        in_browser = asyncio.run(_in_browser(Path(folder)))
    bench.figure("at a satellite, median", median(at_satellite), "ms", note=_times(at_satellite))
    bench.figure("in the browser, median", median(in_browser), "ms", note=_times(in_browser))
    bench.figure(
        "more in the browser than at a satellite", median(in_browser) - median(at_satellite), "ms",
        target=MORE_MS, at_most=True,
    )  # fmt: skip


def _times(took: list[float]) -> str:
    return ", ".join(f"{one:.0f}" for one in sorted(took))


async def _at_satellite(answers: Path) -> list[float]:
    answers.mkdir()
    async with Stack() as stack:
        turns = stack.speak([SENTENCE] * TIMES, answers, area="Office")
        return [turn.latency_ms async for turn in turns if turn.latency_ms is not None]


async def _in_browser(folder: Path) -> list[float]:
    sound = _repeated(folder / "microphone.wav")
    async with household(folder) as house, chromium(sound) as browser, window(browser) as page:
        hub = await house.hub()
        await page.add_init_script(_LISTEN)
        await set_up(page, hub)
        await page.get_by_role("switch", name="Hands-free").click()
        await page.wait_for_function(
            f"() => __heard.took.length >= {TIMES}", timeout=TIMES * (PAUSE_S + 3) * 1000
        )
        return list(await page.evaluate("__heard.took"))


def _repeated(file: Path) -> Path:
    """Write the sentence several times with pauses, as a microphone hears it."""
    with wave.open(str(SENTENCE)) as said, wave.open(str(file), "wb") as out:
        out.setparams(said.getparams())
        quiet = bytes(int(PAUSE_S * said.getframerate()) * 2)
        sentence = said.readframes(said.getnframes())
        out.writeframes(quiet[: len(quiet) // 7 * 2] + (sentence + quiet) * (TIMES + 2))
    return file
