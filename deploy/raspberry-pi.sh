#!/bin/sh
# Lays Sotto onto a fresh Raspberry Pi OS (or Debian 12 and newer), and brings it up to date when it is
# run again. Settings in /etc/sotto are left as they are.
set -eu

PREFIX="${PREFIX:-/opt/sotto}"
ETC="${ETC:-/etc/sotto}"
UNITS="${UNITS:-/etc/systemd/system}"
BIN="${BIN:-/usr/local/bin}"
MADE="Written by raspberry-pi.sh of Sotto."
ROLE=satellite
# Never by name: the program that the package index calls sotto is another one.
FROM="$(cd "$(dirname "$0")/.." && pwd)"
RUN=

usage() {
    cat <<END
Usage: sudo sh raspberry-pi.sh [satellite|hub] [--from WHERE] [--dry-run]

  satellite    ears and voice of a room (the default)
  hub          the hub of the household
  --from WHERE a wheel, or a folder with the sources; else the one that this script lies in
  --dry-run    only show what would be done
END
}

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf 'raspberry-pi.sh: %s\n' "$*" >&2
    exit 1
}
# For root it is the service's: its settings, accounts and models, as its own user.
hub_command() {
    cat <<END
#!/bin/sh
# $MADE
[ "\$(id -u)" = 0 ] || exec "$PREFIX/bin/sotto-hub" "\$@"
umask 077
cd /var/lib/sotto-hub 2>/dev/null || cd /
exec runuser -u sotto-hub -- env HOME=/var/lib/sotto-hub XDG_DATA_HOME=/var/lib/sotto-hub \\
    XDG_STATE_HOME=/var/lib/sotto-hub XDG_CACHE_HOME=/var/cache/sotto-hub \\
    XDG_CONFIG_HOME=$(dirname "$ETC") "$PREFIX/bin/sotto-hub" "\$@"
END
}
do_() { if [ -n "$RUN" ]; then printf '  %s\n' "$*"; else "$@"; fi; }

while [ $# -gt 0 ]; do
    case "$1" in
    satellite | hub) ROLE="$1" ;;
    --from)
        [ $# -ge 2 ] || fail "--from needs a wheel or a folder"
        FROM="$2"
        shift
        ;;
    --dry-run) RUN=no ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        fail "there is no '$1'"
        ;;
    esac
    shift
done
SERVICE="sotto-$ROLE"
[ -f "$FROM" ] || [ -f "$FROM/pyproject.toml" ] ||
    fail "there is neither a wheel nor a folder with the sources at $FROM: say --from WHERE"
case "$FROM" in
/* | ./* | ../*) ;;
*) FROM="./$FROM" ;; # what pip takes for a path, and not for a name
esac

[ -n "$RUN" ] || [ "$(id -u)" = 0 ] || fail "it installs for the whole machine: run it with sudo"
command -v apt-get >/dev/null || fail "this is no Raspberry Pi OS and no Debian: there is no apt-get"
case "$(uname -m)" in
aarch64 | x86_64) ;;
*) fail "$(uname -m) is not supported: install the 64-bit Raspberry Pi OS" ;;
esac

say "Packages of the system"
PACKAGES="python3-venv"
[ "$ROLE" = hub ] || PACKAGES="$PACKAGES libportaudio2"
MISSING=
for package in $PACKAGES; do
    dpkg -s "$package" >/dev/null 2>&1 || MISSING="$MISSING $package"
done
if [ -n "$MISSING" ]; then
    do_ apt-get update -qq
    # shellcheck disable=SC2086
    do_ env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $MISSING
else
    echo "  all there"
fi
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 3.11 is needed: Raspberry Pi OS 12 (bookworm) or newer has it"

say "A user of its own: $SERVICE"
if id "$SERVICE" >/dev/null 2>&1; then
    echo "  is there"
else
    do_ useradd --system --user-group --home-dir / --shell /usr/sbin/nologin "$SERVICE"
fi

say "Sotto in $PREFIX"
[ -x "$PREFIX/bin/python" ] || do_ python3 -m venv "$PREFIX"
# No cache: a card of 8 GB is soon full.
do_ "$PREFIX/bin/pip" install --quiet --no-cache-dir --upgrade "${FROM}[$ROLE]"
do_ install -d -m 0755 "$ETC"
# So that `sotto-satellite doctor` is found, with sudo and without.
if [ -e "$BIN/$SERVICE" ] && [ ! -L "$BIN/$SERVICE" ] && ! grep -qs "$MADE" "$BIN/$SERVICE"; then
    echo "  $BIN/$SERVICE is another program and stays; this one is $PREFIX/bin/$SERVICE"
elif [ "$ROLE" = satellite ]; then
    do_ ln -sfn "$PREFIX/bin/$SERVICE" "$BIN/$SERVICE"
elif [ -n "$RUN" ]; then
    hub_command | sed 's/^/  /'
else
    rm -f "$BIN/$SERVICE"
    hub_command >"$BIN/$SERVICE"
    chmod 0755 "$BIN/$SERVICE"
fi

if [ "$ROLE" = hub ]; then
    say "Settings and service"
    if [ ! -e "$ETC/hub.toml" ] && [ -z "$RUN" ]; then
        (
            umask 077
            "$PREFIX/bin/sotto-hub" token >"$ETC/hub.token"
            printf '# What can be set: docs/settings.md\n\n[satellites]\ntoken_file = "%s"\n' \
                "$ETC/hub.token" >"$ETC/hub.toml"
        )
        chown "$SERVICE:$SERVICE" "$ETC/hub.toml" "$ETC/hub.token"
        echo "  The token for satellites is in $ETC/hub.token."
    fi
    do_ install -m 0644 "$PREFIX/share/sotto/systemd/$SERVICE.service" "$UNITS/$SERVICE.service"
    [ "$PREFIX" = /opt/sotto ] || do_ sed -i "s#/opt/sotto/#$PREFIX/#" "$UNITS/$SERVICE.service"
    if [ -d /run/systemd/system ]; then
        do_ systemctl daemon-reload
        do_ systemctl enable "$SERVICE"
        do_ systemctl restart "$SERVICE"
    fi
elif [ -e "$UNITS/$SERVICE.service" ]; then
    say "The service is renewed, and starts anew"
    # What it starts, and with which settings, stays.
    START="$(grep '^ExecStart=' "$UNITS/$SERVICE.service")"
    do_ install -m 0644 "$PREFIX/share/sotto/systemd/$SERVICE.service" "$UNITS/$SERVICE.service"
    do_ sed -i "s#^ExecStart=.*#$START#" "$UNITS/$SERVICE.service"
    [ ! -d /run/systemd/system ] || do_ systemctl daemon-reload
    [ ! -d /run/systemd/system ] || do_ systemctl restart "$SERVICE"
elif [ -t 0 ]; then
    say "Now a few questions"
    do_ "$PREFIX/bin/sotto-satellite" setup --config "$ETC/satellite.toml"
else
    echo "Now run: sudo $PREFIX/bin/sotto-satellite setup"
fi
say "Done"
