#!/bin/sh
# Renders the example photographs into this folder: povray and libjpeg-turbo-progs are needed, and some minutes.
# render.sh [WIDTH]
set -eu
cd "$(dirname "$0")"
width=${1:-1280}
stone=0
for name in emerald peridot ruby aquamarine topaz diamond bangle ring; do
    stone=$((stone + 1))
    povray +Igems.pov +O"$name.ppm" +FP Declare=Stone=$stone +W"$width" +H$((width * 3 / 4)) +A0.3 +AM1 +R2 -J -D -GA
    cjpeg -quality 88 -optimize -outfile "$name.jpg" "$name.ppm"
    rm "$name.ppm"
done
