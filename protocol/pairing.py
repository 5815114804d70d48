"""How a hub hands a satellite without a token one of its own, over a link that others may read.

Both sides agree on a secret (Diffie-Hellman, RFC 7919's ffdhe2048) and make a short code of all
that was said. Whoever sits between the two has to agree with each of them, and the codes differ:
the owner compares them. The satellite binds itself to its key before it sees the hub's, so nobody
can try keys until the codes are alike; one try succeeds once in a million.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

from protocol.authentication import in_parts, read_nonce
from protocol.errors import AuthenticationFailed

KEY_BYTES = 256
CODE_DIGITS = 6
"""What two people compare without a mistake; a stranger guesses one in a million."""
MAX_TOKEN_BYTES = 256

_PRIME = int(
    "FFFFFFFFFFFFFFFFADF85458A2BB4A9AAFDC5620273D3CF1D8B9C583CE2D3695A9E13641146433FB"
    "CC939DCE249B3EF97D2FE363630C75D8F681B202AEC4617AD3DF1ED5D5FD65612433F51F5F066ED0"
    "856365553DED1AF3B557135E7F57C935984F0C70E0E68B77E2A689DAF3EFE8721DF158A136ADE735"
    "30ACCA4F483A797ABC0AB182B324FB61D108A94BB2C8E3FBB96ADAB760D7F4681D4F42A3DE394DF4"
    "AE56EDE76372BB190B07A7C8EE0A6D709E02FCE1CDF7E2ECC03404CD28342F619172FE9CE98583FF"
    "8E4F1232EEF28183C3FE3B1B4C6FAD733BB5FCBC2EC22005C58EF1837D1683B2C6F34A26C1B2EFFA"
    "886B423861285C97FFFFFFFFFFFFFFFF",
    16,
)
_GENERATOR = 2
# RFC 7919, 5.2: 225 bits are as strong as the group.
_EXPONENT_BITS = 256
_KEY_LABEL = b"sotto/1 pairing key"
_CODE_LABEL = b"sotto/1 pairing code"
_TOKEN_LABEL = b"sotto/1 pairing token"
_MAC_BYTES = 32


class Keys:
    """One side's keys, for one pairing."""

    def __init__(self) -> None:
        self._secret = secrets.randbits(_EXPONENT_BITS) | 1
        public = pow(_GENERATOR, self._secret, _PRIME)
        self.public = public.to_bytes(KEY_BYTES, "big").hex()
        """What the other side is told: 256 bytes in hexadecimal."""

    def agree(self, other: str) -> bytes:
        """Return the secret that is shared with whoever has the key `other`.

        Raises:
            AuthenticationFailed: that is no key.
        """
        value = int.from_bytes(_key(other), "big")
        if not 1 < value < _PRIME - 1:
            raise AuthenticationFailed("bad-pairing", "a key must not give the secret away")
        return pow(value, self._secret, _PRIME).to_bytes(KEY_BYTES, "big")


def bound_to(public: str) -> str:
    """Return what binds a satellite to a key that it does not show yet, in hexadecimal.

    Raises:
        AuthenticationFailed: that is no key.
    """
    return hashlib.sha256(in_parts(_KEY_LABEL, _key(public))).hexdigest()


@dataclass(frozen=True, slots=True)
class Agreement:
    """What both sides of a pairing know when they have each other's keys."""

    secret: bytes = field(repr=False)
    satellite: str
    """The satellite's id."""
    hub: str
    """The hub's id."""
    satellite_nonce: str
    hub_nonce: str
    satellite_key: str
    hub_key: str

    @property
    def code(self) -> str:
        """Return the digits that both sides show."""
        digest = hashlib.sha256(self._said(_CODE_LABEL)).digest()
        return f"{int.from_bytes(digest, 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"

    def seal(self, token: str) -> tuple[str, str]:
        """Return a token that only the other side can read, and the code that shows it is ours.

        Both are in hexadecimal. One agreement seals one token.
        """
        plain = token.encode()
        mask, key = self._stream(len(plain))
        sealed = bytes(one ^ other for one, other in zip(plain, mask, strict=True))
        return sealed.hex(), hmac.new(key, sealed, hashlib.sha256).hexdigest()

    def open(self, sealed: str, mac: str) -> str:
        """Return the token that the other side has sealed.

        Raises:
            AuthenticationFailed: the other side has not sealed it.
        """
        try:
            data = bytes.fromhex(sealed)
        except ValueError:
            data = b""
        if not 0 < len(data) <= MAX_TOKEN_BYTES:
            raise AuthenticationFailed("bad-pairing", "that is no sealed token")
        mask, key = self._stream(len(data))
        expected = hmac.new(key, data, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), mac.encode()):
            raise AuthenticationFailed("bad-pairing", "the token was sealed by somebody else")
        return bytes(one ^ other for one, other in zip(data, mask, strict=True)).decode()

    def _stream(self, length: int) -> tuple[bytes, bytes]:
        """Return the bytes that hide a token of a length, and the key of its code."""
        made = hashlib.shake_256(in_parts(self.secret, self._said(_TOKEN_LABEL)))
        stream = made.digest(length + _MAC_BYTES)
        return stream[_MAC_BYTES:], stream[:_MAC_BYTES]

    def _said(self, label: bytes) -> bytes:
        ids = (self.satellite.encode(), self.hub.encode())
        nonces = (read_nonce(self.satellite_nonce), read_nonce(self.hub_nonce))
        return in_parts(label, *ids, *nonces, _key(self.satellite_key), _key(self.hub_key))


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES or len(text) != 2 * KEY_BYTES:
        raise AuthenticationFailed("bad-pairing", f"a key must be {KEY_BYTES} bytes in hexadecimal")
    return key
