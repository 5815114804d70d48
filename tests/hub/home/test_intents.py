import pytest

from hub.home.intents import MAX_TEXT_CHARS, IntentRecognizer, LanguageUnsupported
from hub.home.model import Area, AreaId, Device, DeviceId, Home
from tests.hub.home.small_home import KITCHEN, recognizer, small_home, understood


def test_a_command_with_a_name() -> None:
    match = understood("turn on the bed light")
    assert match.intent == "HassTurnOn"
    assert match.slots["name"] == "Bed Light"
    assert match.domains == ("light",)
    assert match.response == "default"
    assert not match.here


def test_an_alias_names_the_device_too() -> None:
    assert understood("turn on the night light").slots["name"] == "Night Light"


def test_a_command_with_a_room() -> None:
    match = understood("turn off all of the office lights")
    assert match.slots["area"] == "office"
    assert match.slots["domain"] == "light"
    assert not match.here


def test_an_alias_names_the_room_too() -> None:
    assert understood("turn on the study lights").slots["area"] == "office"


def test_here_is_the_room_of_whoever_speaks() -> None:
    match = understood("turn off the lights in here", KITCHEN)
    assert match.slots["area"] == "kitchen"
    assert match.here


def test_without_a_room_here_means_nothing() -> None:
    assert recognizer().recognize("turn off the lights in here", area=None) is None


def test_a_name_wins_over_a_kind() -> None:
    assert understood("open the garage door").slots["name"] == "Garage Door"


def test_numbers_are_numbers_in_digits_and_in_words() -> None:
    for text in ("set bed light brightness to 75 percent", "set bed light brightness to 75%"):
        assert understood(text).slots["brightness"] == 75
    match = understood("set bed light brightness to seventy five percent")
    assert match.slots["brightness"] == 75
    assert isinstance(match.slots["brightness"], int)


@pytest.mark.parametrize(
    "text", ["Turn on the Bed Light.", "TURN ON THE BED LIGHT", "turn on bed light please!"]
)
def test_case_punctuation_and_courtesy_do_not_matter(text: str) -> None:
    assert understood(text).slots["name"] == "Bed Light"


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("set the kitchen lights to blue", {"area": "kitchen", "color": "blue"}),
        ("set color of the kitchen lights to blue", {"area": "kitchen", "color": "blue"}),
        ("set the lights in the kitchen to red", {"area": "kitchen", "color": "red"}),
        ("set the office lights to 30 percent", {"area": "office", "brightness": 30}),
        ("set brightness of the office lights to 30%", {"area": "office", "brightness": 30}),
        ("dim the lights to 20 percent", {"area": "kitchen", "brightness": 20}),
    ],
)
def test_our_own_sentences_are_understood(text: str, slots: dict[str, object]) -> None:
    match = understood(text)
    assert match.intent == "HassLightSet"
    assert {key: match.slots[key] for key in slots} == slots
    assert match.slots["domain"] == "light"


@pytest.mark.parametrize(
    "text",
    ["", "   ", "the weather was nice yesterday and so was the food", "turn", "kitchen", "💡",
     "turn on the dishwasher", "x" * (MAX_TEXT_CHARS + 1),
     "turn on the bed light" + " please" * 60],
)  # fmt: skip
def test_what_is_no_command_means_nothing(text: str) -> None:
    assert recognizer().recognize(text, area=KITCHEN) is None


def test_recognising_changes_nothing() -> None:
    home = small_home()
    version = home.version
    assert IntentRecognizer(home).recognize("turn on the bed light", area=None) is not None
    assert home.version == version


def test_new_names_are_understood_at_once() -> None:
    home = Home()
    recognizer = IntentRecognizer(home)
    assert recognizer.recognize("turn on the toaster", area=None) is None
    home.put(Device(DeviceId("t"), "Toaster", "switch"))
    assert recognizer.recognize("turn on the toaster", area=None) is not None
    home.remove(DeviceId("t"))
    assert recognizer.recognize("turn on the toaster", area=None) is None


