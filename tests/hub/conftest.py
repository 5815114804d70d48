"""What holds for every test of the hub: the wyoming package is imported, and a disk may be slow."""

import warnings

import pytest

from hub.store import database

with warnings.catch_warnings():
    # It takes audioop where Python still has it, and some Pythons complain.
    warnings.simplefilter("ignore", DeprecationWarning)
    import wyoming.audio  # noqa: F401


@pytest.fixture(autouse=True)
def patient_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a write take as long as it takes, on a disk that others keep busy."""
    for limit, patient_s in (("WAIT_S", 45.0), ("BUSY_S", 30.0), ("CLOSE_S", 20.0)):
        monkeypatch.setattr(database, limit, patient_s)
