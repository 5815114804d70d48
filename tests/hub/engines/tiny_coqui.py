"""Makes tiny VITS voices with Coqui's own classes, without anybody's weights."""

import json
import warnings
from collections.abc import Sequence
from pathlib import Path

RATE_HZ = 16_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_SIGNS = " .,!?'"


def make_coqui(
    folder: Path, *, speakers: Sequence[str] = (), languages: Sequence[str] = ()
) -> Path:
    """Write a random voice as model.pth and config.json; return its folder."""
    import torch
    from TTS.config.shared_configs import BaseAudioConfig
    from TTS.tts.configs.shared_configs import CharactersConfig
    from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
    from TTS.tts.models.vits import Vits

    folder.mkdir(parents=True)
    torch.manual_seed(1)
    arguments = VitsArgs(
        hidden_channels=8,
        hidden_channels_ffn_text_encoder=16,
        num_heads_text_encoder=2,
        num_layers_text_encoder=1,
        num_layers_posterior_encoder=1,
        num_layers_flow=1,
        upsample_initial_channel_decoder=16,
        resblock_kernel_sizes_decoder=[3],
        resblock_dilation_sizes_decoder=[[1, 3]],
        resblock_type_decoder="2",
        use_sdp=False,
        init_discriminator=False,
        use_speaker_embedding=bool(speakers),
        speaker_embedding_channels=8,
        speakers_file=_numbered(folder / "speakers.json", speakers),
        use_language_embedding=bool(languages),
        language_ids_file=_numbered(folder / "languages.json", languages),
    )
    characters = CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters",
        pad="_",
        eos="",
        bos="",
        blank="",
        characters=_LETTERS,
        punctuations=_SIGNS,
    )
    config = VitsConfig(
        model_args=arguments,
        audio=BaseAudioConfig(sample_rate=RATE_HZ, do_trim_silence=False),
        use_phonemes=False,
        text_cleaner="basic_cleaners",
        characters=characters,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        voice = Vits(config)
    voice.duration_predictor.proj.bias.data.fill_(1.5)  # e^1.5 frames of 256 samples a sound
    voice.config.save_json(str(folder / "config.json"))
    torch.save({"model": voice.state_dict()}, folder / "model.pth")
    return folder


def _numbered(file: Path, names: Sequence[str]) -> str | None:
    """Write which number each name has; return the file, if there are any."""
    if not names:
        return None
    file.write_text(json.dumps({name: number for number, name in enumerate(names)}), "utf-8")
    return str(file)
