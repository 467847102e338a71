#!/usr/bin/env bash
# Makes files/nastaliq.woff2: the letters of Urdu out of Noto Nastaliq Urdu (OFL 1.1), for phones that have no Nastaliq.
# Needs fonts-noto-core (Debian) and, from PyPI, fonttools and brotli; run it when the pages need another letter.
set -euo pipefail
cd "$(dirname "$0")"
venv=$(mktemp -d)
trap 'rm -rf "$venv"' EXIT
python3 -m venv "$venv"
"$venv/bin/pip" install -q fonttools==4.60.1 brotli
# All letters and marks of Urdu, its punctuation, both kinds of digits, joiners. Latin comes from the reader's own fonts.
"$venv/bin/pyftsubset" /usr/share/fonts/truetype/noto/NotoNastaliqUrdu-Regular.ttf --layout-features='*' --flavor=woff2 \
    --output-file=files/nastaliq.woff2 --unicodes="U+0020-007E,U+00A0,U+00AB,U+00B7,U+00BB,U+00D7,U+060C,U+061B,U+061F,U+0621-063A,\
U+0640-0652,U+0654,U+0657,U+0670,U+0674,U+0679,U+067E,U+0686,U+0688,U+0691,U+0698,U+06A9,U+06AF,U+06BA,U+06BE,U+06C0-06C3,U+06CC,\
U+06D2-06D4,U+06F0-06F9,U+200C-200F,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026,U+2066-2069"
{
    printf 'Copyright 2015-2020 Google LLC. All Rights Reserved.\nA subset of Noto Nastaliq Urdu, https://github.com/notofonts/nastaliq\n\n'
    printf 'SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007\n\n'
    sed -n '/^ PREAMBLE$/,/^$/p' /usr/share/doc/fonts-noto-core/copyright | sed 's/^ \.$//; s/^ //; $d'
} >files/nastaliq.OFL.txt
test "$(stat -c %s files/nastaliq.woff2)" -lt 150000
