import os

import pytest

from hub.engines.hardware import (
    CudaDevice,
    Machine,
    WhisperChoice,
    WhisperRow,
    choose_whisper,
    inspect_machine,
    parse_nvidia_smi,
    whisper_choices,
)

GIB = 1024**3
FAST = frozenset({"sse2", "avx2"})
SLOW = frozenset({"sse2"})


def machine(cores: int, gib: float, features: frozenset[str] = FAST, *gpus_gib: float) -> Machine:
    cuda = tuple(CudaDevice("gpu", int(memory * GIB)) for memory in gpus_gib)
    return Machine(cores, int(gib * GIB), "x86_64", features, cuda)


@pytest.mark.parametrize(
    ("cores", "gib", "features", "model"),
    [
        (1, 1, FAST, "tiny"),
        (2, 2, FAST, "base"),
        (2, 1, FAST, "tiny"),
        (4, 8, FAST, "small"),
        (4, 2, FAST, "base"),
        (4, 8, SLOW, "base"),
        (8, 8, SLOW, "small"),
        (16, 32, FAST, "large-v3-turbo"),
        (16, 8, FAST, "small"),
        (4, 8, frozenset(), "small"),
    ],
)
def test_a_machine_without_gpu_gets_what_its_cores_and_memory_carry(
    cores: int, gib: float, features: frozenset[str], model: str
) -> None:
    assert choose_whisper(machine(cores, gib, features)) == WhisperChoice(model, "int8", "cpu")


@pytest.mark.parametrize(
    ("gpu_gib", "choice"),
    [
        (24, WhisperChoice("large-v3", "float16", "cuda")),
        (8, WhisperChoice("large-v3-turbo", "float16", "cuda")),
        (4, WhisperChoice("large-v3-turbo", "int8_float16", "cuda")),
        (2, WhisperChoice("small", "int8_float16", "cuda")),
        (1, WhisperChoice("base", "int8", "cpu")),
        (0, WhisperChoice("base", "int8", "cpu")),
    ],
)
def test_a_gpu_gets_what_its_memory_holds(gpu_gib: float, choice: WhisperChoice) -> None:
    assert choose_whisper(machine(2, 8, FAST, gpu_gib)) == choice


def test_the_larger_of_two_gpus_counts() -> None:
    assert choose_whisper(machine(2, 8, FAST, 2, 24)).model == "large-v3"


def test_all_that_a_machine_can_run_is_listed_best_first() -> None:
    names = [choice.model for choice in whisper_choices(machine(4, 8))]
    assert names == ["small", "base", "tiny"]


def test_another_table_overrides_the_choice() -> None:
    mine = WhisperRow(WhisperChoice("my-model", "float32", "cpu"), 0)
    assert choose_whisper(machine(1, 1), [mine]) == mine.choice


def test_a_machine_below_every_line_gets_the_last_one() -> None:
    demanding = WhisperRow(WhisperChoice("big", "int8", "cpu"), 64 * GIB)
    assert choose_whisper(machine(1, 1), [demanding]).model == "big"


def test_lines_of_nvidia_smi_become_devices() -> None:
    output = "NVIDIA GeForce RTX 3060, 12288\nOdd, Name, 8192\nno memory, [N/A]\n\nbroken\n"
    assert parse_nvidia_smi(output) == (
        CudaDevice("NVIDIA GeForce RTX 3060", 12288 * 1024**2),
        CudaDevice("Odd, Name", 8192 * 1024**2),
    )


def test_this_machine_is_seen() -> None:
    seen = inspect_machine()
    assert 1 <= seen.cores <= (os.cpu_count() or 1)
    assert 64 * 1024**2 < seen.memory_bytes <= 1024**5
    assert seen.architecture == os.uname().machine
    assert choose_whisper(seen).model
