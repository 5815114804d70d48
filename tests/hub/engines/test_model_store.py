"""The folder of models without a network: finding, checking, removing, sharing."""

import hashlib
from pathlib import Path

import pytest

from hub.engines.base import EngineError
from hub.engines.model_lock import model_lock
from hub.engines.model_manifest import FileRecord, Manifest, read_manifest, write_manifest
from hub.engines.model_store import ModelStore

VOICE = "en_US-lessac-medium"
FILES = {f"{VOICE}.onnx": b"voice", f"{VOICE}.onnx.json": b"{}"}


def put_voice(store: ModelStore, *, manifest: bool = True) -> Path:
    folder = store.folder / "piper"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    if manifest:
        records = [FileRecord(name, len(content), hashlib.sha256(content).hexdigest())
                   for name, content in FILES.items()]  # fmt: skip
        told = Manifest(f"piper/{VOICE}", "rhasspy/piper-voices", "0" * 40, tuple(records))
        write_manifest(folder / f"{VOICE}.manifest.json", told)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def test_nothing_is_there_at_first_and_looking_makes_no_folder(store: ModelStore) -> None:
    assert store.find("whisper/base") is None
    assert store.installed() == []
    with pytest.raises(EngineError, match="not here"):
        store.verify("whisper/base")
    with pytest.raises(EngineError, match="not here"):
        store.remove("whisper/base")
    assert not store.folder.exists()


def test_a_copy_of_the_folder_is_as_good_as_the_folder(store: ModelStore, tmp_path: Path) -> None:
    put_voice(store)
    copied = ModelStore(store.folder.rename(tmp_path / "elsewhere"))
    assert copied.find(f"piper/{VOICE}") == tmp_path / "elsewhere" / "piper" / f"{VOICE}.onnx"
    assert copied.verify(f"piper/{VOICE}") == []


def test_models_that_were_put_there_by_hand_are_told_apart(store: ModelStore) -> None:
    put_voice(store, manifest=False)
    for name in ("config.json", "tokenizer.json", "vocabulary.txt", "model.bin"):
        path = store.folder / "whisper" / "somebody" / "mine" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
    (store.folder / "whisper" / "notes").mkdir()
    (store.folder / "piper" / "something.onnx").write_bytes(b"")
    assert [(each.name, each.size_bytes, each.checked) for each in store.installed()] == [
        (f"piper/{VOICE}", 7, False),
        ("whisper/somebody/mine", 20, False),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"vojce", "another content"), (b"voi", "3 bytes, not 5"), (None, "missing")],
)
def test_what_is_not_as_it_came_is_found(
    content: bytes | None, words: str, store: ModelStore
) -> None:
    path = put_voice(store) / f"{VOICE}.onnx"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    (finding,) = store.verify(f"piper/{VOICE}")
    assert words in finding
    assert path.name in finding


def test_verifying_tells_how_much_it_has_read(store: ModelStore) -> None:
    put_voice(store)
    read: list[int] = []
    store.verify(f"piper/{VOICE}", read.append)
    assert sum(read) == 7


def test_a_file_that_is_too_short_is_no_model(store: ModelStore) -> None:
    (put_voice(store) / f"{VOICE}.onnx").write_bytes(b"voi")
    assert store.find(f"piper/{VOICE}") is None


def test_removing_leaves_what_is_not_the_models(store: ModelStore) -> None:
    folder = put_voice(store)
    others = [folder / f"{VOICE}.txt", folder / "en_US-ryan-high.onnx"]
    for other in others:
        other.write_bytes(b"mine")
    (folder / f".{VOICE}.onnx.0123456789ab.partial").write_bytes(b"half")
    store.remove(f"piper/{VOICE}")
    assert sorted(folder.iterdir()) == sorted(others)


def test_a_model_that_is_being_fetched_is_not_removed(store: ModelStore) -> None:
    folder = put_voice(store)
    with model_lock(store.folder, f"piper/{VOICE}") as free:
        assert free
        with pytest.raises(EngineError, match="being fetched") as busy:
            store.remove(f"piper/{VOICE}")
    assert busy.value.code == "engine-busy"
    assert (folder / f"{VOICE}.onnx").is_file()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"model": "m", "repository": "r", "revision": "v", "files": []}',
        b'{"model": "m", "repository": "r", "revision": "v", "files": [{"name": "a"}]}',
        b'{"model": "m", "repository": "r", "revision": "v", "files": [{"name": "../../a", '
        b'"size_bytes": 1, "sha256": "%s"}]}' % (b"0" * 64),
    ],
)
def test_a_manifest_that_can_not_be_used_is_none(content: bytes, store: ModelStore) -> None:
    folder = put_voice(store, manifest=False)
    outside = store.folder.parent / "a"
    outside.write_bytes(b"x")
    (folder / f"{VOICE}.manifest.json").write_bytes(content)
    assert read_manifest(folder / f"{VOICE}.manifest.json") is None
    store.remove(f"piper/{VOICE}")
    assert outside.is_file()
