"""APA102 lights on SPI: the ring or row of ReSpeaker's microphone boards.

Through the kernel's own device, without a library: the frames are few bytes. A frame is 32 zero
bits, for each light 0b111 with 5 bits of brightness and then blue, green and red, and at the end at
least half a clock for each light (APA102 datasheet).
"""

import fcntl
import os
import struct
from collections.abc import Sequence
from pathlib import Path

from satellite.lights.light import LightLost
from satellite.lights.look import FRAME_S, Colour, Look, picture

SPEED_HZ = 4_000_000
_SET_SPEED = 0x40046B04
"""SPI_IOC_WR_MAX_SPEED_HZ of <linux/spi/spidev.h>."""
_FULL = 31


class Apa102:
    """A row of APA102 lights."""

    def __init__(self, device: Path, count: int, brightness: float) -> None:
        """`brightness` is from 0 to 1. The device is opened at the first use."""
        self._device = device
        self._count = count
        self.brightness = brightness
        """Of what is shown next."""
        self._file: int | None = None

    async def show(self, look: Look, at_s: float) -> float | None:
        """Show a look. Raises LightLost."""
        self._write(picture(look, self._count, at_s))
        return FRAME_S if look.moves else None

    def close(self) -> None:
        """Go dark."""
        if self._file is None:
            return
        try:
            self._write([(0, 0, 0)] * self._count)
        except LightLost:
            return
        self._let_go()

    def _write(self, colours: Sequence[Colour]) -> None:
        try:
            if self._file is None:
                self._file = os.open(self._device, os.O_WRONLY | os.O_CLOEXEC)
                fcntl.ioctl(self._file, _SET_SPEED, struct.pack("=I", SPEED_HZ))
            os.write(self._file, frame(colours, self.brightness))
        except OSError as error:
            self._let_go()
            raise LightLost(f"{self._device}: {error.strerror or error}") from error

    def _let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def frame(colours: Sequence[Colour], brightness: float) -> bytes:
    """Return what makes a row of lights show `colours`."""
    header = 0xE0 | round(brightness * _FULL)
    lights = b"".join(bytes((header, blue, green, red)) for red, green, blue in colours)
    return bytes(4) + lights + bytes(4 + len(colours) // 16)
