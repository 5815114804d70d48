"""How a satellite and a hub prove to each other that they know the same token, without showing it.

Each side sends a nonce of its own and a code over both nonces and both ids. What a recorder keeps
is of no use on another link, and a code of one side is never a code of the other. A token should be
random: who records a handshake can try guesses at home.
"""

import hashlib
import hmac
import secrets

from protocol.errors import AuthenticationFailed

NONCE_BYTES = 32
"""As long as the code itself: a nonce never comes twice."""
TOKEN_BYTES = 32

# The version is in here, so that an attacker can not make two sides agree on an older way.
_SATELLITE_LABEL = "sotto/1 satellite"
_HUB_LABEL = "sotto/1 hub"
_LENGTH_BYTES = 4


def new_token() -> str:
    """Return a token that nobody can guess, as text that is easy to copy."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_nonce() -> str:
    """Return a nonce: 32 random bytes in hexadecimal."""
    return secrets.token_hex(NONCE_BYTES)


def satellite_mac(
    token: str, *, satellite: str, hub: str, satellite_nonce: str, hub_nonce: str
) -> str:
    """Return the code that a satellite proves itself with, in hexadecimal.

    Raises:
        AuthenticationFailed: a nonce is not 32 bytes in hexadecimal.
    """
    return _mac(token, _SATELLITE_LABEL, (satellite, hub), (satellite_nonce, hub_nonce))


def hub_mac(token: str, *, satellite: str, hub: str, satellite_nonce: str, hub_nonce: str) -> str:
    """Return the code that a hub proves itself with, in hexadecimal.

    Raises:
        AuthenticationFailed: a nonce is not 32 bytes in hexadecimal.
    """
    return _mac(token, _HUB_LABEL, (satellite, hub), (satellite_nonce, hub_nonce))


def verify(expected: str, given: str | None) -> bool:
    """Compare two codes in a time that does not tell where they differ."""
    return given is not None and hmac.compare_digest(expected.encode(), given.encode())


def in_parts(*parts: bytes) -> bytes:
    """Return parts as one message: each has its length before it, so no other parts give it."""
    return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)


def read_nonce(text: str) -> bytes:
    """Return a nonce as bytes.

    Raises:
        AuthenticationFailed: it is not 32 bytes in hexadecimal.
    """
    try:
        nonce = bytes.fromhex(text)
    except ValueError:
        nonce = b""
    if len(nonce) != NONCE_BYTES or len(text) != 2 * NONCE_BYTES:
        raise AuthenticationFailed(
            "bad-nonce", f"a nonce must be {NONCE_BYTES} bytes in hexadecimal"
        )
    return nonce


def _mac(token: str, label: str, ids: tuple[str, str], nonces: tuple[str, str]) -> str:
    known = [label.encode(), *(text.encode() for text in ids), *map(read_nonce, nonces)]
    return hmac.new(token.encode(), in_parts(*known), hashlib.sha256).hexdigest()
