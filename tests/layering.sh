#!/bin/sh
# layering.sh SOURCE: a folder includes only what stands to its left in the flow,
# and each outside API has one home. See README.md, "The map".
cd "$1" || exit 2
bad=0

complain() {
	echo "$*"
	bad=1
}

# allowed FOLDER ALLOWED...: the folders of ours whose headers FOLDER may include
allowed() {
	folder=$1
	shift
	for used in $(cat $(find "$folder" -maxdepth 1 -name '*.[ch]') /dev/null |
		sed -n 's/^#include "\(.*\)\/[^/]*"$/\1/p' | sort -u); do
		[ "$used" = "$folder" ] && continue
		case " $* " in
		*" $used "*) ;;
		*) complain "$folder includes $used" ;;
		esac
	done
}

# home PATTERN FILE...: headers, of others or of ours, that only these files may include
home() {
	header=$1
	shift
	for file in $(git grep -lE "^#include [<\"]($header)" -- '*.c' '*.h' '*.cc'); do
		case $file in tests/* | samples/*) continue ;; esac
		matched=0
		for place; do
			case $file in $place) matched=1 ;; esac
		done
		[ $matched = 1 ] || complain "$file includes $header"
	done
}

base="threadline viewer/base"
allowed viewer/base
allowed viewer/read $base
allowed viewer/order $base viewer/read
allowed viewer/state $base viewer/read
allowed viewer/symbol $base viewer/read viewer/state
allowed viewer/rules $base viewer/read viewer/order viewer/state
allowed viewer/stats $base viewer/read viewer/state viewer/rules
allowed viewer/report $base viewer/read viewer/state viewer/symbol viewer/rules viewer/stats
allowed viewer/model $base viewer/read viewer/state viewer/symbol viewer/rules viewer/stats
allowed viewer/cache $base viewer/read viewer/state viewer/rules viewer/model
allowed viewer/ui $base viewer/read viewer/state viewer/symbol viewer/rules viewer/stats viewer/model viewer/cache
allowed viewer/cli $base viewer/read viewer/order viewer/state viewer/symbol viewer/rules viewer/stats viewer/report
allowed tracer threadline
allowed tracer/interpose threadline tracer
allowed tracer/record threadline viewer/base tracer
# Of the libraries in the traced program the recorder knows what they are told, and nothing else.
for header in $(cat tracer/record/*.[ch] | sed -n 's/^#include "\(tracer\/[a-z_]*\.h\)"$/\1/p' | sort -u); do
	[ "$header" = tracer/choices.h ] || complain "tracer/record includes $header"
done

home 'lttng/(tracepoint|ust)' 'tracer/provider.*' tracer/emit.c tracer/process.c
home 'lttng/(lttng|session|rotation|snapshot|trigger|channel)' 'tracer/record/*'
home 'babeltrace2|viewer/read/babeltrace_internal' 'viewer/read/babeltrace*'
home 'viewer/read/tsdl' 'viewer/read/tsdl*' viewer/read/layout.c 'viewer/read/ctf_*'
home 'viewer/read/direct_internal' 'viewer/read/direct*'
home 'viewer/cache/layout' 'viewer/cache/*'
home 'viewer/read/text_line' 'viewer/read/text_*'
home 'SDL' 'viewer/ui/sdl*'
home 'elfutils|dwarf' 'viewer/symbol/*'
home 'json' 'viewer/report/*'
exit $bad
