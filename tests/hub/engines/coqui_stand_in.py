"""Stands in for coqui-tts where it is not installed: the names and signatures that are used.

Signatures are those of TTS/api.py, TTS/utils/synthesizer.py and TTS/utils/manage.py of 0.28. A
voice is a folder with a config.json of the same form; what it says is a hum.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

RATE_HZ = 16_000
PAD_SILENCE_SAMPLES = 10_000
_SAMPLES_A_CHARACTER = 800
_WEIGHTS = b"hum"


class TTS:
    def __init__(
        self,
        model_name: str = "",
        *,
        model_path: str | None = None,
        config_path: str | None = None,
        progress_bar: bool = True,
        gpu: bool = False,
    ) -> None:
        assert model_path is not None, "models with a name are asked for in ModelManager first"
        assert config_path is not None
        if Path(model_path).read_bytes() != _WEIGHTS:
            raise EOFError("these are no weights")
        config = json.loads(Path(config_path).read_text("utf-8"))
        self.speakers: list[str] | None = config["speakers"] or None
        self.languages: list[str] | None = config["languages"] or None
        self.synthesizer = SimpleNamespace(
            output_sample_rate=config["audio"]["sample_rate"],
            tts_model=SimpleNamespace(length_scale=1.0, inference=lambda x: None),
        )

    def to(self, device: str) -> "TTS":
        assert device == "cpu"
        return self

    def tts(  # noqa: PLR0917 - as the library has it
        self,
        text: str,
        speaker: str | None = None,
        language: str | None = None,
        speaker_wav: str | None = None,
        emotion: str | None = None,
        split_sentences: bool = True,
        **kwargs: Any,
    ) -> list[float]:
        if self.languages and language is None:
            raise ValueError("Model is multi-lingual but no `language` is provided.")
        if not self.speakers and speaker is not None:
            raise ValueError("Model is not multi-speaker but `speaker` is provided.")
        if not self.languages and language is not None:
            raise ValueError("Model is not multi-lingual but `language` is provided.")
        length = self.synthesizer.tts_model.length_scale
        samples = int(len(text) * _SAMPLES_A_CHARACTER * length)
        return [0.1] * samples + [0] * PAD_SILENCE_SAMPLES


class ModelManager:
    models_dict: ClassVar[dict[str, Any]] = {
        "tts_models": {
            "en": {"ljspeech": {"vits": {"license": "apache 2.0", "default_vocoder": None}}},
            "multilingual": {
                "multi-dataset": {"xtts_v2": {"license": "CPML", "tos_required": True}}
            },
        }
    }
    output_prefix = Path("/nonexistent")

    def __init__(self, models_file: Any = None, progress_bar: bool = False) -> None:
        pass

    @staticmethod
    def tos_agreed(model_item: dict[str, Any], model_full_path: Path) -> bool:
        return not model_item.get("tos_required")


def modules() -> dict[str, ModuleType]:
    """Return what to put in sys.modules."""
    made = {
        name: ModuleType(name)
        for name in ("TTS", "TTS.api", "TTS.utils", "TTS.utils.manage", "TTS.utils.synthesizer")
    }
    vars(made["TTS"])["api"] = made["TTS.api"]
    vars(made["TTS.api"])["TTS"] = TTS
    vars(made["TTS.utils.manage"])["ModelManager"] = ModelManager
    vars(made["TTS.utils.synthesizer"])["PAD_SILENCE_SAMPLES"] = PAD_SILENCE_SAMPLES
    return made


def make_stand_in(
    folder: Path, *, speakers: Sequence[str] = (), languages: Sequence[str] = ()
) -> Path:
    """Write a voice; return its folder."""
    folder.mkdir(parents=True)
    config = {"model": "vits", "audio": {"sample_rate": RATE_HZ},
              "speakers": list(speakers), "languages": list(languages)}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    (folder / "model.pth").write_bytes(_WEIGHTS)
    return folder
