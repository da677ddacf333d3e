#!/bin/sh
# status.sh THREADLINE: the exit status and the complaint of every kind of outcome.
threadline=$1
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

# expect STATUS TEXT ARGUMENT...: check's exit status, and a text on stderr ("": nothing)
expect() {
	wanted=$1 text=$2
	shift 2
	"$threadline" check "$@" >"$work/out" 2>"$work/err"
	got=$?
	if [ "$got" != "$wanted" ]; then
		echo "check $*: status $got, not $wanted"
		bad=1
	fi
	if [ -n "$text" ] && ! grep -qF -e "$text" "$work/err"; then
		echo "check $*: does not say '$text' but: $(cat "$work/err")"
		bad=1
	fi
	if [ -z "$text" ] && [ -s "$work/err" ]; then
		echo "check $*: complains: $(cat "$work/err")"
		bad=1
	fi
}

expect 1 "" lists/story.txt
expect 0 "" --rule trace-gap lists/story.txt
expect 1 "" --fail-on error lists/story.txt
expect 3 "" lists/lossy.txt
expect 1 "" --fail-on info lists/lossy.txt
expect 0 "" --help
expect 0 "" --list-rules
expect 2 "which trace?"
expect 2 "only one trace" a b
expect 2 "there is no rule 'nonsense'" --rule nonsense lists/story.txt
expect 2 "there is no format" --format pdf lists/story.txt
expect 2 "there is no severity" --fail-on fatal lists/story.txt
expect 2 "$work/nothing" "$work/nothing"
: >"$work/empty"
expect 3 "" "$work/empty"
printf 'not an event\n' >"$work/bad"
expect 2 "bad:1" "$work/bad"
# A loss that nobody could count is a loss.
printf '1 mark task=1\n2 loss events=? cpu0\n3 mark task=1\n' >"$work/uncounted"
expect 3 "" "$work/uncounted"
# What stands before a defect is still reported.
{ cat lists/story.txt && echo nonsense; } >"$work/broken"
expect 2 "broken:" "$work/broken"
mkdir "$work/folder"
expect 2 "folder" "$work/folder"

if [ -d "$THREADLINE_SHARED/traces" ]; then
	for trace in "$THREADLINE_SHARED"/traces/babeltrace/succeed/* "$THREADLINE_SHARED"/traces/tracecompass/*; do
		expect 3 "" "$trace"
	done
	for trace in "$THREADLINE_SHARED"/traces/babeltrace/fail/*; do
		expect 2 "threadline check: " "$trace"
	done
	"$threadline" check "$THREADLINE_SHARED/traces/tracecompass/hello-lost" | grep -q '967700 events lost' || {
		echo "hello-lost: the loss is not told"
		bad=1
	}
else
	echo "the shared traces are not here: skipped"
fi
exit $bad
