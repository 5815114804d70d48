"""Proves that all that `sotto[satellite]` needs installs on a 64-bit Raspberry Pi as wheels.

pip resolves the requirements for that platform and Python 3.11 from ready-made wheels alone, and
installs nothing. Exit code 0: it can be done; 1: it can not; 2: no index can be reached.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

GLIBC = 36
"""Raspberry Pi OS 12 has glibc 2.36, and takes wheels for any older one since 2.17."""
PLATFORMS = [f"manylinux_2_{minor}_aarch64" for minor in range(GLIBC, 16, -1)]
PLATFORMS.append("manylinux2014_aarch64")
PYTHON = "3.11"
LIMIT_S = 300.0
_UNREACHABLE = ("NewConnectionError", "Temporary failure in name resolution", "No route to host")


def requirements(pyproject: Path, extra: str) -> list[str]:
    """Return what the distribution and one of its extras require."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"][extra]]


def resolve(wanted: list[str]) -> tuple[int, str]:
    """Return the exit code, and the wheels or what is wrong."""
    command = [
        *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed"),
        *("--only-binary=:all:", "--python-version", PYTHON, "--implementation", "cp"),
        *(f"--platform={platform}" for platform in PLATFORMS),
        *("--target", "/nonexistent", "--report", "-", *wanted),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    if done.returncode == 0:
        found = [
            f"{one['metadata']['name']} {one['metadata']['version']}"
            for one in json.loads(done.stdout)["install"]
        ]
        return 0, "\n".join(sorted(found, key=str.lower))
    unreachable = any(sign in done.stderr for sign in _UNREACHABLE)
    return (2 if unreachable else 1), done.stderr.strip()


def main() -> int:
    """Print what was found."""
    extra = sys.argv[1] if len(sys.argv) > 1 else "satellite"
    code, text = resolve(requirements(Path(__file__).parents[1] / "pyproject.toml", extra))
    sys.stdout.write(text + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
