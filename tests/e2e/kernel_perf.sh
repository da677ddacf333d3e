#!/bin/sh
# A kernel trace made here and now, as docs/kernel.md says it: perf, converted to CTF.
# Skipped where there is no perf, or where it may not record.
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
command -v perf >/dev/null && command -v pigz >/dev/null || { echo "skipped: no perf, or no pigz"; exit 77; }
head -c 20000000 /dev/zero >"$work/zeros"
perf record -o "$work/data" -a -m 1024 -e \
	sched:sched_switch,sched:sched_waking,sched:sched_wakeup,sched:sched_wakeup_new,sched:sched_process_fork,sched:sched_process_exec,sched:sched_process_exit \
	-- pigz -p 4 -kf "$work/zeros" >"$work/log" 2>&1 || {
	echo "skipped: perf cannot record: $(tail -1 "$work/log")"
	exit 77
}
perf data convert -i "$work/data" --to-ctf="$work/ctf" --all >"$work/log" 2>&1 || {
	echo "skipped: this perf cannot convert: $(tail -1 "$work/log")"
	exit 77
}
fail() {
	echo "$1"
	cat "$work/out" "$work/err"
	exit 1
}

"$THREADLINE_BIN/threadline" check "$work/ctf" >"$work/out" 2>"$work/err"
status=$?
# 3: perf leaves out switches now and then, and the threads' numbers show it.
case $status in
0) ;;
3) grep -q 'events are missing' "$work/out" || fail "status 3, and nothing is missing" ;;
*) fail "status $status" ;;
esac
[ ! -s "$work/err" ] || fail "complains"
grep -q '^kernel trace: [1-9]' "$work/out" || fail "it is not called a kernel trace"
grep -q malformed "$work/out" && fail "some of it was not understood"
grep -q '^0 errors, 0 warnings' "$work/out" || fail "it accuses"
exit 0
