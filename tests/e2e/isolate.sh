#!/bin/sh
# isolate.sh COMMAND [ARG...]: runs a test so that it can neither see nor disturb
# a session daemon of this machine, and leaves nothing behind.
#
# As root: in namespaces of its own (root's daemon is machine-wide), with an
# empty /run and a /dev/shm of SHM_SIZE (default 512m). Where the system allows
# no namespaces (a chroot, a container) and no daemon runs: one test at a time.
# As an ordinary user: with a home folder of its own, and one at a time where
# /dev/shm is too small for several. Otherwise it is a skip (77), with the reason.
set -u

work=$(mktemp -d /tmp/tl-e2e.XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
export E2E_WORK="$work" HOME="$work/home"
mkdir -m 755 "$HOME"
unset LTTNG_HOME XDG_RUNTIME_DIR LD_PRELOAD THREADLINE_RECORDING CDPATH
cd "$work" || exit 1

one_at_a_time() {
	exec 9>"/tmp/tl-e2e-$(id -u).lock"
	flock 9
}

if [ "$(id -u)" != 0 ]; then
	free=$(df -k --output=avail /dev/shm 2>/dev/null | tail -n 1)
	[ "${free:-0}" -gt 1000000 ] || one_at_a_time
	"$@" 9>&-
	exit
fi

if ! unshare -m -n -p -f --mount-proc --kill-child true 2>"$work/why"; then
	echo "no namespaces here, one test at a time: $(cat "$work/why")"
	one_at_a_time
	if lttng --no-sessiond list >/dev/null 2>&1; then
		echo "SKIP: root's session daemon runs, and there are no namespaces to keep apart from it"
		exit 77
	fi
	"$@" 9>&-
	exit
fi
unshare -m -n -p -f --mount-proc --kill-child sh -c '
	mount -t tmpfs -o mode=755 tmpfs /run && mkdir -m 755 /run/lttng &&
	mount -t tmpfs -o mode=1777,size="${SHM_SIZE:-512m}" tmpfs /dev/shm ||
		{ echo "SKIP: cannot mount in a namespace of our own"; exit 77; }
	ip link set lo up 2>/dev/null
	export E2E_ISOLATED=1
	"$@"
	status=$?
	exit $status' isolated "$@"
