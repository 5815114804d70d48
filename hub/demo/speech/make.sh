#!/bin/sh
# Makes the demo's commands with flite (free software; Debian: apt install flite) and its voice slt.
# The file names are the words.
set -eu
cd "$(dirname "$0")"
for words in "turn on the bed light" "set the kitchen lights to blue" "open the garage door"; do
    flite -voice slt -t "$words" -o "$(echo "$words" | tr ' ' '-').wav"
done
