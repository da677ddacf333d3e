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

# A program of somebody else's finds the API through pkg-config.
need pkg-config cc
PKG_CONFIG_PATH=$(dirname "$(find "$E2E_WORK/prefix" -name threadline.pc)")
export PKG_CONFIG_PATH
expect 0 compile sh -c 'cc "$0" -o fibers $(pkg-config --cflags --libs threadline)' "$THREADLINE_SOURCE/samples/fibers.c"
expect 0 linked env LD_LIBRARY_PATH="$(pkg-config --variable=libdir threadline)" ./fibers
