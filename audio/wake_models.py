"""Which wake words there are: those of the packages, and the owner's own in a folder.

A folder holds microWakeWord models (NAME.json beside its .tflite) and openWakeWord models
(NAME.tflite alone).
"""

import difflib
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

TRIAL_S = 20.0
"""A model that takes longer to load and hear a second of silence is none for a satellite."""
MOST_BYTES = 8 << 20
_PARTS = frozenset({"melspectrogram", "embedding_model"})
"""openWakeWord's own networks, which stand beside its words."""
_MARK = b"TFL3"
"""At byte 4 of every TensorFlow Lite file: the identifier of its FlatBuffer."""


class WakeWordError(ValueError):
    """A wake word is unknown or its model can not be read; the text names what there is."""


@dataclass(frozen=True, slots=True)
class WakeModel:
    """One wake word that can be had."""

    name: str
    phrase: str
    """What is said."""
    kind: Literal["micro", "open"]
    """microWakeWord, or openWakeWord, which takes 30 times as long to compute."""
    file: Path
    """The .json of microWakeWord, the .tflite of openWakeWord."""
    own: bool = False
    """Whether it is the owner's."""
    problem: str = ""
    """Why it can not be used, as far as its description tells."""


def available(folder: Path | None = None) -> dict[str, WakeModel]:
    """Return the wake words by name; the owner's are stronger than those of the packages."""
    found: dict[str, WakeModel] = {}
    for models in (_packaged("pyopen_wakeword", _open), _packaged("pymicro_wakeword", _micro)):
        found |= {model.name: model for model in models}
    if folder is not None:
        found |= {model.name: model for model in _own(folder.expanduser())}
    return dict(sorted(found.items()))


def find(name: str, known: Mapping[str, WakeModel]) -> WakeModel:
    """Return a wake word's model. Raises WakeWordError, which names what there is."""
    if name in known:
        if known[name].problem:
            raise WakeWordError(known[name].problem)
        return known[name]
    near = difflib.get_close_matches(name.lower().replace(" ", "_"), known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise WakeWordError(f"There is no wake word {name!r}.{hint} There are: {', '.join(known)}.")


def check(model: WakeModel) -> None:
    """Look whether an own model can be used. Raises WakeWordError.

    TensorFlow Lite crashes on files that are damaged: it is loaded by another process first.
    """
    file = model.file
    if model.kind == "micro":
        file = file.parent / _config(file)["model"]
    try:
        with file.open("rb") as opened:
            head = opened.read(8)
        size = file.stat().st_size
    except OSError as error:
        raise WakeWordError(f"{file}: {error.strerror}") from error
    if head[4:] != _MARK:
        raise WakeWordError(f"{file} is no TensorFlow Lite model.")
    if size > MOST_BYTES:
        raise WakeWordError(f"{file} is larger than {MOST_BYTES >> 20} MB: that is no wake word.")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "audio.wake_trial", model.kind, str(model.file)],
            capture_output=True,
            timeout=TRIAL_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise WakeWordError(f"{file} takes over {TRIAL_S:g} s to load.") from error
    if done.returncode != 0:
        raise WakeWordError(f"{file} can not be used: its network does not run.")


def _packaged(package: str, read: Callable[[Path], WakeModel | None]) -> Iterable[WakeModel]:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return
    for file in sorted((Path(spec.origin).parent / "models").iterdir()):
        made = read(file)
        if made is not None:
            yield made


def _own(folder: Path) -> Iterable[WakeModel]:
    try:
        files = sorted(folder.iterdir())
    except OSError as error:
        raise WakeWordError(f"The folder of wake words {folder}: {error.strerror}.") from error
    described: set[str] = set()
    for file in files:
        if file.suffix != ".json":
            continue
        try:
            config = _config(file)
            described.add(config["model"])
            yield WakeModel(file.stem, config["wake_word"], "micro", file, own=True)
        except WakeWordError as error:  # one that makes no sense takes none of the others away
            described.add(f"{file.stem}.tflite")
            yield WakeModel(file.stem, "", "micro", file, own=True, problem=str(error))
    for file in files:
        made = _open(file, own=True)
        if made is not None and file.name not in described:
            yield made


def _micro(file: Path) -> WakeModel | None:
    if file.suffix != ".json":
        return None
    return WakeModel(file.stem, _config(file)["wake_word"], "micro", file)


def _open(file: Path, *, own: bool = False) -> WakeModel | None:
    if file.suffix != ".tflite" or file.stem in _PARTS:
        return None
    return WakeModel(file.stem, file.stem.replace("_", " "), "open", file, own)


def _config(file: Path) -> dict[str, str]:
    """Return what a .json of microWakeWord says, checked. Raises WakeWordError."""
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
        model, phrase = config["model"], config["wake_word"]
        micro = config["micro"]
        float(micro["probability_cutoff"]), int(micro["sliding_window_size"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WakeWordError(
            f"{file} does not describe a microWakeWord model ({error!r})."
        ) from error
    if not isinstance(phrase, str) or not isinstance(model, str) or "/" in model:
        raise WakeWordError(f"{file} does not describe a microWakeWord model.")
    return {"model": model, "wake_word": phrase}
