"""What a page's speaker plays, and what has come for it over the talk socket."""

import asyncio

from playwright.async_api import Page, WebSocket

LIMIT_S = 60.0
HEADER_BYTES = 8
"""Before the samples of a frame: its turn, and the samples before it."""

EAR = """(() => {
  const ear = (window.soundHeard = { context: null, first: 0, last: 0, lost: false, from: 0 });
  const plain = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !ear.context) {
      ear.context = this.context;
      ear.script = this.context.createScriptProcessor(16384, 1, 1);
      ear.script.onaudioprocess = ({ inputBuffer, playbackTime }) => {
        const samples = inputBuffer.getChannelData(0);
        samples.forEach((one, at) => {
          if (Math.abs(one) <= 0.004) return;
          ear.last = playbackTime + at / inputBuffer.sampleRate;
          ear.first ||= ear.last;
        });
      };
      plain.call(this, ear.script);
      plain.call(ear.script, to);
    }
    return plain.call(this, to, ...rest);
  };
  const Plain = WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      if (!String(given[0]).includes('/talk')) return;
      this.addEventListener('close', () => (ear.lost = true));
    }
  };
})()"""
"""Tells by the sound's own clock when the first and the last of it was heard: a page that is busy
does not look at every moment."""
HOLD = "soundHeard.context.suspend()"
LET_GO = """soundHeard.context.resume().then(() => {
    soundHeard.from = soundHeard.context.currentTime;
})"""
QUIET = """seconds => soundHeard.from > 0 && soundHeard.last > 0 &&
    soundHeard.context.currentTime - Math.max(soundHeard.last, soundHeard.from) > seconds"""
QUIET_S = 1.2
"""So long nothing was heard: it is over. Within a sentence no pause is as long."""


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

    async def hold(self) -> None:
        """Have the speaker stand still: what comes now waits to be heard."""
        await self._page.wait_for_function("soundHeard.context !== null")
        await self._page.evaluate(HOLD)

    async def heard_to_its_end(self) -> float:
        """Let the speaker go on where the hub is lost; return what was heard in all, in s."""
        await self._page.wait_for_function("soundHeard.lost")
        await self._page.evaluate(LET_GO)
        await self._page.wait_for_function(QUIET, arg=QUIET_S)
        first, last = await self._page.evaluate("[soundHeard.first, soundHeard.last]")
        return float(last - first)

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
