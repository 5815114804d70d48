"""The key of the logins, and how tries are counted."""

import stat
from pathlib import Path

import pytest

from hub.accounts.attempts import MOST, Attempts, address_key, network_key
from hub.accounts.keys import KEY_BYTES, KeyUnusable, kept_key


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "state" / "key"
    key = kept_key(file)
    assert len(key) == KEY_BYTES
    assert kept_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_key_that_is_damaged_or_can_not_be_made_says_what_to_do(tmp_path: Path) -> None:
    damaged = tmp_path / "key"
    damaged.write_bytes(b"short")
    with pytest.raises(KeyUnusable, match="Remove it"):
        kept_key(damaged)
    with pytest.raises(KeyUnusable, match="can not be read or made"):
        kept_key(damaged / "below" / "a file")


def test_tries_are_forgotten_after_an_hour_and_never_more_than_a_bound_are_kept() -> None:
    now = 0.0
    attempts = Attempts(1, 60.0, lambda: now)
    attempts.begin("a")
    assert attempts.wait_s("a") == 1.0
    now = 3_601.0 + 1.0
    attempts.begin("a")
    assert attempts.wait_s("a") == 1.0
    for number in range(MOST + 10):
        attempts.begin(f"{number}")
    assert len(attempts._tries) == MOST


def test_many_made_up_keys_push_out_nobody_who_has_tried_often() -> None:
    attempts = Attempts(2, 60.0, lambda: 0.0)
    for _ in range(4):
        attempts.begin("eve")
    for number in range(MOST + 10):
        attempts.begin(f"{number}")
    assert attempts.wait_s("eve") == 4.0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.168.1.5", "::ffff:192.168.1.5", True),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.168.1.5", "192.168.1.6", False),
        ("", "testclient", False),
    ],
)
def test_addresses_of_one_network_are_counted_together(one: str, other: str, same: bool) -> None:
    assert (network_key(one) == network_key(other)) is same


def test_an_address_is_one_however_it_is_written() -> None:
    assert address_key("2001:DB8:0::1") == address_key("2001:db8::1")
    assert address_key("::ffff:192.168.1.5") == address_key("192.168.1.5")
    assert address_key("2001:db8::1") != address_key("2001:db8::2")
