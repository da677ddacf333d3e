# Installed to a prefix (with a space in it), the programs find each other and their libraries.
. "$THREADLINE_SOURCE/tests/e2e/lib.sh"
need cmake

prefix=$E2E_WORK/a\ prefix
expect 0 install cmake --install "$THREADLINE_BIN/.." --prefix "$prefix"
expect 0 version "$prefix/bin/threadline" --version
expect 0 record "$prefix/bin/threadline" record -v -o T -- "$bin/worker_pool"
says record "libthreadline-preload.so"
grep loading "$E2E_WORK/record.err" | grep -q "$THREADLINE_BIN" && fail "the library of the build was used"
[ "$(count T create)" -gt 0 ] || fail "the installed recorder recorded nothing"
expect 2 unknown "$prefix/bin/threadline" chekc T
nothing_left

# Under a name without spaces, by an absolute path in LD_PRELOAD.
mv "$prefix" "$E2E_WORK/prefix"
expect 0 moved "$E2E_WORK/prefix/bin/threadline" record -v -o M -- "$bin/worker_pool"
says moved "$E2E_WORK/prefix"
[ "$(count M create)" -gt 0 ] || fail "the moved installation recorded nothing"
nothing_left
