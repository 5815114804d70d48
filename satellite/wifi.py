"""How strong the Wi-Fi is through which the satellite reaches its network; none on a cable."""

from collections.abc import Iterator
from pathlib import Path

NET = Path("/proc/net")
WEAKEST_DBM = -100.0
STRONGEST_DBM = -50.0
"""More is no better: the fastest rates are reached."""
_DEFAULT = "00000000"


def signal_dbm(folder: Path = NET) -> float | None:
    """Return the strength; None on a cable, without a network, or where it is not told."""
    levels = dict(_wireless(folder / "wireless"))
    way = _way_out(folder / "route")
    if way is None and len(levels) == 1:  # a network without a way out
        (way,) = levels
    return None if way is None else levels.get(way)


def signal_share(dbm: float) -> float:
    """Return a strength as a share of what is of use, from 0 to 1."""
    share = (dbm - WEAKEST_DBM) / (STRONGEST_DBM - WEAKEST_DBM)
    return min(1.0, max(0.0, share))


def _wireless(file: Path) -> Iterator[tuple[str, float]]:
    """Yield the interfaces that are connected, with their strengths."""
    for line in _lines(file)[2:]:
        name, _, rest = line.partition(":")
        try:
            level = float(rest.split()[2].rstrip("."))
        except (IndexError, ValueError):
            continue
        if level > 0:
            level -= 256  # of drivers that count from the weakest
        if -256 < level < 0:
            yield name.strip(), level


def _way_out(file: Path) -> str | None:
    """Return the interface of the best default route."""
    found: list[tuple[int, str]] = []
    for line in _lines(file)[1:]:
        words = line.split()
        try:
            if words[1] == _DEFAULT:
                found.append((int(words[6]), words[0]))
        except (IndexError, ValueError):
            continue
    return min(found)[1] if found else None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
