# Buffers fit what /dev/shm has: 64 MB do; too little is an error with the numbers, before the command runs.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need_isolation "change the size of /dev/shm"

mount -o remount,size=64m /dev/shm || skip "cannot change the size of /dev/shm"
expect 0 enough "$threadline" record -v -o T -- "$bin/leaky_iterator" 50
[ "$(count T create)" = 50 ] || fail "with 64 MB: $(count T create) creates, not 50"

# Two at once in 64 MB.
"$threadline" record -o A -- sh -c "$bin/leaky_iterator 5; sleep 2" >/dev/null 2>A.err &
until_true 20 sh -c 'ls A/ust/uid/*/*/metadata >/dev/null 2>&1' || fail "the first of two does not begin"
expect 0 second "$threadline" record -o B -- "$bin/leaky_iterator" 6
wait
[ "$(count A create)" = 5 ] && [ "$(count B create)" = 6 ] || fail "two in 64 MB: $(count A create), $(count B create)"

# Six that begin together share it.
for i in 1 2 3 4 5 6; do
	"$threadline" record -o "M$i" -- "$bin/leaky_iterator" $i >/dev/null 2>"M$i.err" &
done
wait
for i in 1 2 3 4 5 6; do
	[ "$(count "M$i" create)" = $i ] || fail "six in 64 MB: $i has $(count "M$i" create) creates"
done
ls /run/threadline/buffers-* 2>/dev/null && fail "reservations were left"

mount -o remount,size=32k /dev/shm
expect 125 small "$threadline" record -o S -- touch ran
says small "too small"
grep -q "[0-9] KiB are free, but [0-9]* processors need at least [0-9]* KiB" small.err || fail "the numbers are not told"
[ ! -e ran ] && [ ! -e S ] || fail "the command was run, or a folder left"

mount -o remount,size=64m /dev/shm
expect 125 greedy "$threadline" record --buffer-size 1G -o G -- touch ran
says greedy "too large"
expect 0 modest "$threadline" record --buffer-size 256K -o M -- "$bin/leaky_iterator" 2
nothing_left

# It fills up between our look and the daemon's: a program that is not traced
# itself fills it, then becomes one that is.
need cc
cat >fill.c <<'END'
#include <fcntl.h>
#include <unistd.h>
static char block[4096];
int main(int argc, char **argv)
{
	int fd = open("/dev/shm/fill", O_CREAT | O_WRONLY, 0600);

	while (write(fd, block, sizeof block) > 0)
		;
	return argc < 2 || execv(argv[1], argv + 1);
}
END
cc -static -o fill fill.c || skip "the last part needs a static C library"
expect 0 filled "$threadline" record -o F -- ./fill "$bin/worker_pool"
says filled "nothing was recorded"
says filled "/dev/shm"
nothing_left
