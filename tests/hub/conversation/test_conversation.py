import pytest

from hub.conversation.conversation import IDLE_LIMIT_S, MAX_CONVERSATIONS, Conversations


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def conversations(clock: Clock) -> Conversations:
    return Conversations(clock)


def test_within_the_limit_the_same_conversation_goes_on(
    conversations: Conversations, clock: Clock
) -> None:
    first = conversations.here("Kitchen")
    clock.now += IDLE_LIMIT_S
    assert conversations.here("Kitchen") is first
    clock.now += IDLE_LIMIT_S
    assert conversations.here("Kitchen") is first


def test_after_the_limit_a_new_one_begins_that_knows_nothing_of_the_old(
    conversations: Conversations, clock: Clock
) -> None:
    first = conversations.here("Kitchen")
    first.history.add_user("hello", 1, clock.now)
    clock.now += IDLE_LIMIT_S + 0.1
    second = conversations.here("Kitchen")
    assert second is not first
    assert second.id != first.id
    assert len(second.history) == 0
    assert len(conversations) == 1


def test_what_is_said_in_a_turn_keeps_its_conversation_alive(
    conversations: Conversations, clock: Clock
) -> None:
    first = conversations.here("Kitchen")
    clock.now += 100
    first.used_at = clock.now
    clock.now += 100
    assert conversations.here("Kitchen") is first


def test_rooms_and_persons_have_conversations_of_their_own(conversations: Conversations) -> None:
    found = [
        conversations.here(room, person)
        for room in ("Kitchen", "Hall")
        for person in (None, "ann", "bob")
    ]
    assert len({conversation.id for conversation in found}) == 6
    assert conversations.here("Hall", "ann") is found[4]


def test_a_conversation_that_is_handed_over_goes_on_there_and_is_over_here(
    conversations: Conversations,
) -> None:
    kitchen = conversations.here("Kitchen")
    kitchen.history.add_user("tell me a story", 1, 0.0)
    hall = conversations.here("Hall")
    conversations.hand_over(kitchen, "Hall")
    assert conversations.here("Hall") is kitchen
    assert kitchen.room == "Hall"
    assert conversations.here("Kitchen") not in (kitchen, hall)
    assert conversations.join(hall.id) is None


def test_handing_over_to_the_same_room_changes_nothing(conversations: Conversations) -> None:
    kitchen = conversations.here("Kitchen")
    conversations.hand_over(kitchen, "Kitchen")
    assert conversations.here("Kitchen") is kitchen
    assert len(conversations) == 1


def test_a_conversation_is_joined_by_its_id_until_it_is_over(
    conversations: Conversations, clock: Clock
) -> None:
    kitchen = conversations.here("Kitchen")
    assert conversations.join(kitchen.id) is kitchen
    assert conversations.join("c999") is None
    clock.now += IDLE_LIMIT_S + 0.1
    assert conversations.join(kitchen.id) is None


def test_of_too_many_conversations_the_one_that_rested_longest_is_forgotten(
    conversations: Conversations, clock: Clock
) -> None:
    found = []
    for number in range(MAX_CONVERSATIONS):
        clock.now += 0.01
        found.append(conversations.here(f"room {number}"))
    found[0].used_at = clock.now
    conversations.here("one more")
    assert len(conversations) == MAX_CONVERSATIONS
    assert conversations.join(found[1].id) is None


def test_the_pauses_of_a_speaker_are_kept_longer_than_a_conversation(
    conversations: Conversations, clock: Clock
) -> None:
    pauses = conversations.pauses("Kitchen")
    pauses.observe(700)
    clock.now += 10 * IDLE_LIMIT_S
    assert conversations.pauses("Kitchen") is pauses
    assert conversations.pauses("Hall") is not pauses


def test_of_too_many_speakers_the_oldest_is_forgotten(conversations: Conversations) -> None:
    first = conversations.pauses("speaker 0")
    kept = conversations.pauses("speaker 1")
    for number in range(2, MAX_CONVERSATIONS + 1):
        conversations.pauses(f"speaker {number}")
    assert conversations.pauses("speaker 1") is kept
    assert conversations.pauses("speaker 0") is not first
