"""The first words on a link: who we are, and that both sides know the token."""

import asyncio
import ipaddress
from dataclasses import dataclass, replace

from protocol import (
    PROTOCOL_VERSION,
    AudioFormat,
    AuthenticationFailed,
    Challenge,
    Error,
    Hello,
    Link,
    Message,
    Pair,
    Paired,
    Proof,
    Refused,
    Welcome,
    hub_mac,
    new_nonce,
    satellite_mac,
    verify,
)
from protocol.pairing import Agreement, Keys, bound_to
from protocol.version import VERSION
from satellite.errors import SatelliteError
from satellite.microphone import FORMAT
from satellite.own_token import OwnToken

HANDSHAKE_TIMEOUT_S = 5.0
PAIRING_TIMEOUT_S = 330.0
"""The hub gives the owner 300 s, and then says so."""
FEATURES = ("flush", "duck", "pause", "playback", "resume", "settings", "identify", "volume")
BARGE_IN = "barge-in"
_TO_BE_ASKED_ANEW = frozenset({"removed", "bad-token"})
_ASK_ANEW = (
    "Or run `sotto-satellite pair` on it, with sudo where it is a service, and approve the code "
    "that both show."
)


class HubRefused(SatelliteError):
    """The hub does not take us."""

    def __init__(self, code: str, text: str, retry_after_ms: int | None) -> None:
        super().__init__(code, text)
        self.retry_after_ms = retry_after_ms

    @classmethod
    def of(cls, message: Refused) -> "HubRefused":
        """Return what the hub says, with what can be done here."""
        advice = f" {_ASK_ANEW}" if message.code in _TO_BE_ASKED_ANEW else ""
        return cls(message.code, message.text + advice, message.retry_after_ms)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this satellite is."""

    id: str
    name: str
    area: str | None
    speaker_rate_hz: int
    barge_in: bool = False
    """Whether the microphone may be heard while the speaker plays."""
    person: str | None = None


async def greet(
    link: Link,
    identity: Identity,
    own: OwnToken,
    *,
    session: str | None = None,
    received: int = 0,
) -> Welcome:
    """Introduce the satellite; return the hub's welcome.

    `session` is one to go on with, in which so many messages of the hub were received.
    With a token, a hub that does not prove that it knows it too is left. Without one, and if it
    `asks` for one, the satellite waits until the owner of the hub has approved it.

    Raises:
        HubRefused: the hub does not take us.
        SatelliteError: "no-token": the hub wants a token and we have none.
        AuthenticationFailed: the hub did not prove itself, or the pairing was disturbed.
        WireError: the link failed.
        TimeoutError: the hub did not answer in time.
    """
    asks, keys = own.asks, Keys() if own.asks else None
    async with asyncio.timeout(HANDSHAKE_TIMEOUT_S) as limit:
        hello = replace(_hello(identity), session=session, received=received)
        if keys is not None:
            hello = replace(hello, pairing=bound_to(keys.public))
        await link.send(hello)
        answer = await _answer(link)
        challenge = answer if isinstance(answer, Challenge) else None
        if challenge is not None and challenge.key is not None and keys is not None:
            agreement = Agreement(
                keys.agree(challenge.key),
                hello.satellite,
                challenge.hub,
                hello.nonce,
                challenge.nonce,
                keys.public,
                challenge.key,
            )
            await _be_paired(link, agreement, challenge.name, own, limit)
        token = own.token
        if challenge is not None:
            answer = await _prove(link, hello, challenge, token)
        if not isinstance(answer, Welcome):
            # The table of legal messages leaves nothing else.
            raise AuthenticationFailed("bad-handshake", f"the hub answered {answer.type_name}")
        if asks and challenge is None and not is_this_machine(link.host):
            # Anybody may announce a hub: one that asks for no token is trusted here alone.
            text = (
                f"{link.peer} asks for no token; a satellite without one trusts only this machine"
            )
            link.reject("hub-not-proved", text)
            raise AuthenticationFailed("hub-not-proved", text)
        if token is not None and not _is_proved(hello, challenge, answer, token):
            text = f"{link.peer} did not prove that it knows our token"
            link.reject("hub-not-proved", text)
            raise AuthenticationFailed("hub-not-proved", text)
        return answer


def is_this_machine(host: str) -> bool:
    """Return whether a link's host is the machine that this runs on."""
    if not host:  # a Unix socket
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _hello(identity: Identity) -> Hello:
    return Hello(
        version=PROTOCOL_VERSION,
        satellite=identity.id,
        name=identity.name,
        area=identity.area,
        nonce=new_nonce(),
        software=f"sotto-satellite {VERSION}",
        features=(*FEATURES, BARGE_IN) if identity.barge_in else FEATURES,
        microphone=FORMAT,
        speaker=AudioFormat(rate=identity.speaker_rate_hz, width=2, channels=1),
        person=identity.person,
    )


async def _be_paired(
    link: Link, agreement: Agreement, hub: str, own: OwnToken, limit: asyncio.Timeout
) -> None:
    """Show a code, and wait for a token; `hub` is what the hub is called."""
    now = asyncio.get_running_loop().time
    await link.send(Pair(agreement.satellite_key))
    limit.reschedule(now() + PAIRING_TIMEOUT_S)
    own.show(agreement.code, hub)
    answer = await _answer(link)
    if not isinstance(answer, Paired):
        # The table of legal messages leaves nothing else.
        raise AuthenticationFailed("bad-handshake", f"the hub answered {answer.type_name}")
    limit.reschedule(now() + HANDSHAKE_TIMEOUT_S)
    own.take(agreement.open(answer.token, answer.mac))


async def _prove(link: Link, hello: Hello, challenge: Challenge, token: str | None) -> Message:
    if token is None:
        raise SatelliteError(
            "no-token", f"the hub {challenge.name!r} wants a token: set token or token_file"
        )
    mac = satellite_mac(
        token,
        satellite=hello.satellite,
        hub=challenge.hub,
        satellite_nonce=hello.nonce,
        hub_nonce=challenge.nonce,
    )
    await link.send(Proof(mac=mac))
    return await _answer(link)


def _is_proved(hello: Hello, challenge: Challenge | None, welcome: Welcome, token: str) -> bool:
    if challenge is None or welcome.hub != challenge.hub:
        return False
    expected = hub_mac(
        token,
        satellite=hello.satellite,
        hub=challenge.hub,
        satellite_nonce=hello.nonce,
        hub_nonce=challenge.nonce,
    )
    return verify(expected, welcome.mac)


async def _answer(link: Link) -> Message:
    """Return the hub's next step, past what may be said at any time."""
    while True:
        message = await link.receive()
        if isinstance(message, Refused):
            raise HubRefused.of(message)
        if isinstance(message, Error):
            raise HubRefused(message.code or "hub-error", message.text, None)
        if isinstance(message, Challenge | Paired | Welcome):
            return message
