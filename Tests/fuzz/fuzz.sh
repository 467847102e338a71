#!/usr/bin/env bash
# fuzz.sh [SECONDS [PARSER…]]: builds the parsers watched by libFuzzer and runs each for so long (60 s by default).
# An input that crashes, costs more than a second, or 64 MB more than the program at rest is kept in
# .build-fuzz/findings and ends the run with an error.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
clang=$(dirname "$(readlink -f "$(command -v swiftc)")")/../lib/clang
library=$(find -L "$clang" -name 'libclang_rt.fuzzer_no_main*.a' | grep -E "$(uname -m)|linux" | head -n 1)
[ -n "$library" ] || { echo "fuzz.sh: this Swift toolchain has no libFuzzer below $clang" >&2; exit 1; }
export GEMD_FUZZ=$library
swift build --scratch-path .build-fuzz --product fuzz
fuzz=$(pwd)/.build-fuzz/debug/fuzz

vectors=$(pwd)/docs/vectors/2026-11
seeds=$(pwd)/.build-fuzz/seeds
export GEMD_VECTORS=$vectors GEMD_SEEDS=$seeds
mkdir -p .build-fuzz/corpus .build-fuzz/findings
# Kept between runs: the papers that were found belong to these keys.
[ -d "$seeds" ] || "$fuzz" --seeds "$seeds"
sample() { # sample PARSER FILE…
    local to=$seeds/$1
    shift
    mkdir -p "$to"
    for file in "$@"; do [ ! -f "$file" ] || cp "$file" "$to/$(basename "$(dirname "$file")")-$(basename "$file")"; done
}
sample json "$vectors"/*/*.json
sample cms "$vectors"/*/*.p7s
sample x509 "$vectors"/*/*.pem "$vectors"/*/*.crl
sample timestamp "$vectors"/*/*.tst
sample tlog "$vectors"/*/*.tlog-proof "$vectors"/pki/log.vkey
sample sshsig "$vectors"/*/*.sig "$vectors"/pki/enrolments
sample keys "$vectors"/pki/keys.json

failed=0
for parser in ${*:-$("$fuzz")}; do
    mkdir -p ".build-fuzz/corpus/$parser"
    # What the program takes before the first input: its code, OpenSSL, libFuzzer's tables and the seeds.
    rest=$("$fuzz" "$parser" -runs=0 ".build-fuzz/corpus/$parser" "$seeds/$parser" 2>&1 |
        sed -nE 's/.*INITED.* rss: ([0-9]+)Mb.*/\1/p' | tail -n 1)
    log=.build-fuzz/$parser.log
    if "$fuzz" "$parser" -max_total_time="$seconds" -timeout=1 -rss_limit_mb=$((${rest:-64} + 64)) \
        -max_len=70000 -print_final_stats=1 -artifact_prefix=".build-fuzz/findings/$parser-" \
        ".build-fuzz/corpus/$parser" "$seeds/$parser" >"$log" 2>&1; then
        result=clean
    else
        result="FOUND SOMETHING: see $log"
        failed=1
    fi
    stat() { sed -nE "s/^stat::$1: *([0-9]+).*/\1/p" "$log"; }
    echo "$parser: $(stat number_of_executed_units) inputs in $seconds s, slowest $(stat slowest_unit_time_sec) s," \
        "at most $(stat peak_rss_mb) MB (${rest:-?} at rest), $(ls ".build-fuzz/corpus/$parser" | wc -l) kept: $result"
done
exit $failed
