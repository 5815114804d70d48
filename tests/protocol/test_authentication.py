"""Proofs: right for the right token only, never twice, and computable from the page."""

import hashlib
import hmac

import pytest

from protocol.authentication import (
    NONCE_BYTES,
    hub_mac,
    new_nonce,
    new_token,
    satellite_mac,
    verify,
)
from protocol.errors import AuthenticationFailed

GIVEN = {
    "satellite": "kitchen-1",
    "hub": "hub-1",
    "satellite_nonce": "00" * 32,
    "hub_nonce": "ff" * 32,
}


def test_the_codes_are_these_for_these_inputs() -> None:
    """Fixed for ever: a change here locks every satellite out."""
    message = (
        b"\x00\x00\x00\x11sotto/1 satellite"
        b"\x00\x00\x00\x09kitchen-1"
        b"\x00\x00\x00\x05hub-1"
        b"\x00\x00\x00\x20" + bytes(32) + b"\x00\x00\x00\x20" + b"\xff" * 32
    )
    expected = hmac.new(b"secret", message, hashlib.sha256).hexdigest()
    assert satellite_mac("secret", **GIVEN) == expected
    assert expected == SATELLITE_CODE
    message = message.replace(b"\x00\x00\x00\x11sotto/1 satellite", b"\x00\x00\x00\x0bsotto/1 hub")
    assert hub_mac("secret", **GIVEN) == hmac.new(b"secret", message, hashlib.sha256).hexdigest()
    assert hub_mac("secret", **GIVEN) == HUB_CODE


SATELLITE_CODE = "c039d188513c71db2a0f2af93e5bab667ea102b9bd33c5c2e4cfeb739b6745e2"
HUB_CODE = "44b096c319a7ce160e97c4fc262cc4960fcb54a1adc16a49e470c9a09e43a9dd"


def test_every_input_changes_the_code() -> None:
    codes = {satellite_mac("secret", **GIVEN), hub_mac("secret", **GIVEN)}
    codes |= {satellite_mac("other", **GIVEN), hub_mac("other", **GIVEN)}
    for name in GIVEN:
        changed = {**GIVEN, name: "11" * 32}
        codes |= {satellite_mac("secret", **changed), hub_mac("secret", **changed)}
    assert len(codes) == 12


def test_moving_a_letter_from_one_id_to_the_next_changes_the_code() -> None:
    one = satellite_mac("secret", **{**GIVEN, "satellite": "ab", "hub": "c"})
    two = satellite_mac("secret", **{**GIVEN, "satellite": "a", "hub": "bc"})
    assert one != two


def test_a_code_of_the_satellite_is_none_of_the_hub_even_when_all_is_mirrored() -> None:
    same = {"satellite": "a", "hub": "a", "satellite_nonce": "00" * 32, "hub_nonce": "00" * 32}
    assert satellite_mac("secret", **same) != hub_mac("secret", **same)


@pytest.mark.parametrize(
    "nonce", ["", "00", "00" * 31, "00" * 33, "zz" * 32, " " * 64, "00 " * 32, "é" * 64]
)
def test_a_nonce_that_is_none_is_refused(nonce: str) -> None:
    for name in ("satellite_nonce", "hub_nonce"):
        with pytest.raises(AuthenticationFailed) as caught:
            satellite_mac("secret", **{**GIVEN, name: nonce})
        assert caught.value.code == "bad-nonce"


def test_codes_are_compared_whole() -> None:
    code = satellite_mac("secret", **GIVEN)
    assert verify(code, code)
    for given in (
        None,
        "",
        code[:-1],
        code + "0",
        code.upper() if code != code.upper() else "",
        "é",
    ):
        assert not verify(code, given)


def test_nonces_and_tokens_never_come_twice() -> None:
    nonces = {new_nonce() for _ in range(1000)}
    assert len(nonces) == 1000
    assert {len(bytes.fromhex(nonce)) for nonce in nonces} == {NONCE_BYTES}
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) >= 43 for token in tokens)
