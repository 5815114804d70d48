"""The acoustic model and the comparison with free phones, on the demo's own spoken commands."""

import itertools
import math
import wave
from pathlib import Path

import numpy as np
import pocketsphinx
import pytest

from hub.demo.runner import demo_files
from hub.engines.acoustics import AcousticModel
from hub.engines.base import EngineError
from hub.engines.fit import Comparison, FreePhones, align

FOLDER = Path(pocketsphinx.get_model_path()) / "en-us"
TURN_ON_THE_BED_LIGHT = ("T ER N", "AA N", "DH AH", "B EH D", "L AY T")


@pytest.fixture(scope="module")
def model() -> AcousticModel:
    return AcousticModel(FOLDER / "en-us")


@pytest.fixture(scope="module")
def free(model: AcousticModel) -> FreePhones:
    with (FOLDER / "cmudict-en-us.dict").open(encoding="utf-8") as lines:
        return FreePhones(
            model, [line.split()[1:] for line in itertools.islice(lines, 0, None, 10)]
        )


@pytest.fixture(scope="module")
def bed_light() -> bytes:
    with wave.open(str(demo_files()[0])) as file:
        audio: bytes = file.readframes(file.getnframes())
        return audio


def phones(*words: str) -> list[list[str]]:
    return [word.split() for word in words]


def misfit(model: AcousticModel, free: FreePhones, audio: bytes, words: list[list[str]]) -> float:
    return Comparison(model, free, audio).fit(words).misfit


def test_what_was_said_fits_as_well_as_any_phones_could(
    model: AcousticModel, free: FreePhones, bed_light: bytes
) -> None:
    assert misfit(model, free, bed_light, phones(*TURN_ON_THE_BED_LIGHT)) < 0


@pytest.mark.parametrize(
    "words",
    [
        ("W AH T", "T AY M", "IH Z", "IH T"),
        ("K L OW Z", "DH AH", "G ER AA ZH", "D AO R"),
        ("DH AH", "L AY T", "B EH D", "AA N", "T ER N"),
    ],
)
def test_what_was_not_said_fits_worse(
    model: AcousticModel, free: FreePhones, bed_light: bytes, words: tuple[str, ...]
) -> None:
    said = misfit(model, free, bed_light, phones(*TURN_ON_THE_BED_LIGHT))
    assert misfit(model, free, bed_light, phones(*words)) > max(said + 1.0, 0.8)


def test_loudness_does_not_matter(model: AcousticModel, free: FreePhones, bed_light: bytes) -> None:
    samples = np.frombuffer(bed_light, "<i2")
    quiet = (samples // 8).astype("<i2").tobytes()
    words = phones(*TURN_ON_THE_BED_LIGHT)
    loud = misfit(model, free, bed_light, words)
    assert misfit(model, free, quiet, words) == pytest.approx(loud, abs=0.3)


def test_a_sentence_that_is_too_long_for_the_time_does_not_fit(
    model: AcousticModel, free: FreePhones, bed_light: bytes
) -> None:
    assert math.isinf(misfit(model, free, bed_light[:6400], phones(*TURN_ON_THE_BED_LIGHT * 3)))


def test_words_take_the_time_of_speech_and_silence_the_rest(
    model: AcousticModel, bed_light: bytes
) -> None:
    _, speech = align(model, model.hear(bed_light), phones(*TURN_ON_THE_BED_LIGHT))
    first, last = np.flatnonzero(speech)[[0, -1]]
    loud = np.abs(np.frombuffer(bed_light, "<i2")[: len(speech) * 160].reshape(-1, 160)).max(axis=1)
    assert loud[first : last + 1].sum() > 0.98 * loud.sum()
    assert not speech[0]


@pytest.mark.parametrize("frames", [1, 63, 64, 65, 130])
def test_blocks_do_not_show(model: AcousticModel, bed_light: bytes, frames: int) -> None:
    audio = bed_light[8000:] * 2
    heard = model.hear(audio[: (410 + 160 * (frames - 1)) * 2])
    senones = model.senones(model.number["AY"], model.number["L"], model.number["T"], 0)
    plain = model.senones(model.number["AY"], 255, 255, 0)
    assert heard.frames == frames
    assert heard.of(senones).shape == (frames, 3)
    assert np.allclose(heard.plain()[:, model.number["AY"]], heard.of(plain), atol=1e-2)


def test_a_phone_between_others_has_states_of_its_own(model: AcousticModel) -> None:
    number = model.number
    alone = model.senones(number["AY"], 255, 255, 0)
    assert list(model.senones(number["AY"], number["L"], number["T"], 0)) != list(alone)
    assert set(model.phone_of_senone[alone]) == {number["AY"]}


@pytest.mark.parametrize("broken", ["mdef", "means", "variances", "sendump", "feat.params"])
@pytest.mark.parametrize("content", [None, b"", b"nonsense " * 500])
def test_a_broken_model_is_refused(tmp_path: Path, broken: str, content: bytes | None) -> None:
    for name in ("mdef", "means", "variances", "sendump", "feat.params"):
        if name != broken:
            (tmp_path / name).symlink_to(FOLDER / "en-us" / name)
        elif content is not None:
            (tmp_path / name).write_bytes(content)
    with pytest.raises(EngineError) as caught:
        AcousticModel(tmp_path)
    assert caught.value.code == "engine-missing"