def test_new_rooms_are_understood_at_once() -> None:
    home = small_home()
    recognizer = IntentRecognizer(home)
    assert recognizer.recognize("turn on the attic lights", area=None) is None
    home.put_area(Area(AreaId("a"), "Attic"))
    assert recognizer.recognize("turn on the attic lights", area=None) is not None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lamp/Desk", "lamp desk"),
        ("Lampe 💡", "lampe"),
        ("🛋\ufe0f Sofa 1\ufe0f\u20e3", "sofa 1"),
        ("Tom's Lamp", "tom's lamp"),
        ("Lamp (left)", "lamp left"),
        ("TV_Plug-2", "tv plug 2"),
        ("{area}", "area"),
        ("[the] <light>", "the light"),
        ("Büro", "büro"),
        ("مصباح", "مصباح"),
    ],
)
def test_names_with_odd_characters_are_said_without_them(name: str, said: str) -> None:
    home = Home()
    home.put(Device(DeviceId("x"), name, "switch"))
    match = IntentRecognizer(home).recognize(f"turn on {said}", area=None)
    assert match is not None
    assert match.slots["name"] == name


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [
        ("en", "The Lantern", "turn on lantern"),
        ("en", "The Lantern", "turn on the lantern"),
        ("fr", "La Veilleuse", "allume la veilleuse"),
        ("fr", "L'Abat-jour", "allume l'abat-jour"),
        ("de", "Die Laterne", "schalte die Laterne ein"),
        ("de", "Die Laterne", "schalte Laterne ein"),
        ("es", "El Farol", "enciende el farol"),
    ],
)
def test_a_name_with_an_article_is_said_with_it_and_without(
    language: str, name: str, text: str
) -> None:
    home = Home()
    home.put(Device(DeviceId("x"), name, "light"))
    match = IntentRecognizer(home, language).recognize(text, area=None)
    assert match is not None
    assert match.slots["name"] == name


def test_what_is_no_device_can_be_named_too_and_newly() -> None:
    lists = [("Groceries", "todo")]
    recognizer = IntentRecognizer(Home(), also_named=lambda: lists)
    match = recognizer.recognize("add milk to my groceries list", area=None)
    assert match is not None
    assert (match.intent, match.slots["name"]) == ("HassListAddItem", "Groceries")
    lists.append(("Gifts", "todo"))
    assert recognizer.recognize("add a book to my gifts list", area=None) is not None


@pytest.mark.parametrize("name", ["💡", "///", " "])
def test_a_name_that_can_not_be_said_harms_nobody(name: str) -> None:
    home = small_home()
    home.put(Device(DeviceId("x"), name, "switch"))
    match = IntentRecognizer(home).recognize("turn on the bed light", area=None)
    assert match is not None


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("de", "schalte Bed Light ein", "HassTurnOn"),
        ("fr", "allume Bed Light", "HassTurnOn"),
        ("es", "enciende Bed Light", "HassTurnOn"),
        ("nl", "zet Bed Light aan", "HassTurnOn"),
    ],
)
def test_other_languages_are_understood(language: str, text: str, intent: str) -> None:
    assert understood(text, language=language).intent == intent


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("en-GB", "en"), ("de-CH", "de-CH"), ("pt-BR", "pt-BR")]
)
def test_a_language_tag_finds_its_sentences(tag: str, language: str) -> None:
    assert IntentRecognizer(Home(), tag).language == language


@pytest.mark.parametrize("tag", ["xx", "", "../../etc/passwd", "en/../de"])
def test_a_language_without_sentences_is_refused(tag: str) -> None:
    with pytest.raises(LanguageUnsupported):
        IntentRecognizer(Home(), tag)


def test_warming_up_leaves_nothing_to_parse() -> None:
    recognizer = IntentRecognizer(small_home())
    recognizer.warm_up()
    sentences = [
        sentence
        for intent in recognizer._intents.intents.values()
        for data in intent.data
        for sentence in data.__dict__.get("sentences", ())
    ]
    assert len(sentences) > 800
