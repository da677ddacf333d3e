# record --check: the verdict with the recording, and what is kept of it.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
export TMPDIR="$E2E_WORK/tmp"
mkdir "$TMPDIR"

kept() {
	ls "$TMPDIR" | wc -l
}

# Nothing found: nothing is kept, but what -o names.
expect 0 pool "$threadline" record --check -- "$bin/worker_pool"
grep -q '^0 errors, 0 warnings' pool.out || fail "no report: $(cat pool.out)"
[ "$(kept)" = 0 ] || fail "a trace without findings was kept"
expect 0 asked "$threadline" record --check -o asked -- "$bin/worker_pool"
[ -d asked ] || fail "the trace that -o asks for was not kept"
says asked "threadline view asked"

# Findings: 1, and the trace is kept and named.
expect 1 leaky "$threadline" record --check -- "$bin/leaky_iterator" 3
[ "$(kept)" = 1 ] || fail "a trace with findings was not kept"
says leaky "trace: $TMPDIR/threadline-"
expect 1 again "$threadline" check "$TMPDIR"/threadline-*
rm -r "$TMPDIR"/threadline-*

# The command's own failure says more than the check's.
expect 9 nine "$threadline" record --check -o nine -- sh -c "'$bin/leaky_iterator' 3; exit 9"
grep -q '2 warnings' nine.out || fail "no report when the command fails"
expect 143 term "$threadline" record --check -- sh -c 'kill -TERM $$'

# Whatever check says counts: 3 keeps nothing, and what dies of a signal could not check.
mkdir alone
cp "$bin/threadline-record" alone/
printf '#!/bin/sh\ncase "$*" in "check --list-rules" | count*) exit 0 ;; esac\n%s\n' '$VERDICT' >alone/threadline
chmod +x alone/threadline
expect 3 weak env VERDICT='exit 3' ./alone/threadline-record --check -- true
[ "$(kept)" = 0 ] || fail "a trace without findings was kept: $(ls "$TMPDIR")"
expect 2 died env VERDICT='eval kill -KILL $$' ./alone/threadline-record --check -- true
[ "$(kept)" = 1 ] || fail "a trace that could not be checked was not kept"
rm -r "$TMPDIR"/threadline-*

# The check's options, and its report in a file, apart from what the command prints.
expect 1 report "$threadline" record --check --format json --rule resource-leak --report report.json -o R -- "$bin/leaky_iterator" 3
grep -q '"rule": "resource-leak"' report.json || fail "no report in the file"
grep -q never-unblocked report.json && fail "--rule was not handed on"
grep -q 'rule' report.out && fail "the report went to stdout as well"
expect 0 never "$threadline" record --check --fail-on never -- "$bin/leaky_iterator" 3

# What is wrong with them is told before the command runs.
expect 125 format "$threadline" record --check --format pdf -o N1 -- touch ran
says format "there is no format 'pdf'"
expect 125 alone "$threadline" record --format json -o N2 -- touch ran
says alone "is for --check"
expect 125 file "$threadline" record --check --report no/such/folder/file -o N3 -- touch ran
says file "--report: cannot write"
expect 125 ignore "$threadline" record --check --ignore none -o N4 -- touch ran
says ignore "none"
[ ! -e ran ] || fail "the command ran in spite of a bad option"
for folder in N*; do
	[ ! -e "$folder" ] || fail "$folder was left behind"
done
nothing_left
