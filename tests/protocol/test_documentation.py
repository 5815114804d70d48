"""`docs/protocol.md` and the code say the same."""

import ast
import asyncio
import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

import protocol
from protocol import connection, errors, link, resumption
from protocol.authentication import hub_mac, new_nonce, satellite_mac, verify
from protocol.discovery import SERVICE_TYPE, Advertiser
from protocol.frames import FrameDecoder
from protocol.limits import AUDIO_LIMITS, Limits
from protocol.link import Link
from protocol.messages import MESSAGES
from protocol.sotto_messages import (
    SOTTO_MESSAGES,
    Challenge,
    Hello,
    Listen,
    Proof,
    Status,
    TurnEnded,
    Wake,
    Welcome,
)
from protocol.state import LinkState, Role, legal
from protocol.stream import serve
from protocol.wyoming_messages import WYOMING_MESSAGES, AudioChunk, AudioStart, AudioStop, Ping
from tests.protocol import wire_page

LIMIT_S = 10.0
PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
SECTIONS = list(wire_page.sections())
GIVEN = {
    "satellite": "kitchen-1",
    "hub": "hub-1",
    "satellite_nonce": "00" * 32,
    "hub_nonce": "ff" * 32,
}


def section(title: str, level: int = 2) -> str:
    """Return the text below a heading, up to the next one that is as high."""
    marks = "#" * level
    found = re.search(
        rf"^{marks} {re.escape(title)}\n(.*?)(?=^#{{1,{level}}} |\Z)",
        PAGE,
        re.MULTILINE | re.DOTALL,
    )
    assert found, f"the page has no {marks} {title}"
    return found[1]


def tables(text: str) -> list[list[tuple[str, ...]]]:
    """Return the Markdown tables of a text, with their headers, as rows of cells."""
    found: list[list[tuple[str, ...]]] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("|"):
            if not inside:
                found.append([])
            found[-1].append(tuple(cell.strip() for cell in line.strip("|").split("|")))
        inside = line.startswith("|")
    return [[table[0], *table[2:]] for table in found]


def table(text: str) -> list[tuple[str, ...]]:
    """Return the rows of the only table of a text, without its header."""
    (only,) = tables(text)
    return only[1:]


