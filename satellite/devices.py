"""From the settings' words for microphone and speaker to devices."""

from pathlib import Path
from typing import TYPE_CHECKING

from satellite.command_devices import CommandMicrophone, CommandSpeaker
from satellite.errors import SatelliteError
from satellite.intake import BlockFormat, Cleaner
from satellite.losses import Losses
from satellite.microphone import Microphone
from satellite.sound_settings import Sound
from satellite.speaker import Speaker
from satellite.wav_devices import WavMicrophone, WavSpeaker

if TYPE_CHECKING:
    from satellite.sound_library import SoundLibrary

_WAV = "wav:"


def wav_path(choice: str) -> Path | None:
    """Return the file that a setting names, or None if it names no file."""
    return Path(choice.removeprefix(_WAV)).expanduser() if choice.startswith(_WAV) else None


def is_device(choice: str, command: str = "") -> bool:
    """Tell whether a setting means something in a room, and neither a file nor nothing."""
    return bool(command) or (choice != "none" and wav_path(choice) is None)


class Devices:
    """Opens microphones and speakers; those of the sound card share one library."""

    def __init__(
        self, sound: Sound, losses: Losses | None = None, cleaner: Cleaner | None = None
    ) -> None:
        """`cleaner` gets what every microphone hears; WAV files are clean."""
        self._sound = sound
        self._cleaner = self._opened_with = cleaner
        self._losses = losses if losses is not None else Losses()
        self._library: SoundLibrary | None = None

    def clean_with(self, cleaner: Cleaner | None) -> None:
        """Clean what the next microphone hears with another one, or not at all."""
        self._cleaner = cleaner

    @property
    def stale(self) -> bool:
        """Tell whether the microphone that was opened last is cleaned by another one."""
        return self._opened_with is not self._cleaner

    def open_microphone(self, choice: str, *, realtime: bool = True) -> Microphone:
        """Open a microphone; one made of files is silent until told what to say.

        Raises SatelliteError "no-sound-library", "no-microphone", "bad-settings".
        """
        self._opened_with = self._cleaner
        if not is_device(choice):
            return WavMicrophone(realtime=realtime)
        sound = self._sound
        if sound.microphone_command:
            return CommandMicrophone(
                sound.microphone_command,
                BlockFormat(
                    sound.microphone_command_rate_hz,
                    sound.microphone_command_width,
                    sound.microphone_command_channels,
                ),
                channel=sound.microphone_channel,
                cleaner=self._cleaner,
            )
        from satellite.sound_devices import SoundMicrophone  # noqa: PLC0415  # as below

        return SoundMicrophone(
            choice,
            self._load(),
            channel=sound.microphone_channel,
            cleaner=self._cleaner,
            losses=self._losses,
        )

    def open_speaker(self, choice: str, *, realtime: bool = True) -> Speaker | WavSpeaker:
        """Open a speaker. A folder is meant by a slash at its end, and made if need be.

        Raises SatelliteError "no-sound-library", "no-speaker", "speaker-file", "bad-settings".
        """
        path = wav_path(choice)
        if path is not None and choice.endswith("/"):
            try:
                path.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise SatelliteError("speaker-file", f"{path}: {error.strerror}") from error
        if path is not None or choice == "none":
            return WavSpeaker(path, realtime=realtime)
        if self._sound.speaker_command:
            return CommandSpeaker(
                self._sound.speaker_command,
                self._sound.speaker_command_rate_hz,
                self._sound.speaker_command_channels,
                latency_ms=self._sound.speaker_command_latency_ms,
            )
        from satellite.sound_devices import SoundSpeaker  # noqa: PLC0415  # as below

        return SoundSpeaker(choice, self._load(), losses=self._losses)

    def _load(self) -> "SoundLibrary":
        # Who has files needs no PortAudio.
        from satellite.sound_library import SoundLibrary  # noqa: PLC0415

        if self._library is None:
            self._library = SoundLibrary()
        return self._library
