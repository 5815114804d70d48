import pytest

from hub.conversation.handover import destination


@pytest.mark.parametrize(
    ("text", "language", "room"),
    [
        ("continue in the kitchen", "en", "kitchen"),
        ("Continue this in the living room, please.", "en", "living room"),
        ("please go on in the bathroom", "en", "bathroom"),
        ("carry on in the office please", "en", "office"),
        ("move to the bedroom", "en", "bedroom"),
        ("Continue in the Kitchen.", "en-GB", "Kitchen"),
        ("mach in der Küche weiter", "de", "Küche"),
        ("Sprich bitte im Bad weiter!", "de", "Bad"),
        ("continue dans la cuisine", "fr", "cuisine"),
        ("sigue en el salón por favor", "es", "salón"),
    ],
)
def test_the_room_to_continue_in_is_found(text: str, language: str, room: str) -> None:
    assert destination(text, language) == room


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("continue", "en"),
        ("go on", "en"),
        ("turn on the light in the kitchen", "en"),
        ("what goes on in the kitchen", "en"),
        ("can you continue in the kitchen and turn on the light there is one", "de"),
        ("continue in the kitchen", "xx"),
        ("", "en"),
    ],
)
def test_everything_else_asks_for_something_else(text: str, language: str) -> None:
    assert destination(text, language) is None
