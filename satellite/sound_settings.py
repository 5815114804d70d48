"""Settings of the satellite's sound: which channel, which commands, and what is done to it."""

from typing import Annotated, Literal

from msgspec import Meta

from satellite.section import BadValue, Section

Rate = Annotated[int, Meta(ge=4_000, le=384_000)]
Channels = Annotated[int, Meta(ge=1, le=32)]


class Sound(Section, frozen=True):
    """How the microphone's sound is taken and cleaned, and commands in place of devices."""

    microphone_channel: Annotated[int, Meta(ge=0, le=32)] = 0
    """Which channel of the microphone to hear, from 1; 0 hears all of them mixed."""
    microphone_command: str = ""
    """A program that writes raw PCM to its standard output, as the microphone. No shell."""
    microphone_command_rate_hz: Rate = 16_000
    """Sample rate of what it writes."""
    microphone_command_width: Literal[1, 2, 3, 4] = 2
    """Bytes of a sample, little-endian; one byte is unsigned."""
    microphone_command_channels: Channels = 1
    """Channels of what it writes."""
    speaker_command: str = ""
    """A program that plays raw 16-bit PCM from its standard input, as the speaker. No shell."""
    speaker_command_rate_hz: Rate = 22_050
    """Sample rate of what it plays."""
    speaker_command_channels: Channels = 1
    """Channels of what it plays; each gets the same."""
    speaker_command_latency_ms: Annotated[int, Meta(ge=0, le=2_000)] = 50
    """How long it takes from what is written until it is heard."""
    echo_cancelling: Literal["auto", "on", "off"] = "auto"
    """Take what the speaker plays out of what the microphone hears. `auto` does where both are
    devices, and leaves it to a device that says by its name that it cancels echo."""
    noise_suppression: bool = False
    """Take steady noise out of what the microphone hears."""
    gain_db: Annotated[float, Meta(ge=-20, le=40)] = 0.0
    """Make the microphone louder by so many dB."""
    automatic_gain: bool = False
    """Keep speech at one level, beside `gain_db`."""

    def __post_init__(self) -> None:
        most = self.microphone_command_channels
        if self.microphone_command and self.microphone_channel > most:
            text = f"the command writes {most} channels (microphone_command_channels)"
            raise BadValue("microphone_channel", text)
