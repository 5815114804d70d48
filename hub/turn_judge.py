"""What judges by the sound of the voice whether somebody has finished, once its model is here."""

import asyncio
from pathlib import Path

from hub.engines.base import EngineError
from hub.engines.detector_thread import DetectorThread
from hub.engines.smart_turn import SmartTurn
from hub.model_needs import SMART_TURN, turn_detector_file
from hub.settings import HubSettings
from hub.supervised import Publish, SupervisedEngine
from hub.supply import supply
from hub.words import worded

ROLE = "turn-detector"
ENGINE = "smart-turn"
TURN_MODEL = "turn detector"
"""Its role among the models, as in `model_needs`."""


class TurnJudge:
    """The turn detector of a hub: until it is ready, words and prosody alone are judged by."""

    def __init__(self, settings: HubSettings, publish: Publish = lambda _: None) -> None:
        """`publish` is told when it is ready, and why it is not."""
        self._settings = settings
        self._detector: DetectorThread | None = None
        self._supervised: SupervisedEngine | None = None
        if settings.listening.turn_detector is not None:
            self._supervised = SupervisedEngine(ROLE, ENGINE, self._bring_up, publish)

    @property
    def port(self) -> "TurnJudge | None":
        """What a turn asks; None where none is set."""
        return None if self._supervised is None else self

    async def probability(self, audio: bytes) -> float:
        """Return the probability that a turn is over at the end of 16 kHz pcm16.

        Raises EngineError.
        """
        if self._detector is None:
            raise EngineError(
                "engine-missing", worded("detector-not-ready", "The turn detector is not ready.")
            )
        return await self._detector.probability(audio)

    async def run(self) -> None:
        """Bring it up, again and again until it is there. Runs until cancelled."""
        if self._supervised is not None:
            await self._supervised.run()

    async def _bring_up(self) -> str:
        named = self._settings.listening.turn_detector
        if named == Path(SMART_TURN):
            await supply(self._settings, TURN_MODEL)
        self._detector = await asyncio.to_thread(load_detector, self._settings)
        return str(named)


def load_detector(settings: HubSettings) -> DetectorThread:
    """Return the turn detector that is set, loaded. Blocks. Raises EngineError."""
    path = turn_detector_file(settings)
    assert path is not None, "one is set"
    detector = SmartTurn()
    detector.load(path)
    return DetectorThread(detector)
