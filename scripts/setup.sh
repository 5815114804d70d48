#!/bin/sh
# Makes the environment in $VENV: uv where it is there, plain venv and pip otherwise.
set -eu
VENV="${VENV:-.venv}"
EXTRAS="hub,piper,satellite,dev"

find_python() {
    for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

if ! python=$(find_python); then
    echo "Sotto needs Python 3.11, 3.12 or 3.13. Install one (on Debian: apt install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11" >&2
    exit 1
fi

echo "Setting up $VENV (the first time takes a minute or two) ..."
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --allow-existing --python "$python" "$VENV"
    uv pip install --quiet --python "$VENV/bin/python" --constraint constraints.txt --editable ".[$EXTRAS]"
else
    if ! "$python" -m venv "$VENV"; then
        echo "Python's venv module is missing. On Debian: apt install python3-venv" >&2
        exit 1
    fi
    "$VENV/bin/python" -m pip install --disable-pip-version-check --progress-bar on --quiet \
        --constraint constraints.txt --editable ".[$EXTRAS]"
fi
echo "Ready."