def flows() -> list[list[tuple[str, str, str]]]:
    """Return the flows of the page: lines of sender, receiver and message."""
    blocks = re.findall(r"^```\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    lines = r"^(satellite|hub) -> (satellite|hub) +([a-z-]+)"
    return [found for block in blocks if (found := re.findall(lines, block, re.MULTILINE))]


@pytest.mark.parametrize(
    ("title", "messages"), [("Wyoming's", WYOMING_MESSAGES), ("Sotto's", SOTTO_MESSAGES)]
)
def test_every_message_and_its_directions_are_listed(title: str, messages: Any) -> None:
    (found,) = tables(section(title, 3))
    assert found == [wire_page.MESSAGE_HEADER, *wire_page.message_rows(messages)]


@pytest.mark.parametrize(
    ("title", "text", "expected"), SECTIONS, ids=[title for title, _, _ in SECTIONS]
)
def test_every_field_is_listed_with_its_type_and_meaning(
    title: str, text: str, expected: str
) -> None:
    found = section(title, 4).strip()
    assert found == f"{text}\n\n{expected}"


def test_the_page_lists_no_message_or_object_that_the_code_does_not_have() -> None:
    titles = re.findall(r"^#### (.+)$", PAGE, re.MULTILINE)
    assert titles == [title for title, _, _ in SECTIONS]
    assert set(re.findall(r"`(sotto-[a-z-]+)`", PAGE)) - {"sotto-"} <= set(MESSAGES)


def test_the_states_are_the_states() -> None:
    (found,) = tables(section("States"))
    assert found == [wire_page.STATE_HEADER, *wire_page.state_rows()]
    assert "one of seven states" in section("States")
    assert len(LinkState) == 7


def test_the_caps_are_the_caps() -> None:
    numbers = [(int(default), int(port)) for _, default, port in table(section("Caps"))]
    ours, port = dataclasses.astuple(Limits()), dataclasses.astuple(AUDIO_LIMITS)
    assert numbers == list(zip(ours, port, strict=True))
    assert f"{link.MAX_QUEUED_MESSAGES} of them or 1 MiB" in section("Caps")
    assert link.MAX_QUEUED_BYTES == 2**20


def codes_in_the_code() -> dict[str, set[str]]:
    """Return the codes that each error class, or `reject`, is given anywhere in the protocol."""
    found: dict[str, set[str]] = {}
    for path in Path(protocol.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                for arg in node.args[:1] if name != "_read_length" else node.args[3:]:
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                        found.setdefault(name, set()).add(arg.value)
    classes = {name for name in dir(errors) if name[0].isupper()}
    codes = {name: found[name] for name in found if name in classes}
    codes["FrameError"] |= found["_read_length"]
    codes["Error"] = found["reject"]
    return codes


def test_the_codes_are_the_codes() -> None:
    text = section("Faults")
    listed: dict[str, set[str]] = {}
    for cls, code, meaning in table(text):
        assert meaning.endswith(".")
        listed.setdefault(cls, set()).add(code.strip("`"))
    real = codes_in_the_code()
    told = {name: codes for name, codes in real.items() if name in listed}
    assert listed == told
    ours = {code for name, codes in real.items() if name not in listed for code in codes}
    assert ours == set(re.findall(r"`([a-z-]+)`", text.split("never travels:")[1]))


def test_the_deadlines_are_the_deadlines() -> None:
    keep_alive = connection.KEEP_ALIVE
    expected = {
        "ping after": keep_alive.ping_after_s,
        "dead after": keep_alive.dead_after_s,
        "handshake": keep_alive.handshake_s,
        "frame": keep_alive.frame_s,
        "write": link.WRITE_TIMEOUT_S,
    }
    found = {name: float(s) for name, s, _ in table(section("Keeping a link alive"))}
    assert found == expected


def test_what_is_counted_and_kept_of_a_session_is_what_the_page_says() -> None:
    text = section("Going on after a lost link")
    uncounted = re.search(r"except (.*?)\. It keeps", text, re.DOTALL)
    assert uncounted
    told = set(re.findall(r"`([a-z-]+)`", uncounted[1]))
    assert told == {cls.type_name for cls in resumption.UNCOUNTED}
    assert f"{resumption.MAX_KEPT_MESSAGES} messages" in text
    assert f"{resumption.MAX_KEPT_BYTES} bytes" in text


def test_the_codes_to_check_your_own_are_right() -> None:
    parts, values = tables(section("Handshake"))
    assert [row[0] for row in parts[1:]] == [
        "label",
        "satellite",
        "hub",
        "satellite's nonce",
        "hub's nonce",
    ]
    assert values[1:] == [
        ("satellite", f"`{satellite_mac('secret', **GIVEN)}`"),
        ("hub", f"`{hub_mac('secret', **GIVEN)}`"),
    ]


def test_the_header_keys_are_the_header_keys() -> None:
    keys = {row[0].strip("`") for row in table(section("Framing"))}
    assert keys == {"type", "data", "data_length", "payload_length", "version"}


def test_the_example_of_an_event_can_be_decoded() -> None:
    example = re.search(r"```\n(\{.*?)\\n\n(\{.*?\})\n", section("Framing"))
    assert example
    decoder = FrameDecoder()
    frame = example[1].encode() + b"\n" + example[2].encode() + bytes(2048)
    (event,) = decoder.feed(frame)
    assert decoder.error is None
    assert not decoder.inside_frame
    assert event.data == {"rate": 16000, "width": 2, "channels": 1, "turn": 7}


def test_every_flow_is_legal_by_the_table() -> None:
    assert len(flows()) == 11
    for flow in flows():
        first = flow[0][2]
        state = LinkState.OPEN if first == "sotto-hello" else LinkState.READY
        for sender, receiver, name in flow:
            assert {sender, receiver} == {"satellite", "hub"}
            allowed = legal(state, Role(sender))
            assert MESSAGES[name] in allowed, (name, sender, state)
            state = allowed[MESSAGES[name]]
        assert state is LinkState.READY


def test_the_text_record_is_the_text_record() -> None:
    text = section("Finding a hub")
    keys = {row[0].strip("`") for row in table(text)}
    advertiser = Advertiser(hub="h", name="n", port=1, host="127.0.0.1")
    assert keys == set(advertiser._info.decoded_properties)
    assert f"`{SERVICE_TYPE}`" in text


def test_every_link_of_the_page_leads_somewhere() -> None:
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors


class ExampleHub:
    """A hub that hears a whole request and answers with the same audio."""

    def __init__(self, token: str | None) -> None:
        self.heard = b""
        self._token = token

    async def handle(self, link: Link) -> None:
        hello = await link.receive()
        assert isinstance(hello, Hello)
        mac = None
        if self._token is not None:
            nonce = new_nonce()
            await link.send(Challenge(1, "hub-1", "Home", nonce))
            proof = await link.receive()
            assert isinstance(proof, Proof)
            ids = {"satellite": hello.satellite, "hub": "hub-1"}
            nonces = {"satellite_nonce": hello.nonce, "hub_nonce": nonce}
            assert verify(satellite_mac("secret", **ids, **nonces), proof.mac)
            mac = hub_mac(self._token, **ids, **nonces)
        await link.send(Welcome(1, "hub-1", "Home", "s-1", mac, 2000, {}))
        assert isinstance(await link.receive(), Status)
        assert isinstance(await link.receive(), Wake)
        await link.send(Ping("still there?"))
        await link.send(Listen(turn=1, candidate=1, max_ms=10_000))
        async for message in link:
            if isinstance(message, AudioChunk):
                self.heard += message.audio
            if isinstance(message, AudioStop):
                break
        await link.send(AudioStart(16_000, 2, 1, turn=1))
        await link.send(AudioChunk(16_000, 2, 1, self.heard, turn=1))
        await link.send(AudioStop(turn=1))
        await link.send(TurnEnded(1, "answered", "Done.", {}))


@pytest.mark.parametrize("token", ["secret", None])
async def test_the_example_client_speaks_with_a_hub(token: str | None) -> None:
    (source,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    client: dict[str, Any] = {}
    exec(compile(source, "docs/protocol.md", "exec"), client)
    hub = ExampleHub(token)
    pcm = bytes(range(256)) * 10
    async with (
        asyncio.timeout(LIMIT_S),
        await serve(hub.handle, "127.0.0.1", 0, role=Role.HUB) as server,
    ):
        host, port = server.addresses[0]
        answer = await asyncio.to_thread(client["speak"], host, port, token, pcm)
    assert answer == ("answered", pcm)
    assert hub.heard == pcm


async def test_the_example_client_takes_no_hub_that_does_not_know_the_token() -> None:
    (source,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    client: dict[str, Any] = {}
    exec(compile(source, "docs/protocol.md", "exec"), client)
    hub = ExampleHub("another")
    async with (
        asyncio.timeout(LIMIT_S),
        await serve(hub.handle, "127.0.0.1", 0, role=Role.HUB) as server,
    ):
        host, port = server.addresses[0]
        with pytest.raises(ConnectionError, match="does not know the token"):
            await asyncio.to_thread(client["speak"], host, port, "secret", b"")
    assert hub.heard == b""
