import os
import subprocess
import sys
from pathlib import Path

import pytest

# ONNX Runtime keeps quiet by itself where it is tested.
TESTING = ("CI", "ORT_RUNNING_UNIT_TESTS", "GITHUB_ACTIONS", "TF_BUILD")


@pytest.mark.parametrize(
    "program",
    [
        "from audio.vad import SileroVad; SileroVad()",
        "import hub, onnxruntime; onnxruntime.SessionOptions()",
        "import hub.engines.worker_process, onnxruntime; onnxruntime.SessionOptions()",
        "import satellite.app, onnxruntime; onnxruntime.SessionOptions()",
    ],
)
def test_no_library_numbers_the_machine_or_tells_its_maker(tmp_path: Path, program: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in TESTING}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": "", "ORT_DISABLE_TELEMETRY": "0"}
    subprocess.run([sys.executable, "-c", program], env=environment | home, check=True, timeout=60)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_engines_in_processes_of_their_own_are_told_so_too() -> None:
    tell = "import os, hub; print(os.environ['ORT_DISABLE_TELEMETRY'], os.environ['DO_NOT_TRACK'])"
    done = subprocess.run(
        [sys.executable, "-c", tell], capture_output=True, check=True, text=True, timeout=60
    )
    assert done.stdout.split() == ["1", "1"]
