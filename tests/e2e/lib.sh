# What the end-to-end tests share (its own variables begin with e2e_); sourced by each, inside isolate.sh.
# THREADLINE_BIN: the folder with the programs. Everything happens in E2E_WORK.
set -u

: "${THREADLINE_BIN:?}" "${E2E_WORK:?run this through isolate.sh}" "${THREADLINE_SOURCE:?}"
threadline=$THREADLINE_BIN/threadline
bin=$THREADLINE_BIN

fail() {
	echo "FAILED: $*" >&2
	for file in "$E2E_WORK"/*.err; do
		[ -f "$file" ] && { echo "--- $file"; tail -n 40 "$file"; } >&2
	done
	exit 1
}

skip() {
	echo "SKIP: $*"
	exit 77
}

need() {
	for e2e_program; do
		command -v "$e2e_program" >/dev/null || skip "$e2e_program is not installed"
	done
}

# Only what happens in namespaces of our own may touch what is the machine's.
need_isolation() {
	[ -n "${E2E_ISOLATED:-}" ] || skip "it needs root and namespaces to $1"
}

[ -x "$bin/threadline-record" ] || skip "this build has no recorder"
need lttng-sessiond babeltrace2
[ -w /dev/shm ] || skip "/dev/shm is not writable for this user"

# expect STATUS NAME COMMAND...: runs it with its output in NAME.out and NAME.err
expect() {
	e2e_wanted=$1 e2e_name=$2
	shift 2
	"$@" >"$E2E_WORK/$e2e_name.out" 2>"$E2E_WORK/$e2e_name.err"
	e2e_got=$?
	[ "$e2e_got" = "$e2e_wanted" ] || fail "$e2e_name: exit status $e2e_got, not $e2e_wanted: $*"
}

# says NAME TEXT: NAME.err holds the text
says() {
	grep -qF -e "$2" "$E2E_WORK/$1.err" || fail "$1: stderr does not say '$2'"
}

# count TRACE EVENT: how many events of that kind, read by a reader that is not ours
count() {
	babeltrace2 "$1" 2>/dev/null | grep -c "threadline:$2:"
}

# checked NAME TRACE: opens, and nothing is wrong
checked() {
	"$threadline" check "$2" >"$E2E_WORK/$1.check" 2>&1 || fail "$1: check says $?: $(cat "$E2E_WORK/$1.check")"
	grep -q '^0 errors, 0 warnings' "$E2E_WORK/$1.check" || fail "$1: $(cat "$E2E_WORK/$1.check")"
}

# judged NAME TRACE: the same, but events may be missing: of a flood where others work, too, or between parts
judged() {
	"$threadline" check "$2" >"$E2E_WORK/$1.check" 2>&1
	case $? in 0 | 3) ;; *) fail "$1: $(cat "$E2E_WORK/$1.check")" ;; esac
	grep -q '^0 errors, 0 warnings' "$E2E_WORK/$1.check" || fail "$1: $(cat "$E2E_WORK/$1.check")"
}

# Every process of LTTng's or ours that this test has started: it has our environment.
leftovers() {
	for e2e_process in /proc/[0-9]*; do
		read -r e2e_comm <"$e2e_process/comm" || continue
		case $e2e_comm in
		lttng-* | threadline-*)
			tr '\0' '\n' <"$e2e_process/environ" 2>/dev/null | grep -qx "E2E_WORK=$E2E_WORK" || continue
			read -r _ _ e2e_state _ <"$e2e_process/stat" 2>/dev/null || continue
			[ "$e2e_state" = Z ] || echo "${e2e_process#/proc/} $e2e_comm"
			;;
		esac
	done 2>/dev/null
}

# nothing_left [SECONDS]: at once, or within so many seconds
nothing_left() {
	e2e_tries=$((${1:-0} * 10))
	while e2e_left=$(leftovers) && [ -n "$e2e_left" ] && [ "$e2e_tries" -gt 0 ]; do
		sleep 0.1
		e2e_tries=$((e2e_tries - 1))
	done
	[ -z "$e2e_left" ] || fail "still running: $e2e_left"
}

# until SECONDS COMMAND...: waits until it succeeds
until_true() {
	e2e_tries=$(($1 * 20))
	shift
	until "$@"; do
		e2e_tries=$((e2e_tries - 1))
		[ "$e2e_tries" -gt 0 ] || return 1
		sleep 0.05
	done
}
