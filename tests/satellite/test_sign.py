import pytest

from satellite import events
from satellite.sign import Sign, SignFollower
from satellite.state import State


def follower(*happened: events.Event) -> Sign:
    signs = SignFollower()
    for event in happened:
        signs.follow(event)
    return signs.sign


def state(name: State) -> events.StateChanged:
    return events.StateChanged(0.0, name, State.IDLE)


MUTED = events.Muted(0.0, True)
RINGING = events.Ringing(0.0, True, "tea")


def test_until_there_is_a_hub_it_is_disconnected() -> None:
    assert follower() is Sign.DISCONNECTED


@pytest.mark.parametrize("name", list(State))
def test_every_state_has_its_sign(name: State) -> None:
    expected = {"waking": "listening"}.get(name.value, name.value)
    assert follower(state(name)) == expected


@pytest.mark.parametrize("name", [State.IDLE, State.DISCONNECTED])
def test_that_the_microphone_is_off_is_seen_with_a_hub_and_without(name: State) -> None:
    assert follower(state(name), MUTED) is Sign.MUTED
    assert follower(state(name), MUTED, events.Muted(1.0, False)) == name.value


def test_an_answer_is_seen_though_the_microphone_is_off() -> None:
    assert follower(MUTED, state(State.SPEAKING)) is Sign.SPEAKING
    assert follower(MUTED, state(State.SPEAKING), state(State.IDLE)) is Sign.MUTED


@pytest.mark.parametrize("code", ["no-microphone", "microphone-lost", "no-speaker", "speaker-lost"])
def test_a_device_that_is_away_is_seen_until_it_is_back(code: str) -> None:
    gone = events.Failed(0.0, code, "it is unplugged")
    kind = "speaker" if "speaker" in code else "microphone"
    back = events.DeviceOpened(1.0, kind, "USB")
    assert follower(gone) is Sign.TROUBLE
    assert follower(state(State.IDLE), gone) is Sign.TROUBLE
    assert follower(state(State.IDLE), gone, MUTED) is Sign.MUTED
    assert follower(state(State.SPEAKING), gone) is Sign.SPEAKING
    assert follower(state(State.IDLE), gone, back) is Sign.IDLE
    other = events.DeviceOpened(1.0, "speaker" if kind == "microphone" else "microphone", "USB")
    assert follower(state(State.IDLE), gone, other) is Sign.TROUBLE


def test_what_rings_is_seen_before_all_else_until_it_is_stopped() -> None:
    assert follower(MUTED, state(State.SPEAKING), RINGING) is Sign.RINGING
    assert follower(MUTED, state(State.IDLE), RINGING, events.Ringing(1.0, False)) is Sign.MUTED


def test_a_conversation_is_seen_though_the_hub_rings() -> None:
    assert follower(RINGING, state(State.IDLE)) is Sign.RINGING
    assert follower(RINGING, state(State.LISTENING)) is Sign.LISTENING


def test_a_wake_word_that_can_not_be_used_is_seen_until_it_can() -> None:
    missing = events.WakeWords(1.0, (), ("hey_hal",))
    assert follower(state(State.IDLE), missing) is Sign.TROUBLE
    assert follower(state(State.LISTENING), missing) is Sign.LISTENING
    found = events.WakeWords(2.0, ("hey_hal",), ())
    assert follower(state(State.IDLE), missing, found) is Sign.IDLE


@pytest.mark.parametrize(
    ("code", "well"),
    [
        ("not-kept", events.KeptAgain(1.0)),
        ("no-pins", events.DeviceOpened(1.0, "button", "/dev/gpiochip0 17")),
    ],
)
def test_a_full_disk_and_a_button_that_can_not_be_had_are_seen_until_all_is_well(
    code: str, well: events.Event
) -> None:
    failed = events.Failed(0.0, code, "why")
    assert follower(state(State.IDLE), failed) is Sign.TROUBLE
    assert follower(state(State.IDLE), failed, well) is Sign.IDLE
