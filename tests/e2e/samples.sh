# Each sample is recorded and gets the verdict that its first lines promise.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need python3

# verdict STATUS NAME SAMPLE [ARG...]: records it and checks it into NAME.json
verdict() {
	v_status=$1 v_name=$2
	shift 2
	expect 0 "$v_name-record" "$threadline" record -o "$v_name" -- "$bin/$@"
	says "$v_name-record" "no events lost"
	expect "$v_status" "$v_name" "$threadline" check --format json "$v_name"
}

# finding NAME PYTHON: for some finding f of the report the expression holds
finding() {
	python3 - "$E2E_WORK/$1.out" "$2" <<-'PYTHON' || fail "$1: no finding with $2: $(grep -E '"(rule|message|severity|evidence)"' "$E2E_WORK/$1.out")"
		import json, sys
		report = json.load(open(sys.argv[1]))
		sys.exit(0 if any(eval(sys.argv[2]) for f in report["findings"]) else 1)
	PYTHON
}

# errors NAME: how many findings that fail a check
failing() {
	python3 -c 'import json,sys; print(sum(f["severity"] != "info" for f in json.load(open(sys.argv[1]))["findings"]))' \
		"$E2E_WORK/$1.out"
}

line_of() {
	grep -n "$1" "$THREADLINE_SOURCE/samples/$2" | head -n 1 | cut -d: -f1
}

for n in 3 300; do
	verdict 1 "leaky$n" leaky_iterator "$n"
	[ "$(failing "leaky$n")" = 2 ] || fail "leaky_iterator $n: not two findings"
	wait_line=$(line_of 'pthread_cond_wait(&channel->not_full' leaky_iterator.c)
	finding "leaky$n" "f['rule'] == 'never-unblocked' and f['severity'] == 'warning' and f['count'] == $n and len(f['tasks']) == $n"
	finding "leaky$n" "f['rule'] == 'never-unblocked' and any(s['file'].endswith('samples/leaky_iterator.c') and abs(s['line'] - $wait_line) <= 1 for s in f['events'][0]['stack'] if s['file'])"
	open_line=$(line_of 'threadline_open(iterator' leaky_iterator.c)
	finding "leaky$n" "f['rule'] == 'resource-leak' and f['count'] == $n and any(s['file'].endswith('samples/leaky_iterator.c') and abs(s['line'] - $open_line) <= 1 for s in f['events'][0]['stack'] if s['file'])"
done
verdict 0 fixed leaky_iterator --fixed 30
[ "$(failing fixed)" = 0 ] || fail "leaky_iterator --fixed has findings"

verdict 0 fibers fibers
verdict 1 bug fibers --bug
finding bug "f['rule'] == 'unblock-before-block' and f['severity'] == 'error' and f['certainty'] == 'proven' and [e['kind'] for e in f['events']] == ['unblock', 'block'] and 0 < f['events'][0]['time_ns'] < f['events'][1]['time_ns']"

verdict 0 pool worker_pool

# line_is NAME RULE MARK SEVERITY FILE: some event of the rule's finding has the marked line of the sample in its stack
line_is() {
	finding "$1" "f['rule'] == '$2' and f['severity'] == '$4' and any(s['file'].endswith('samples/$5') and abs(s['line'] - $(line_of "$3" "$5")) <= 1 for e in f['events'] for s in e['stack'] if s['file'])"
}

# Both forms of a lost wakeup: the signal came before the waiter, or when it was about to sleep.
verdict 1 lost lost_wakeup
line_is lost lost-wakeup 'pthread_cond_wait(&ready_changed' warning lost_wakeup.c
[ "$(failing lost)" = 1 ] || fail "lost_wakeup: not one finding"
verdict 1 between signal_not_consumed
line_is between signal-not-consumed 'asleep too late' warning signal_not_consumed.c
verdict 0 between-fixed signal_not_consumed --fixed
[ "$(failing between-fixed)" = 0 ] || fail "signal_not_consumed --fixed has findings"

# Info, so that the check succeeds.
verdict 0 unjoined never_joined 20
line_is unjoined never-joined "the bug: .thread. is forgotten" info never_joined.c
finding unjoined "f['rule'] == 'never-joined' and f['count'] == 20 and len(f['tasks']) == 20 and f['growth'] == sorted(f['growth']) and f['growth'][0] < 20"
verdict 0 unjoined-fixed never_joined --fixed 20
! grep -q never-joined "$E2E_WORK/unjoined-fixed.out" || fail "never_joined --fixed: detached threads are missed"

verdict 1 twice double_close
line_is twice double-close 'the first close' error double_close.c
line_is twice double-close 'the second' error double_close.c
[ "$(failing twice)" = 1 ] || fail "double_close: not one finding"
verdict 0 once double_close --fixed
[ "$(failing once)" = 0 ] || fail "double_close --fixed has findings"

