from pathlib import Path

import pocketsphinx
import pytest

from hub.engines.pronounce import MAX_READINGS, Pronouncer, arpabet, spelled

CMU = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
PHONES = {
    *("AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH"),
    *("IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH"),
    *("UW", "V", "W", "Y", "Z", "ZH"),
}


@pytest.fixture(scope="module")
def pronouncer() -> Pronouncer:
    return Pronouncer(CMU)


def test_known_words_are_read_as_the_dictionary_says(pronouncer: Pronouncer) -> None:
    readings = pronouncer.readings(["kitchen", "the"])
    assert readings == {"kitchen": ("K IH CH AH N",), "the": ("DH AH", "DH IY")}


@pytest.mark.parametrize(
    "name",
    [
        *("EcoBee", "Wohnzimmer", "Zigbee2MQTT", "Ikea", "Tradfri", "Küche", "Großes", "café"),
        *("fp2", "Shelly1PM", "3D", "2", "(2)", "dad's", "wi-fi", "mqtt", "Žižkov", "Ørsted"),
    ],
)
def test_names_that_no_dictionary_has_are_read_all_the_same(
    pronouncer: Pronouncer, name: str
) -> None:
    readings = pronouncer.readings([name])[name]
    assert readings
    assert {phone for reading in readings for phone in reading.split()} <= PHONES


def test_joined_names_are_read_by_their_parts(pronouncer: Pronouncer) -> None:
    bee = pronouncer.readings(["bee"])["bee"][0]
    assert all(reading.endswith(bee) for reading in pronouncer.readings(["EcoBee"])["EcoBee"])


def test_initialisms_can_be_spelled_and_read(pronouncer: Pronouncer) -> None:
    assert pronouncer.readings(["LED"])["LED"] == ("L EH D", spelled("led"))
    assert spelled("NAS") == "EH N EY EH S"


def test_vowels_that_many_speakers_merge_have_both_readings(pronouncer: Pronouncer) -> None:
    readings = pronouncer.readings(["off", "door"])
    assert readings["off"][:2] == ("AO F", "AA F")
    assert readings["door"] == ("D AO R",)


def test_a_word_has_no_more_readings_than_the_search_can_bear(tmp_path: Path) -> None:
    dictionary = tmp_path / "many.dict"
    vowels = ("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER")
    lines = [f"hut{f'({n})' if n else ''} HH {vowel} T" for n, vowel in enumerate(vowels)]
    dictionary.write_text("\n".join(lines))
    assert len(Pronouncer(dictionary).readings(["hut"])["hut"]) == MAX_READINGS


def test_what_has_no_sound_has_no_reading(pronouncer: Pronouncer) -> None:
    assert pronouncer.readings(["💡", "--"]) == {"💡": (), "--": ()}


def test_readings_are_remembered(tmp_path: Path) -> None:
    dictionary = tmp_path / "small.dict"
    dictionary.write_text("lamp L AE M P\n")
    pronouncer = Pronouncer(dictionary)
    first = pronouncer.readings(["lamp"])
    dictionary.unlink()
    assert pronouncer.readings(["lamp"]) == first


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("kˈɪtʃən", "K IH CH AH N"),
        ("vˈoːntsˌɪmɜ", "V OW N T S IH M ER"),
        ("bɔ̃ʒˈuʁ", "B AO N ZH UW R"),
        ("ˈ ː", ""),
    ],
)
def test_sounds_become_english_phones(ipa: str, phones: str) -> None:
    assert arpabet(ipa) == phones
