"""Sound of one rate for a speaker of another: one that came back as another device, say."""

from collections.abc import Callable

import numpy as np

from audio.pcm import from_float, to_float
from audio.sinc import SincResampler
from satellite.speaker import Renderer


class Resampled:
    """Renders another renderer's sound at `rate_hz`."""

    def __init__(self, source: Renderer, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._source = source
        self._resampler = SincResampler(source.rate_hz, rate_hz)
        self._ready = np.zeros(0, dtype=np.float32)

    @property
    def idle(self) -> bool:
        """Return True while only silence would be rendered."""
        return self._source.idle

    @property
    def on_order(self) -> Callable[[], None]:
        """Return who is called when there is something to do again."""
        return self._source.on_order

    @on_order.setter
    def on_order(self, call: Callable[[], None]) -> None:
        self._source.on_order = call

    def render(self, samples: int, at: float) -> bytes:
        """Return exactly `samples` samples that will be heard from clock time `at` on."""
        from_hz = self._source.rate_hz
        while self._ready.size < samples:
            behind_s = self._ready.size / self.rate_hz + self._resampler.held_samples / from_hz
            missing = (samples - self._ready.size) * from_hz // self.rate_hz + 1
            audio = self._source.render(missing, at + behind_s)
            self._ready = np.concatenate(
                [self._ready, self._resampler.process(to_float(audio))], dtype=np.float32
            )
        rendered, self._ready = self._ready[:samples], self._ready[samples:]
        return from_float(rendered)


def at_rate(source: Renderer, rate_hz: int) -> Renderer:
    """Return a renderer of `rate_hz`: the source itself where it is one."""
    return source if source.rate_hz == rate_hz else Resampled(source, rate_hz)
