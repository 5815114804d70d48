"""A satellite installs on a Raspberry Pi from ready-made wheels."""

from pathlib import Path

import pytest

from scripts.arm_wheels import requirements, resolve

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


@pytest.mark.timeout(320)
def test_everything_a_satellite_needs_has_wheels_for_64_bit_arm() -> None:
    code, told = resolve(requirements(PYPROJECT, "satellite"))
    if code == 2:
        pytest.skip("no package index can be reached")
    assert code == 0, told
    assert "numpy" in told


@pytest.mark.timeout(320)
def test_a_package_without_such_a_wheel_would_be_noticed() -> None:
    code, told = resolve(["spidev>=3"])
    if code == 2:
        pytest.skip("no package index can be reached")
    assert code == 1
    assert "spidev" in told
