"""What a page's speaker plays, and what has come for it over the talk socket."""

import asyncio
from dataclasses import dataclass

from playwright.async_api import Page, WebSocket

LIMIT_S = 60.0
HEADER_BYTES = 8
"""Before the samples of a frame: its turn, and the samples before it."""

EAR = """(() => {
  const ear = (window.soundHeard = { blocks: 0, first: 0, last: 0, lost: 0 });
  const plain = AudioNode.prototype.connect;
  const listening = new WeakSet();
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !listening.has(to)) {
      listening.add(to);
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 1024;
      plain.call(this, analyser);
      const samples = new Float32Array(analyser.fftSize);
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        if (!samples.some((one) => Math.abs(one) > 0.004)) return;
        ear.last = performance.now();
        ear.first ||= ear.last;
      }, 10);
    }
    return plain.call(this, to, ...rest);
  };
  const Plain = WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      if (String(given[0]).includes('/talk'))
        this.addEventListener('close', () => (ear.lost ||= performance.now()));
    }
  };
})()"""
QUIET = """ms => soundHeard.last > 0 && soundHeard.lost > 0 &&
    performance.now() - Math.max(soundHeard.last, soundHeard.lost) > ms"""
QUIET_MS = 700
"""So long nothing was heard: it is over. Within a sentence no pause is as long."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of an answer whose hub was lost."""

    all_s: float
    after_loss_s: float


class Sound:
    """The sound of one page's answers."""

    def __init__(self, page: Page) -> None:
        self.received_s = 0.0
        self._page = page
        self._rate_hz = 0
        self._more = asyncio.Event()
        page.on("websocket", self._follow)

    @classmethod
    async def of(cls, page: Page) -> "Sound":
        """Listen to a page, from before it is opened."""
        await page.add_init_script(EAR)
        return cls(page)

    async def received(self, seconds: float) -> None:
        """Wait until so much of an answer has come."""
        async with asyncio.timeout(LIMIT_S):
            while self.received_s < seconds:
                self._more.clear()
                await self._more.wait()

    async def heard_to_its_end(self) -> Heard:
        """Wait until the speaker is silent; return what was heard."""
        await self._page.wait_for_function(QUIET, arg=QUIET_MS)
        ear = await self._page.evaluate("soundHeard")
        return Heard((ear["last"] - ear["first"]) / 1000, (ear["last"] - ear["lost"]) / 1000)

    def _follow(self, socket: WebSocket) -> None:
        if "/talk" in socket.url:
            socket.on("framereceived", self._take)

    def _take(self, frame: str | bytes) -> None:
        if isinstance(frame, str):
            if '"audio-start"' in frame:
                self._rate_hz = int(frame.partition('"rate":')[2].split(",")[0].strip(" }"))
        elif self._rate_hz:
            self.received_s += (len(frame) - HEADER_BYTES) / 2 / self._rate_hz
            self._more.set()
