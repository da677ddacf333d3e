# A program that is preloaded but not recorded, or in which anything is missing,
# runs as if we were not there.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need pigz

preload=$bin/../lib/libthreadline-preload.so
expect 0 plain "$bin/worker_pool"
# No session daemon at all.
expect 0 alone env LD_PRELOAD="$preload" "$bin/worker_pool"
cmp -s plain.out alone.out || fail "output changed without a daemon"
[ ! -s alone.err ] || fail "something was printed without a daemon"
# A home that does not exist, no environment, no descriptors left.
expect 0 homeless env -i LD_PRELOAD="$preload" HOME=/nonexistent "$bin/worker_pool"
cmp -s plain.out homeless.out || fail "output changed without a home"
for n in 7 8 10 16; do
	expect 0 few prlimit --nofile=$n env LD_PRELOAD="$preload" "$bin/worker_pool"
	cmp -s plain.out few.out || fail "output changed with $n descriptors"
done
# The result of a program that computes something, recorded and not.
head -c 3000000 /dev/urandom >data
pigz -k -p 4 -n <data >plain.gz
expect 0 pigz "$threadline" record -o T -- sh -c 'pigz -k -p 4 -n <data >traced.gz'
cmp -s plain.gz traced.gz || fail "pigz's result changed"
[ "$(sed '/^threadline:/d' pigz.err)" = "" ] || fail "something was printed"
