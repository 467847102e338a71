#!/usr/bin/env bash
# watched.sh SECONDS COMMAND...: runs the tests as COMMAND. When they have not ended after SECONDS, says which had begun
# and not ended, ends them, and fails. Without it a test that waits for ever says nothing: its name is kept in a buffer.
set -uo pipefail
seconds=$1
shift
folder=$(mktemp -d)

# A session of its own, so that what the tests started can be ended with them.
mkfifo "$folder/pipe"
tee "$folder/output" <"$folder/pipe" &
printer=$!
setsid stdbuf -oL "$@" >"$folder/pipe" 2>&1 </dev/null &
tests=$!
trap 'pkill -KILL -s $tests; rm -rf "$folder"' EXIT
(
    trap 'kill $! 2>/dev/null; exit' TERM
    sleep "$seconds" &
    wait $!
    touch "$folder/late"
    for process in $(pgrep -s "$tests" -f xctest); do
        # Where every thread stands, as far as the machine can tell.
        gdb -p "$process" -batch -ex 'thread apply all bt 12' 2>/dev/null | grep -E '^(Thread|#)' >>"$folder/threads"
    done
    pkill -KILL -s "$tests"
) &
watcher=$!
wait $tests
status=$?
kill $watcher 2>/dev/null
# What is left of them would hold the pipe open.
pkill -KILL -s $tests
wait $printer

if [ -e "$folder/late" ]; then
    [ -s "$folder/threads" ] && cat "$folder/threads"
    echo "tests: not ended after $seconds s; begun and not ended:"
    sed -n 's/^◇ Test \(".*"\|[^ ]*()\) started\.$/\1/p' "$folder/output" | sort >"$folder/begun"
    sed -n 's/^[✔✘➜] Test \(".*"\|[^ ]*()\) .*after .*$/\1/p' "$folder/output" | sed 's/" with [0-9]* test cases$/"/' | sort >"$folder/ended"
    comm -23 "$folder/begun" "$folder/ended"
    exit 1
fi
exit $status
