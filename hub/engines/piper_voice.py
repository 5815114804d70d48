# SPDX-License-Identifier: GPL-3.0-or-later
#
# This file alone is free software under the GNU General Public License, version 3 or any later
# version (LICENSES/GPL-3.0-or-later.txt), because it imports Piper, which is. It comes without any
# warranty. It is a program of its own and imports nothing of Sotto; Sotto imports nothing of it,
# but starts it and talks to it over pipes. See docs/decisions/0009-piper.md.
"""Speaks with Piper's voices: requests on standard input, audio on standard output.

    python piper_voice.py THREADS cpu|cuda

One request is a line of JSON; its answer is a line of JSON and `bytes` bytes of audio (PCM, 16 bit,
little-endian, mono). The first line out has no request: `{"ok": true}` once Piper is there.

    {"do": "load", "model": PATH}             -> {"ok", "rate", "speakers": {NAME: ID}, "count"}
    {"do": "say", "model": PATH, "text", "words": [WORD, ...], "speaker": ID or null, "speed"}
                                              -> {"ok", "rate", "bytes", "phonemes", "alone"}

`phonemes` is [[phoneme, samples], ...] from the start of the audio, empty where the voice does not
tell; `alone` has each word's phonemes, if the words of the phonemes are not as many as `words`. An
error is `{"ok": false, "code", "text"}`, of code "bad-request" where only this voice is at fault,
and with "kind", "file" and "why" where it is one that is known.
The end of the input ends the program at once.
"""

import importlib
import json
import os
import queue
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

MAX_VOICES = 4
"""Loaded at the same time; the one that was not used for longest goes."""

_CONTROL = {"^", "$", "_"}


class Failure(Exception):
    """What goes back in place of an answer."""

    def __init__(self, code: str, kind: str, file: str, why: str) -> None:
        super().__init__(f"{kind}: {file} ({why})")
        self.code = code
        self.about = {"kind": kind, "file": file, "why": why}


class Voices:
    """Piper's voices, loaded as they are asked for."""

    def __init__(self, threads: int, *, cuda: bool) -> None:
        try:
            self._piper: Any = importlib.import_module("piper")
            self._onnxruntime: Any = importlib.import_module("onnxruntime")
        except ImportError as error:
            raise Failure("engine-missing", "no-piper", sys.executable, str(error)) from error
        self._threads = threads
        self._providers = ["CUDAExecutionProvider"] if cuda else ["CPUExecutionProvider"]
        self._loaded: OrderedDict[str, Any] = OrderedDict()

    def load(self, model: str) -> dict[str, Any]:
        """Load a voice and say what it is."""
        config = self._voice(model).config
        return {
            "rate": config.sample_rate,
            "speakers": dict(config.speaker_id_map),
            "count": config.num_speakers,
        }

    def say(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Speak a text."""
        voice = self._voice(request["model"])
        values = self._piper.SynthesisConfig(
            speaker_id=request["speaker"],
            length_scale=voice.config.length_scale / request["speed"],
        )
        audio: list[bytes] = []
        phonemes: list[list[Any]] = []
        aligned = True
        for chunk in voice.synthesize(request["text"], values, include_alignments=True):
            audio.append(chunk.audio_int16_bytes)
            aligned = aligned and bool(chunk.phoneme_alignments)
            if phonemes:
                phonemes.append([" ", 0])
            phonemes += [
                ["" if part.phoneme in _CONTROL else part.phoneme, int(part.num_samples)]
                for part in chunk.phoneme_alignments or ()
            ]
        sound = b"".join(audio)
        header: dict[str, Any] = {
            "rate": voice.config.sample_rate,
            "bytes": len(sound),
            "phonemes": [],
            "alone": [],
        }
        if aligned:
            header["phonemes"] = phonemes
            spaces = sum(phoneme == " " for phoneme, _ in phonemes)
            if spaces + 1 != len(request["words"]):
                header["alone"] = [self._alone(voice, word) for word in request["words"]]
        return header, sound

    def _alone(self, voice: Any, word: str) -> str:
        return "".join(part for sentence in voice.phonemize(word) for part in sentence)

    def _voice(self, model: str) -> Any:
        if model in self._loaded:
            self._loaded.move_to_end(model)
            return self._loaded[model]
        voice = self._read(Path(model))
        self._loaded[model] = voice
        while len(self._loaded) > MAX_VOICES:
            self._loaded.popitem(last=False)
        return voice

    def _read(self, model: Path) -> Any:
        """Load a voice with few threads: Piper's own loading takes every core."""
        described = model.with_name(f"{model.name}.json")
        for path in (model, described):
            if not path.is_file():
                raise Failure("bad-request", "voice-missing", str(path), "there is no such file")
        try:
            config = self._piper.config.PiperConfig.from_dict(
                json.loads(described.read_text(encoding="utf-8"))
            )
            options = self._onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            session = self._onnxruntime.InferenceSession(
                _with_times(model), options, providers=self._providers
            )
            return self._piper.PiperVoice(session=session, config=config)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise Failure("bad-request", "voice-damaged", str(model), why) from error


def _with_times(model: Path) -> bytes:
    """Return the voice's graph, made to give its phonemes' durations if it can be."""
    data = model.read_bytes()
    try:
        onnx = importlib.import_module("onnx")
        patch = importlib.import_module("piper.patch_voice_with_alignment")
        graph = onnx.load_from_string(data)
        patch.add_alignment_output(graph)
        patched: bytes = graph.SerializeToString()
    except (ImportError, ValueError):
        return data  # it gives them already, or none are to be had
    return patched


def _answer(voices: Voices, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if request["do"] == "load":
        return voices.load(request["model"]), b""
    return voices.say(request)


def main() -> None:
    """Answer requests until the input ends."""
    del sys.path[0]  # this file's folder: what lies beside it is not meant to be imported
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    requests: queue.Queue[bytes] = queue.Queue(maxsize=16)

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(line)
        os._exit(0)  # nobody listens any more, not even to what is being made

    def write(header: dict[str, Any], sound: bytes = b"") -> None:
        try:
            output.write(json.dumps(header).encode() + b"\n" + sound)
            output.flush()
        except BrokenPipeError:
            os._exit(0)  # an orderly end would wait for the thread that reads

    try:
        voices = Voices(int(sys.argv[1]), cuda=sys.argv[2] == "cuda")
    except Failure as failure:
        write({"ok": False, "code": failure.code, "text": str(failure), **failure.about})
        return
    threading.Thread(target=read, daemon=True).start()
    write({"ok": True})
    while True:
        try:
            header, sound = _answer(voices, json.loads(requests.get()))
            write({"ok": True, **header}, sound)
        except Failure as failure:
            write({"ok": False, "code": failure.code, "text": str(failure), **failure.about})
        except Exception as error:  # noqa: BLE001 - a voice may fail in any way
            text = f"{type(error).__name__}: {error}"
            write({"ok": False, "code": "engine-failed", "text": text})


if __name__ == "__main__":
    main()
