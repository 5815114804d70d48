"""Handing a token over a link that others read, and codes that tell who sits between."""

import re

import pytest

from protocol.authentication import new_nonce, new_token
from protocol.errors import AuthenticationFailed
from protocol.pairing import KEY_BYTES, Agreement, Keys, bound_to

NONCES = (new_nonce(), new_nonce())


def agreed(keys: Keys, satellite_key: str, hub_key: str) -> Agreement:
    """Return what the side with `keys` makes of both public keys."""
    other = hub_key if keys.public == satellite_key else satellite_key
    return Agreement(keys.agree(other), "kitchen-1", "hub-1", *NONCES, satellite_key, hub_key)


def test_both_sides_show_the_same_code_and_one_reads_what_the_other_seals() -> None:
    satellite, hub = Keys(), Keys()
    ours = agreed(satellite, satellite.public, hub.public)
    theirs = agreed(hub, satellite.public, hub.public)
    assert re.fullmatch(r"[0-9]{6}", ours.code)
    assert ours.code == theirs.code
    token = new_token()
    sealed, mac = theirs.seal(token)
    assert token.encode().hex() not in sealed
    assert ours.open(sealed, mac) == token


def test_whoever_sits_between_can_neither_read_the_token_nor_make_the_codes_alike() -> None:
    satellite, hub, between = Keys(), Keys(), Keys()
    at_satellite = agreed(satellite, satellite.public, between.public)
    at_hub = agreed(hub, between.public, hub.public)
    assert at_satellite.code != at_hub.code, "once in a million they are"
    sealed, mac = at_hub.seal(new_token())
    with pytest.raises(AuthenticationFailed, match="somebody else"):
        at_satellite.open(sealed, mac)


def test_a_token_that_was_changed_on_its_way_is_not_taken() -> None:
    satellite, hub = Keys(), Keys()
    ours = agreed(satellite, satellite.public, hub.public)
    sealed, mac = agreed(hub, satellite.public, hub.public).seal("a token that is long enough")
    flipped = f"{int(sealed[:2], 16) ^ 1:02x}{sealed[2:]}"
    for wrong, code in ((flipped, mac), (sealed, "0" * 64), (sealed[:-2], mac), (sealed, "")):
        with pytest.raises(AuthenticationFailed):
            ours.open(wrong, code)


@pytest.mark.parametrize("sealed", ["", "zz", "0", "00" * 257])
def test_what_is_no_sealed_token_is_not_taken(sealed: str) -> None:
    satellite, hub = Keys(), Keys()
    with pytest.raises(AuthenticationFailed, match="no sealed token"):
        agreed(satellite, satellite.public, hub.public).open(sealed, "0" * 64)


@pytest.mark.parametrize("value", [0, 1])
def test_a_key_that_would_give_the_secret_away_is_refused(value: int) -> None:
    with pytest.raises(AuthenticationFailed, match="give the secret away"):
        Keys().agree(value.to_bytes(KEY_BYTES, "big").hex())


@pytest.mark.parametrize("key", ["", "zz" * KEY_BYTES, "00" * (KEY_BYTES - 1), "00 " * KEY_BYTES])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(AuthenticationFailed, match="256 bytes"):
        Keys().agree(key)
    with pytest.raises(AuthenticationFailed, match="256 bytes"):
        bound_to(key)


def test_a_satellite_is_bound_to_one_key() -> None:
    one, other = Keys(), Keys()
    assert bound_to(one.public) == bound_to(one.public)
    assert bound_to(one.public) != bound_to(other.public)
    assert len(bound_to(one.public)) == 64


def test_the_secret_is_not_shown() -> None:
    satellite, hub = Keys(), Keys()
    assert "secret" not in repr(agreed(satellite, satellite.public, hub.public))
