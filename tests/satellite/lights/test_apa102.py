import fcntl
import os
import pty
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from satellite.lights.apa102 import Apa102, frame
from satellite.lights.light import LightLost
from satellite.lights.look import LOOKS, Colour
from satellite.sign import Sign


def shown(sent: bytes, count: int) -> list[tuple[int, Colour]]:
    """Read a frame as the lights do: start, then one word each, then enough clocks."""
    assert sent[:4] == bytes(4)
    words = [sent[4 + 4 * place : 8 + 4 * place] for place in range(count)]
    assert all(word[0] >> 5 == 0b111 for word in words)
    rest = sent[4 + 4 * count :]
    assert len(rest) * 8 >= count / 2
    assert set(rest) <= {0}
    return [(word[0] & 31, (word[3], word[2], word[1])) for word in words]


@pytest.mark.parametrize("count", [1, 3, 12, 256])
def test_each_light_shows_its_colour(count: int) -> None:
    colours = [(place % 256, 1, 2) for place in range(count)]
    assert shown(frame(colours, 1.0), count) == [(31, colour) for colour in colours]


@pytest.mark.parametrize(("brightness", "steps"), [(0.0, 0), (0.3, 9), (1.0, 31)])
def test_brightness_has_31_steps(brightness: float, steps: int) -> None:
    assert shown(frame([(255, 255, 255)], brightness), 1)[0][0] == steps


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, int]]:
    """A terminal in the place of the SPI device: what is written comes out at the other end."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    tty.setraw(theirs)
    monkeypatch.setattr(fcntl, "ioctl", lambda file, request, value: 0)
    yield Path(os.ttyname(theirs)), ours
    os.close(ours)
    os.close(theirs)


async def test_what_is_shown_goes_over_the_wire_and_it_goes_dark_at_the_end(
    wire: tuple[Path, int],
) -> None:
    device, other_end = wire
    lights = Apa102(device, 3, 1.0)
    assert await lights.show(LOOKS[Sign.MUTED], 0.0) is None
    assert shown(os.read(other_end, 1000), 3) == [(31, (160, 0, 0))] * 3
    again = await lights.show(LOOKS[Sign.THINKING], 0.0)
    assert again is not None
    assert again < 0.1
    os.read(other_end, 1000)
    lights.close()
    assert shown(os.read(other_end, 1000), 3) == [(31, (0, 0, 0))] * 3


async def test_a_missing_device_is_named() -> None:
    with pytest.raises(LightLost, match=r"/dev/spidev9\.9: No such file"):
        await Apa102(Path("/dev/spidev9.9"), 3, 1.0).show(LOOKS[Sign.IDLE], 0.0)


async def test_what_is_no_spi_device_is_told_and_let_go(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(LightLost, match="Inappropriate"):
        await Apa102(file, 3, 1.0).show(LOOKS[Sign.IDLE], 0.0)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
