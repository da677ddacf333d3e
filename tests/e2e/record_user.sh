# An ordinary user: a daemon of his own at LTTng's usual place, or a private one when there is no usable home.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

if [ "$(id -u)" = 0 ]; then
	need setpriv
	chown -R nobody "$HOME"
	mkdir -m 1777 spool
	cd spool || exit 1
	as_user() { setpriv --reuid=nobody --regid=nogroup --clear-groups -- "$@"; }
else
	as_user() { "$@"; }
fi
as_user test -x "$threadline" || skip "another user cannot reach $threadline"
as_user test -w /dev/shm || skip "/dev/shm is not writable for ordinary users"

expect 0 plain as_user "$threadline" record -v -o P -- "$bin/leaky_iterator" 3
[ "$(count P create)" = 3 ] || fail "$(count P create) creates, not 3"
says plain "home $HOME"
[ -d "$HOME/.lttng" ] || fail "not at LTTng's usual place"
nothing_left

expect 0 unset as_user env -u HOME "$threadline" record -o U -- "$bin/leaky_iterator" 3
[ "$(count U create)" = 3 ] || fail "without HOME: $(count U create) creates, not 3"
expect 0 gone as_user env HOME=/nonexistent "$threadline" record -v -o G -- "$bin/leaky_iterator" 3
says gone "private"
[ "$(count G create)" = 3 ] || fail "with HOME missing: $(count G create) creates, not 3"
expect 0 unwritable as_user env HOME=/proc "$threadline" record -o W -- "$bin/leaky_iterator" 3
[ "$(count W create)" = 3 ] || fail "with HOME unwritable: $(count W create) creates, not 3"
long=$E2E_WORK/$(printf 'h%.0s' $(seq 100))
mkdir -m 777 "$long"
expect 0 long as_user env HOME="$long" "$threadline" record -o L -- "$bin/leaky_iterator" 3
[ "$(count L create)" = 3 ] || fail "with a long HOME: $(count L create) creates, not 3"
nothing_left

# A setuid program runs, and is named as the reason.
if [ "$(id -u)" = 0 ]; then
	cp /bin/true ../setuid && chmod 4755 ../setuid
	expect 0 setuid as_user "$threadline" record -o S -- ../setuid
	says setuid "gains privileges"
fi
