"""How strong the Wi-Fi is: as Linux tells it."""

from pathlib import Path

import pytest

from satellite.wifi import signal_dbm, signal_share

WIRELESS = """\
Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
"""
ROUTE = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"


def network(folder: Path, wireless: str | None, *routes: tuple[str, int]) -> Path:
    """Write what a machine tells of its network; `routes` are ways out with their metrics."""
    if wireless is not None:
        (folder / "wireless").write_text(WIRELESS + wireless)
    rows = [
        f"{name}\t00000000\t0101A8C0\t0003\t0\t0\t{metric}\t0\t0\t0\t0\n" for name, metric in routes
    ]
    away = "wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n"
    (folder / "route").write_text(ROUTE + away + "".join(rows))
    return folder


def line(name: str, level: str) -> str:
    return f"{name}: 0000   53.  {level}  -256        0      0      0      0     12        0\n"


def test_the_strength_of_the_way_out_is_told(tmp_path: Path) -> None:
    there = line("wlan0", "-57.") + line("wlan1", "-80.")
    assert signal_dbm(network(tmp_path, there, ("wlan0", 600))) == -57
    assert signal_dbm(network(tmp_path, there, ("wlan0", 600), ("wlan1", 100))) == -80


def test_a_satellite_on_a_cable_has_none_although_it_has_wifi_too(tmp_path: Path) -> None:
    there = line("wlan0", "-57.")
    assert signal_dbm(network(tmp_path, there, ("wlan0", 600), ("eth0", 100))) is None


def test_in_a_network_without_a_way_out_the_only_wifi_counts(tmp_path: Path) -> None:
    assert signal_dbm(network(tmp_path, line("wlan0", "-61."))) == -61


def test_drivers_that_count_from_the_weakest_are_understood(tmp_path: Path) -> None:
    assert signal_dbm(network(tmp_path, line("wlan0", "196."), ("wlan0", 600))) == -60


@pytest.mark.parametrize("wireless", [None, "", "nonsense\n", line("wlan0", "-256."), "wlan0: 0\n"])
def test_where_nothing_is_told_nothing_is_known(tmp_path: Path, wireless: str | None) -> None:
    assert signal_dbm(network(tmp_path, wireless, ("wlan0", 600))) is None
    assert signal_dbm(tmp_path / "nowhere") is None


def test_a_share_begins_where_nothing_gets_through_and_ends_where_more_is_no_better() -> None:
    assert [signal_share(dbm) for dbm in (-120, -100, -75, -50, -20)] == [0, 0, 0.5, 1, 1]
