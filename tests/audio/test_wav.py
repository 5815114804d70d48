"""WAV files as they are written: read by another's reader, and by our own."""

import io
import wave

from audio import wav

SOUND = bytes(range(200))


def test_a_file_is_one_to_another_reader_and_to_ours() -> None:
    content = wav.encode(22_050, SOUND)
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        assert file.readframes(1000) == SOUND
    assert wav.decode(content) == (22_050, SOUND)


def test_a_file_that_has_no_end_yet_is_read_as_far_as_it_goes() -> None:
    assert wav.decode(wav.header(16_000) + SOUND) == (16_000, SOUND)
