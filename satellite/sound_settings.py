"""Settings of the satellite's sound: which channel, which commands, and what is done to it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Sound(BaseModel):
    """How the microphone's sound is taken and cleaned, and commands in place of devices."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    microphone_channel: int = Field(default=0, ge=0, le=32)
    """Which channel of the microphone to hear, from 1; 0 hears all of them mixed."""
    microphone_command: str = ""
    """A program that writes raw PCM to its standard output, as the microphone. No shell."""
    microphone_command_rate_hz: int = Field(default=16_000, ge=4_000, le=384_000)
    """Sample rate of what it writes."""
    microphone_command_width: Literal[1, 2, 3, 4] = 2
    """Bytes of a sample, little-endian; one byte is unsigned."""
    microphone_command_channels: int = Field(default=1, ge=1, le=32)
    """Channels of what it writes."""
    speaker_command: str = ""
    """A program that plays raw 16-bit PCM from its standard input, as the speaker. No shell."""
    speaker_command_rate_hz: int = Field(default=22_050, ge=4_000, le=384_000)
    """Sample rate of what it plays."""
    speaker_command_channels: int = Field(default=1, ge=1, le=32)
    """Channels of what it plays; each gets the same."""
    speaker_command_latency_ms: int = Field(default=50, ge=0, le=2_000)
    """How long it takes from what is written until it is heard."""
    echo_cancelling: Literal["auto", "on", "off"] = "auto"
    """Take what the speaker plays out of what the microphone hears. `auto` does where both are
    devices, and leaves it to a device that says by its name that it cancels echo."""
    noise_suppression: bool = False
    """Take steady noise out of what the microphone hears."""
    gain_db: float = Field(default=0.0, ge=-20, le=40)
    """Make the microphone louder by so many dB."""
    automatic_gain: bool = False
    """Keep speech at one level, beside `gain_db`."""
