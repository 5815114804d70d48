"""WebRTC's audio processing, from the package livekit."""

from typing import Any

from audio.pcm import SPEECH_RATE_HZ
from satellite.errors import SatelliteError

CHUNK_SAMPLES = SPEECH_RATE_HZ // 100
"""It works in pieces of 10 ms."""
DELAY_SAMPLES = 128
"""By so much its echo cancelling is late."""


class AudioProcessing:
    """Echo cancelling, noise suppression, a filter for rumble and automatic gain."""

    def __init__(self, *, echo: bool, noise: bool, gain: bool) -> None:
        """Raises SatelliteError "no-audio-processing"."""
        try:
            # 15 MB, and not for those who want none of it.
            from livekit.rtc import AudioFrame, AudioProcessingModule  # noqa: PLC0415
        except ImportError as error:
            raise SatelliteError(
                "no-audio-processing",
                "echo cancelling needs the package livekit: install 'sotto[satellite]'; "
                f"it goes on without ({error})",
            ) from error
        self._module: Any = AudioProcessingModule(
            echo_cancellation=echo,
            noise_suppression=noise,
            high_pass_filter=True,
            auto_gain_control=gain,
        )
        self._heard = bytearray(CHUNK_SAMPLES * 2)
        self._played = bytearray(CHUNK_SAMPLES * 2)
        self._heard_frame, self._played_frame = (
            AudioFrame(buffer, SPEECH_RATE_HZ, 1, CHUNK_SAMPLES)
            for buffer in (self._heard, self._played)
        )

    def expect_echo_after(self, delay_ms: int) -> None:
        """Say how long after `play` its echo comes."""
        self._module.set_stream_delay_ms(delay_ms)

    def play(self, pcm16: bytes) -> None:
        """Take 10 ms of what the speaker plays."""
        self._played[:] = pcm16
        self._module.process_reverse_stream(self._played_frame)

    def clean(self, pcm16: bytes) -> bytes:
        """Return 10 ms of what the microphone hears, cleaned. Call `play` before each."""
        self._heard[:] = pcm16
        self._module.process_stream(self._heard_frame)
        return bytes(self._heard)
