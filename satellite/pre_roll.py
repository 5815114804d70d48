"""Sound from before the hub listens: who talks straight on after the wake word is not cut."""

from collections import deque

from satellite.microphone import FRAME_S, Frame

BEFORE_WAKE_S = 0.064
"""A wake word is detected 40 to 70 ms after its end."""


class PreRoll:
    """Holds the last frames at rest, and every frame from the wake on, up to a limit."""

    def __init__(self, limit_s: float) -> None:
        self._limit = int(limit_s / FRAME_S)
        self._frames: deque[Frame] = deque()
        self._awake = False
        self._before = 0
        self.keep(BEFORE_WAKE_S)
        self.dropped_frames = 0
        """Frames since the wake that did not fit; the oldest go first."""

    def keep(self, before_s: float) -> None:
        """Keep so much of what was heard before a wake."""
        self._before = round(before_s / FRAME_S)

    def begin(self, *, keep_before: bool) -> None:
        """Keep everything from now on, with or without what was just heard."""
        self._awake = True
        if not keep_before:
            self._frames.clear()

    def add(self, frame: Frame) -> None:
        """Keep a frame."""
        self._frames.append(frame)
        if len(self._frames) > (self._limit if self._awake else self._before):
            self._frames.popleft()
            self.dropped_frames += self._awake

    def take(self) -> list[Frame]:
        """Hand over what was kept, oldest first, and rest."""
        frames = list(self._frames)
        self.clear()
        return frames

    def clear(self) -> None:
        """Forget everything and rest."""
        self._frames.clear()
        self._awake = False
