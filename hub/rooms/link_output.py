"""Sends one turn's progress and answer to its satellite, every message with the turn's id."""

import asyncio
from collections.abc import Collection, Sequence

from hub.conversation.output import OutputLost
from hub.events import SpokenWord
from hub.rooms.lasting_link import DROP_S, FEATURE, SatelliteLink
from hub.rooms.progress import Progress
from protocol.errors import WireError
from protocol.loudness_messages import TurnVolume
from protocol.schema import Message
from protocol.sotto_messages import Duck, Flush, Pause, Playback
from protocol.wyoming_audio import AudioChunk, AudioStart, AudioStop, VoiceStarted, VoiceStopped
from protocol.wyoming_speech import Synthesize, Transcript, TranscriptChunk


class LinkOutput:
    """The output of one turn. What the satellite can not do is left out."""

    def __init__(
        self,
        link: SatelliteLink,
        turn: int,
        features: Collection[str],
        progress: Progress | None = None,
        *,
        volume: float | None = None,
    ) -> None:
        """`progress` is told what is heard and written. `volume` is the turn's own, from 0 to 1."""
        self.position_ms: float | None = None
        """How much of the turn's audio was heard, as last reported."""
        self.away_s = DROP_S if FEATURE in features else 0.0
        """How long the satellite may be gone for and come back."""
        self._link = link
        self._turn = turn
        self._features = features
        self._volume = volume if "volume" in features else None
        self._progress = progress or Progress(lambda _: None, "", turn)
        self._partial = ""  # as far as it was told
        self._silent = asyncio.Event()

    def report(self, playback: Playback | None) -> None:
        """Take the satellite's word on its speaker; None is plain Wyoming's "played"."""
        if playback is not None:
            self.position_ms = float(playback.position_ms)
        if playback is None or playback.finished:
            self._silent.set()

    async def show_speech(self, *, started: bool) -> None:
        """Tell that speech was found, or that the sentence is over."""
        await self._send(
            VoiceStarted(turn=self._turn) if started else VoiceStopped(turn=self._turn)
        )

    async def show_partial(self, text: str) -> None:
        """Tell what was heard so far of a sentence that goes on."""
        self._progress.heard(text)
        more, self._partial = text[len(self._partial) :], text
        if "partials" in self._features:
            await self._send(TranscriptChunk(text=more, turn=self._turn))

    async def show_transcript(self, text: str) -> None:
        """Tell what was heard."""
        await self._send(Transcript(text=text, turn=self._turn))

    async def show_answer(self, text: str) -> None:
        """Tell what will be said next."""
        await self._send(Synthesize(text=text, turn=self._turn))

    def show_written(self, text: str) -> None:
        """Tell what is written of the answer so far."""
        self._progress.written(text)

    def show_words(self, words: Sequence[SpokenWord]) -> None:
        """Tell when the next words sound."""
        self._progress.timed(words)

    async def start_audio(self, rate_hz: int) -> None:
        """Begin the answer's audio: 16 bit, mono."""
        await self._send(AudioStart(rate=rate_hz, width=2, channels=1, turn=self._turn))
        if self._volume is not None:
            await self._send(TurnVolume(turn=self._turn, volume=self._volume))

    async def play(self, audio: bytes, rate_hz: int) -> None:
        """Send a piece of the answer's audio."""
        self._silent.clear()
        await self._send(
            AudioChunk(rate=rate_hz, width=2, channels=1, audio=audio, turn=self._turn)
        )

    async def end_audio(self) -> None:
        """Tell that no more audio follows."""
        await self._send(AudioStop(turn=self._turn))

    async def wait_played(self) -> None:
        """Wait until the satellite's speaker is done with it."""
        await self._silent.wait()

    async def duck(self, gain_db: float, ramp_ms: int) -> None:
        """Play more quietly, or as before."""
        if "duck" in self._features:
            await self._send(Duck(turn=self._turn, gain_db=gain_db, ramp_ms=ramp_ms))

    async def pause(self) -> None:
        """Hold the audio that was sent, where it can be dropped before more is sent."""
        if {"pause", "flush"} <= set(self._features):
            await self._send(Pause(turn=self._turn))

    async def flush(self) -> float | None:
        """Drop what was sent and not played; return where it fell silent, if that is told."""
        if "flush" not in self._features:
            return None
        if not self._silent.is_set():
            await self._send(Flush(turn=self._turn))
            await self._silent.wait()
        return self.position_ms

    async def _send(self, message: Message) -> None:
        try:
            await self._link.send(message)
        except WireError as error:
            raise OutputLost(str(error)) from error
