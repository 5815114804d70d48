"""From the settings' words for microphone and speaker to devices."""

from pathlib import Path

from satellite.errors import SatelliteError
from satellite.microphone import Microphone
from satellite.speaker import Speaker
from satellite.wav_devices import WavMicrophone, WavSpeaker

_WAV = "wav:"


def wav_path(choice: str) -> Path | None:
    """Return the file that a setting names, or None if it names no file."""
    return Path(choice.removeprefix(_WAV)).expanduser() if choice.startswith(_WAV) else None


def open_microphone(choice: str, *, realtime: bool = True) -> Microphone:
    """Open a microphone; one made of files is silent until told what to say.

    Raises SatelliteError "no-sound-library", "no-microphone".
    """
    if choice == "none" or wav_path(choice) is not None:
        return WavMicrophone(realtime=realtime)
    from satellite.sound_devices import SoundMicrophone  # noqa: PLC0415  # who has files needs none

    return SoundMicrophone(choice)


def open_speaker(choice: str, *, realtime: bool = True) -> Speaker:
    """Open a speaker. A folder is meant by a slash at its end, and made if need be.

    Raises SatelliteError "no-sound-library", "no-speaker", "speaker-file".
    """
    path = wav_path(choice)
    if path is not None and choice.endswith("/"):
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SatelliteError("speaker-file", f"{path}: {error.strerror}") from error
    if path is not None or choice == "none":
        return WavSpeaker(path, realtime=realtime)
    from satellite.sound_devices import SoundSpeaker  # noqa: PLC0415  # who has files needs none

    return SoundSpeaker(choice)
