# What is there already is not overwritten; an empty folder may be used.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"

mkdir full empty
echo precious >full/file
echo precious >file
expect 125 full "$threadline" record -o full -- touch ran
says full "not overwritten"
expect 125 file "$threadline" record -o file -- touch ran
[ "$(cat full/file)$(cat file)" = preciousprecious ] || fail "something was overwritten"
expect 125 parent "$threadline" record -o no/such/parent -- touch ran
says parent "No such file"
[ ! -e ran ] || fail "the command was run although nothing could be recorded"
expect 0 empty "$threadline" record -o empty -- "$bin/worker_pool"
expect 125 again "$threadline" record -o empty -- touch ran
[ "$(count empty create)" -gt 0 ] || fail "the trace in the folder that was there is empty"
nothing_left
