"""The first words on a link: who we are, and that both sides know the token."""

import asyncio
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
    Proof,
    Refused,
    Welcome,
    hub_mac,
    new_nonce,
    satellite_mac,
    verify,
)
from protocol.version import VERSION
from satellite.errors import SatelliteError
from satellite.microphone import FORMAT

HANDSHAKE_TIMEOUT_S = 5.0
FEATURES = ("flush", "duck", "pause", "playback", "resume")
BARGE_IN = "barge-in"


class HubRefused(SatelliteError):
    """The hub does not take us."""

    def __init__(self, code: str, text: str, retry_after_ms: int | None) -> None:
        super().__init__(code, text)
        self.retry_after_ms = retry_after_ms


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
    token: str | None,
    *,
    session: str | None = None,
    received: int = 0,
) -> Welcome:
    """Introduce the satellite; return the hub's welcome.

    `session` is one to go on with, in which so many messages of the hub were received.
    With a token, a hub that does not prove that it knows it too is left.

    Raises:
        HubRefused: the hub does not take us.
        SatelliteError: "no-token": the hub wants a token and we have none.
        AuthenticationFailed: the hub did not prove itself.
        WireError: the link failed.
        TimeoutError: the hub did not answer in time.
    """
    async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
        hello = replace(_hello(identity), session=session, received=received)
        await link.send(hello)
        answer = await _answer(link)
        challenge = answer if isinstance(answer, Challenge) else None
        if challenge is not None:
            answer = await _prove(link, hello, challenge, token)
        if not isinstance(answer, Welcome):
            # The table of legal messages leaves nothing else.
            raise AuthenticationFailed("bad-handshake", f"the hub answered {answer.type_name}")
        if token is not None and not _is_proved(hello, challenge, answer, token):
            text = f"{link.peer} did not prove that it knows our token"
            link.reject("hub-not-proved", text)
            raise AuthenticationFailed("hub-not-proved", text)
        return answer


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
            raise HubRefused(message.code, message.text, message.retry_after_ms)
        if isinstance(message, Error):
            raise HubRefused(message.code or "hub-error", message.text, None)
        if isinstance(message, Challenge | Welcome):
            return message
