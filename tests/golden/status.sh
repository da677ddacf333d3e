#!/bin/sh
# status.sh THREADLINE: the exit status and the complaint of every kind of outcome.
threadline=$1
cd "$(dirname "$0")" || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
bad=0

# expect STATUS TEXT ARGUMENT...: check's (or $command's) exit status, and a text on stderr ("": nothing)
command=check
expect() {
	wanted=$1 text=$2
	shift 2
	"$threadline" $command "$@" >"$work/out" 2>"$work/err"
	got=$?
	if [ "$got" != "$wanted" ]; then
		echo "$command $*: status $got, not $wanted"
		bad=1
	fi
	if [ -n "$text" ] && ! grep -qF -e "$text" "$work/err"; then
		echo "$command $*: does not say '$text' but: $(cat "$work/err")"
		bad=1
	fi
	if [ -z "$text" ] && [ -s "$work/err" ]; then
		echo "$command $*: complains: $(cat "$work/err")"
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
expect 2 "did you mean 'never-unblocked'" --rule unblocked lists/story.txt
expect 2 "'unblock-before-block'" --rule unblock lists/story.txt
expect 2 "there is no format 'pdf'; there are text, json" --format pdf lists/story.txt
expect 0 "" --fail-on never lists/story.txt
expect 3 "" --fail-on never lists/lossy.txt
expect 2 "auto, always or never" --color red lists/story.txt
expect 0 "" --explain lost-wakeup
expect 2 "did you mean 'lost-wakeup'" --explain lost-wakup

# A window: what lies in it fails, and nothing else.
expect 1 "" --from 0 --to 1s lists/story.txt
expect 0 "" --from 400us --to 500us lists/story.txt
expect 1 "" --from 330us --rule unblock-before-block lists/story.txt
expect 0 "" --from 331us --rule unblock-before-block lists/story.txt
expect 1 "" --to 310us --rule unblock-before-block lists/story.txt
expect 0 "" --to 309us --rule unblock-before-block lists/story.txt
expect 1 "" --from 1970-01-01T00:00:00.000310Z --to 1970-01-01T00:00:00.0004Z --fail-on error lists/story.txt
expect 2 "not 'soon'" --from soon lists/story.txt
expect 2 "must not be after" --from 2s --to 1s lists/story.txt

# Suppressions: each needs a reason and something known to suppress, and is told when it is of no use.
suppress() {
	printf '%s\n' "$@" >"$work/ignore"
}
all='never-unblocked task="thread *" reason=meant'
suppress "# all three" "$all" 'resource-leak object=iterator reason=meant' '' '	unblock-before-block reason = no'
expect 2 "ignore:5: this suppression" --ignore "$work/ignore" lists/story.txt
suppress "$all" 'resource-leak object=iterator reason=meant' 'unblock-before-block task=fiber reason=meant'
expect 0 "" --ignore "$work/ignore" lists/story.txt
cp "$work/ignore" "$work/all"
suppress "$all" 'resource-leak object=file reason=meant'
expect 1 "ignore:2: this suppression of resource-leak was not used" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak object=file reason=meant'
expect 0 "" --rule trace-gap --ignore "$work/ignore" lists/story.txt
suppress "$all" 'resource-leak function=main reason=meant'
expect 1 "ignore:2:" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leek reason=x'
expect 2 "there is no rule 'resource-leek'; did you mean 'resource-leak'" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak object=iterator'
expect 2 "end the line with reason=" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak object=iterator reason='
expect 2 "end the line with reason=" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak thread=x reason=y'
expect 2 "there is no condition 'thread'" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak x reason=y'
expect 2 "write NAME=VALUE" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak task="x reason=y'
expect 2 "is not closed" --ignore "$work/ignore" lists/story.txt
suppress 'resource-leak task= reason=y'
expect 2 "task is empty" --ignore "$work/ignore" lists/story.txt
expect 2 "No such file" --ignore "$work/none" lists/story.txt

# A baseline: what it knows does not fail, what is new does.
"$threadline" check --format json lists/story.txt >"$work/base"
expect 0 "" --baseline "$work/base" lists/story.txt
"$threadline" check --format json --rule resource-leak lists/story.txt >"$work/less"
expect 1 "" --baseline "$work/less" lists/story.txt
expect 0 "" --baseline "$work/less" --rule resource-leak lists/story.txt
# What was suppressed when it was made is not known from it.
"$threadline" check --format json --ignore "$work/all" lists/story.txt >"$work/suppressed"
expect 1 "" --baseline "$work/suppressed" lists/story.txt
# What was only told for information then may fail now.
sed 's/"severity": "warning"/"severity": "info"/' "$work/base" >"$work/idle"
expect 1 "" --baseline "$work/idle" lists/story.txt
expect 0 "" --baseline "$work/idle" --fail-on error lists/story.txt
sed 's/"severity": "warning"/"severity": "error"/' "$work/base" >"$work/worse"
expect 0 "" --baseline "$work/worse" lists/story.txt
echo '{"findings": [{"rule": "x"}]}' >"$work/old"
expect 2 "has no fingerprint" --baseline "$work/old" lists/story.txt
echo '{' >"$work/cut"
expect 2 "the baseline $work/cut cannot be used" --baseline "$work/cut" lists/story.txt
echo '[]' >"$work/list"
expect 2 "is not what" --baseline "$work/list" lists/story.txt
expect 2 "No such file" --baseline "$work/none" lists/story.txt

# Colour only where it is wanted.
escape=$(printf '\033')
colour() {
	"$threadline" check --color "$1" lists/story.txt | grep -q "$escape"
}
colour always || { echo "--color always: no colour"; bad=1; }
colour auto && { echo "--color auto: colour in a pipe"; bad=1; }
if command -v script >/dev/null; then
	terminal() {
		script -qec "$1 '$threadline' check $2 lists/story.txt" /dev/null </dev/null | grep -q "$escape"
	}
	terminal "env -u NO_COLOR" "" || { echo "no colour on a terminal"; bad=1; }
	terminal "env NO_COLOR=" "" || { echo "an empty NO_COLOR takes the colour"; bad=1; }
	terminal "env NO_COLOR=1" "" && { echo "NO_COLOR: colour"; bad=1; }
	terminal "env NO_COLOR=1" "--color always" || { echo "NO_COLOR beats --color always"; bad=1; }
	terminal "env -u NO_COLOR" "--color never" && { echo "--color never: colour on a terminal"; bad=1; }
	terminal "env -u NO_COLOR" "--format github" && { echo "colour in annotations"; bad=1; }
fi
colour never && { echo "--color never: colour"; bad=1; }
expect 2 "there is no severity" --fail-on fatal lists/story.txt
expect 2 "$work/nothing" "$work/nothing"
for told in 'junit <error ' 'sarif "executionSuccessful": false' 'json "complete": false' 'github ::error '; do
	expect 2 "$work/nothing" --format "${told%% *}" "$work/nothing"
	grep -qF -e "${told#* }" "$work/out" || { echo "${told%% *}: a trace that is not there is not told"; bad=1; }
done
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

# Report says what there is: its status is about the trace, not about findings.
command=report
expect 0 "" lists/story.txt
expect 0 "" lists/lossy.txt
expect 0 "" "$work/empty"
expect 0 "" --help
expect 0 "" --from 1970-01-01T00:00:00Z --to 1s --top 3 --tasks 2 lists/story.txt
expect 0 "" --from 5s lists/story.txt
expect 2 "which trace?"
expect 2 "only one trace" a b
expect 2 "there is no format 'pdf'; there are text, json, folded, prometheus" --format pdf lists/story.txt
expect 2 "not 'soon'" --from soon lists/story.txt
expect 2 "must not be after" --from 2s --to 1s lists/story.txt
expect 2 "number of rows, not '-1'" --top -1 lists/story.txt
expect 2 "number of rows, not 'x'" --tasks x lists/story.txt
expect 2 "threadline report --help" --nonsense lists/story.txt
expect 2 "$work/nothing" "$work/nothing"
expect 2 "bad:1" "$work/bad"
expect 2 "broken:" "$work/broken"
expect 2 "folder" "$work/folder"
"$threadline" report lists/story.txt >/dev/full 2>"$work/err" && { echo "report: a full disk is not told"; bad=1; }

if [ -d "$THREADLINE_SHARED/traces" ]; then
	command=check
	for trace in "$THREADLINE_SHARED"/traces/babeltrace/succeed/* "$THREADLINE_SHARED"/traces/tracecompass/*; do
		case $trace in
		# Of a kernel's scheduler: real, and nothing is wrong in them.
		*/lttng-tracefile-rotation | */many-threads) expect 0 "" "$trace" ;;
		*) expect 3 "" "$trace" ;;
		esac
	done
	"$threadline" check "$THREADLINE_SHARED/traces/tracecompass/many-threads" |
		grep -q '^kernel trace: 58398 .* of 8058 threads in 21 processes' || {
		echo "many-threads: the kernel trace is not told"
		bad=1
	}
	for trace in "$THREADLINE_SHARED"/traces/babeltrace/fail/*; do
		command=check
		expect 2 "threadline check: " "$trace"
		command=report
		expect 2 "threadline report: " "$trace"
	done
	expect 0 "" "$THREADLINE_SHARED/traces/tracecompass/hello-lost"
	"$threadline" check "$THREADLINE_SHARED/traces/tracecompass/hello-lost" | grep -q '967700 events lost' || {
		echo "hello-lost: the loss is not told"
		bad=1
	}
else
	echo "the shared traces are not here: skipped"
fi
exit $bad
