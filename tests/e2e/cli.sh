# The command table: help, version, what is not there.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

expect 0 help "$threadline" --help
for command in record view render; do
	grep -q "threadline $command " help.out || fail "--help does not list $command"
done
grep -q "threadline count" help.out && fail "--help lists what is for programs"
expect 0 version "$threadline" --version
grep -q '^threadline [0-9]' version.out || fail "no version: $(cat version.out)"
expect 0 record "$threadline" help record
grep -q -- '--output' record.out || fail "help record does not tell of -o"
expect 0 check "$threadline" help check
for format in text json sarif junit github; do
	grep -q "$format: " check.out || fail "help check does not list the format $format"
done
expect 2 none "$threadline"
expect 2 unknown "$threadline" recrod
says unknown "did you mean 'record'?"
escape=$(printf '\033[31m')
expect 2 escape "$threadline" "x$escape"
grep -qF "$escape" escape.err && fail "an escape sequence reached the terminal"
expect 2 render "$threadline" render T
says render "-o FILE.png"

# A program that was left out of the build is told.
mkdir alone
cp "$threadline" alone/
expect 2 alone ./alone/threadline view T
says alone "threadline-view is missing"

# render hands its options on, with the picture's first.
printf '#!/bin/sh\nprintf "%%s|" "$@"\n' >alone/threadline-view
chmod +x alone/threadline-view
expect 0 handed ./alone/threadline render 'my trace' --size 800x600 -o 'a b.png' --from 1s
[ "$(cat handed.out)" = "--render|a b.png|my trace|--size|800x600|--from|1s|" ] || fail "handed on: $(cat handed.out)"

# count: what a trace holds, and what is none.
expect 0 trace "$threadline" record -o T -- "$bin/leaky_iterator" 7
says trace "of 8 tasks"
expect 0 count "$threadline" count T
grep -q '^events [0-9]* tasks 8 lost 0 ' count.out || fail "count: $(cat count.out)"
expect 2 nothing "$threadline" count alone
