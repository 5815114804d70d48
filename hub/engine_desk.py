"""What the owner chooses of the engines, and what becomes of it while the hub runs."""

import asyncio
from pathlib import Path

import structlog

from hub.changeable import ChangeableEars, ChangeableVoice
from hub.downloads import Downloads
from hub.ears import ROLE as EARS
from hub.engine_board import EngineBoard
from hub.engine_choice import (
    CanNotBeChosen,
    EngineChoice,
    choice_file,
    laid_over,
    read_choice,
    take_up,
    write_choice,
)
from hub.engines.base import EngineError
from hub.model_needs import models_of
from hub.settings import HubSettings
from hub.supervised import Publish
from hub.voice import ROLE as VOICE

log = structlog.get_logger(__name__)


class EngineDesk:
    """The choice that is kept, and the engines that it is about."""

    def __init__(
        self, settings: HubSettings, choice: EngineChoice, file: Path, publish: Publish
    ) -> None:
        """`settings` are those of the file, `choice` is what is laid over them. Raises EngineError
        and CanNotBeChosen."""
        self._file_settings = settings
        self.choice = choice
        self.settings = laid_over(settings, choice)
        """What holds at the moment."""
        self._started_with = self.settings
        self._file = file
        self._choosing = asyncio.Lock()
        self.board = EngineBoard(publish)
        self.ears = ChangeableEars(self.settings, self.board.publish)
        self.voice = ChangeableVoice(self.settings, self.board.publish)
        self.downloads = Downloads(models_of(self.settings), fetched=self.refresh)

    @classmethod
    def opened(cls, settings: HubSettings, publish: Publish = lambda _: None) -> "EngineDesk":
        """Return the desk with what was chosen before. Raises EngineError.

        A choice that the settings do not allow any more is left aside, and the log says so.
        """
        file = choice_file(settings)
        take_up(file)
        choice = read_choice(file)
        try:
            return cls(settings, choice, file, publish)
        except (CanNotBeChosen, EngineError) as error:
            if choice == EngineChoice():
                raise
            log.error("what was chosen in the dashboard is left aside", why=str(error))
            return cls(settings, EngineChoice(), file, publish)

    async def run(self) -> None:
        """Keep the engines alive, and fetch what is asked for, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.ears.run())
            tasks.create_task(self.voice.run())
            tasks.create_task(self.downloads.run())

    def voice_of(self, area: str | None, person: str | None, language: str) -> str | None:
        """Return which voice answers in a room, to a person, in a language; None: any."""
        return self.settings.voice(area, person, language)

    async def choose(self, choice: EngineChoice) -> None:
        """Take a choice and keep it. Raises CanNotBeChosen, EngineError, OSError: then all is as
        it was."""
        async with self._choosing:
            settings, before = laid_over(self._file_settings, choice), self.settings
            hears = _hearing(settings) != _hearing(before)
            speaks = _speaking(settings) != _speaking(before)
            try:
                if hears:
                    await self.ears.choose(settings)
                if speaks:
                    await self.voice.choose(settings)
                await asyncio.to_thread(write_choice, self._file, choice)
            except (EngineError, OSError):
                await self._go_back(before, hears=hears, speaks=speaks)
                raise
            self.choice, self.settings = choice, settings
            for role, changed in ((EARS, hears), (VOICE, speaks)):
                if changed:
                    log.info("engine chosen in the dashboard", role=role)

    def waits_for_start(self) -> list[str]:
        """Return what of the choice holds from the next start on."""
        now, started = self.settings, self._started_with
        waits = []
        if now.engines.language_model != started.engines.language_model:
            waits.append("language_model")
        if now.ollama.model != started.ollama.model:
            waits.append("ollama_model")
        return waits

    def refresh(self) -> None:
        """Look again for models: one has come, or is gone."""
        self.ears.refresh()
        self.voice.refresh()

    async def _go_back(self, before: HubSettings, *, hears: bool, speaks: bool) -> None:
        for changed, engines in ((hears, self.ears), (speaks, self.voice)):
            if changed and engines.settings is not before:
                await engines.choose(before)


def _hearing(settings: HubSettings) -> tuple[object, ...]:
    return settings.engines.speech_to_text, settings.whisper.model


def _speaking(settings: HubSettings) -> tuple[object, ...]:
    return settings.engines.text_to_speech, settings.voices
