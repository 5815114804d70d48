"""Two sides count, lose their link at any message, and go on."""

import pytest

from protocol import AudioChunk, Message, Ping, Status, Wake
from protocol.resumption import MAX_KEPT_BYTES, MAX_KEPT_MESSAGES, UNCOUNTED, Ledger
from protocol.state import LinkState, Role, legal


def chunk(number: int, size: int = 1024) -> AudioChunk:
    return AudioChunk(16_000, 2, 1, bytes(size), number, 1)


def test_what_did_not_arrive_is_sent_again_and_nothing_else() -> None:
    for arrived in range(6):
        sender, receiver = Ledger(), Ledger()
        sent: list[Message] = [chunk(number) for number in range(5)]
        for number, message in enumerate(sent):
            sender.add(message)
            if number < arrived:
                receiver.took(message)
        assert sender.after(receiver.received) == sent[arrived:]


def test_what_belongs_to_one_link_is_neither_counted_nor_kept() -> None:
    ledger = Ledger()
    for message in (Ping("1"), Status("idle", muted=False)):
        ledger.add(message)
        ledger.took(message)
    assert (ledger.sent, ledger.received, ledger.after(0)) == (0, 0, [])


def test_everything_that_is_counted_may_be_sent_only_in_the_state_ready() -> None:
    for role in (Role.HUB, Role.SATELLITE):
        for state in LinkState:
            counted = set(legal(state, role)) - UNCOUNTED
            handshake = {"sotto-hello", "sotto-challenge", "sotto-proof", "sotto-welcome"}
            handshake |= {"sotto-pair", "sotto-paired"}
            names = {message.type_name for message in counted} - handshake
            assert bool(names) == (state is LinkState.READY)


@pytest.mark.parametrize("received", [-1, 3, 2**53])
def test_who_claims_to_have_what_was_never_sent_can_not_go_on(received: int) -> None:
    ledger = Ledger()
    ledger.add(chunk(0))
    assert ledger.after(received) is None


def test_what_is_kept_is_bounded_and_what_is_not_kept_is_told() -> None:
    ledger = Ledger()
    for number in range(MAX_KEPT_MESSAGES + 10):
        ledger.add(Wake(number, "button"))
    assert ledger.after(9) is None
    kept = ledger.after(10)
    assert kept is not None
    assert len(kept) == MAX_KEPT_MESSAGES


def test_large_audio_is_kept_up_to_its_bytes() -> None:
    ledger = Ledger()
    for number in range(20):
        ledger.add(chunk(number, MAX_KEPT_BYTES // 10))
    assert ledger.after(9) is None
    assert len(ledger.after(10) or ()) == 10


def test_a_message_that_could_not_be_sent_is_taken_back() -> None:
    ledger = Ledger()
    ledger.add(chunk(0))
    ledger.add(chunk(1))
    ledger.take_back(chunk(1))
    ledger.take_back(Ping("1"))
    assert (ledger.sent, ledger.after(0)) == (1, [chunk(0)])