verdict 1 abba abba_deadlock
line_is abba deadlock-cycle 'waits for spend' error abba_deadlock.c
line_is abba deadlock-cycle 'waits for save' error abba_deadlock.c
finding abba "f['rule'] == 'deadlock-cycle' and f['certainty'] == 'proven' and len(f['tasks']) == 2 and f['message'].count('held by') == 2"
[ "$(failing abba)" = 1 ] || fail "abba_deadlock: not one finding"
verdict 0 abba-fixed abba_deadlock --fixed
[ "$(failing abba-fixed)" = 0 ] || fail "abba_deadlock --fixed has findings"

verdict 1 order lock_order
line_is order lock-order-inversion 'index, then data' warning lock_order.c
line_is order lock-order-inversion 'data, then index' warning lock_order.c
line_is order lock-order-inversion 'the inner lock' warning lock_order.c
[ "$(failing order)" = 1 ] || fail "lock_order: not one finding"
for how in --fixed --gate; do
	verdict 0 "order$how" lock_order $how
	[ "$(failing "order$how")" = 0 ] || fail "lock_order $how has findings"
done

verdict 1 left exit_holding_lock
finding left "f['rule'] == 'exit-holding-lock' and f['severity'] == 'error' and 'careless' in f['message']"
line_is left owner-exited 'hangs here' error exit_holding_lock.c
[ "$(failing left)" = 2 ] || fail "exit_holding_lock: not two findings"
for how in --fixed --robust; do
	verdict 0 "left$how" exit_holding_lock $how
	[ "$(failing "left$how")" = 0 ] || fail "exit_holding_lock $how has findings"
done

verdict 1 detached detached_join
line_is detached join-detached 'pthread_join(worker' error detached_join.c
[ "$(failing detached)" = 1 ] || fail "detached_join: not one finding"
verdict 0 joined detached_join --fixed
[ "$(failing joined)" = 0 ] || fail "detached_join --fixed has findings"

verdict 1 destroyed destroy_while_waited
line_is destroyed destroy-while-waited 'waits for what is destroyed' error destroy_while_waited.c
verdict 0 destroyed-fixed destroy_while_waited --fixed
[ "$(failing destroyed-fixed)" = 0 ] || fail "destroy_while_waited --fixed has findings"

# An alarm ends those that hang.
hangs() {
	expect 142 "$1-record" "$threadline" record -o "$1" -- "$bin/$1"
	expect 1 "$1" "$threadline" check --format json "$1"
	line_is "$1" never-unblocked "$2" warning "$1.c"
	[ "$(failing "$1")" = 1 ] || fail "$1: not one finding"
	verdict 0 "$1-fixed" "$1" --fixed
	[ "$(failing "$1-fixed")" = 0 ] || fail "$1 --fixed has findings"
}
# The sample of a unit test, by itself and recorded.
expect 0 leaks "$bin/leak_test"
expect 1 leaks-bug "$bin/leak_test" --bug
says leaks-bug '1 leaked:'
says leaks-bug '"pool-worker"'
expect 1 leaks-recorded "$threadline" record -o leaks -- "$bin/leak_test" --bug
says leaks-recorded '/leak_test+0x'

hangs semaphore_never_posted 'nobody answers'
hangs barrier_short_by_one 'one is missing'

# mistake STATUS RULE SEVERITY [MARK]: the sample of all mistakes makes this one, and the rule names it and its line
mistake() {
	expect_alarm=0
	[ "$2" != join-cycle ] || expect_alarm=142
	expect "$expect_alarm" "$2-record" "$threadline" record -o "$2" -- "$bin/mistakes" "$2"
	expect "$1" "$2" "$threadline" check --format json "$2"
	if [ -n "${4:-}" ]; then
		line_is "$2" "$2" "$4" "$3" mistakes.c
	else
		finding "$2" "f['rule'] == '$2' and f['severity'] == '$3'"
	fi
}
mistake 1 unlock-not-owner error 'nobody has locked it'
mistake 1 self-deadlock warning 'it is our own'
mistake 1 wait-without-mutex error 'the mutex is not locked'
mistake 1 cond-two-mutexes error 'two mutexes for one condition'
mistake 0 lock-convoy info 'everything is done under one lock'
mistake 1 join-self error 'it cannot end while it waits'
mistake 1 double-join error 'pthread_join(thread, NULL); .. the bug'
mistake 1 double-detach warning 'pthread_detach(thread); .. the bug'
mistake 1 join-cycle error 'which waits for us'
mistake 1 create-failed warning 'nobody looks at the result'
mistake 0 never-exited info 'nobody tells it to stop'
mistake 1 cancel-in-wait info 'cancelled here'
finding cancel-in-wait "f['rule'] == 'exit-holding-lock' and f['severity'] == 'error'"
mistake 1 abandoned-wait warning 'what is jumped out of'
mistake 0 created-never-started info 'nobody ever runs it'
mistake 1 start-without-unblock error
mistake 1 double-unblock warning
mistake 1 event-by-wrong-carrier error
mistake 1 close-unopened error 'another one was opened'
mistake 1 use-after-close error 'the second time it is closed'
for rule in $("$bin/mistakes"); do
	[ -d "$E2E_WORK/$rule" ] || fail "no test of the mistake $rule"
done
nothing_left
