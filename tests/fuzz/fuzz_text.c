/* Event lists in text, from memory: whatever the bytes, an error or a list that can be read to its end. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "viewer/read/source.h"

static const char *const seeds[] = {
	"# list\nhost a\n0 process_begin task=1 pid=100 program=\"/usr/bin/e \\\"\\\\\\n\\x41\" capabilities=31\n"
	"10 create task=1 child=2 name=\"worker\" kind=fiber entry=0xffff\n1us start task=2.3 cause=first carrier=101\n",
	"1.5us block task=2 wait=1 reason=cond object=0x7f10 stack=3 held=[0x7f20,0x7f31] timeout_ns=-5\n"
	"2us loss events=12 cpu0\n2us loss packets=? x\n3s process_end task=1 status=-2147483648 seq=4294967295\n",
	"1 module task=1 base=1 size=2 path=\"/lib/x\" build_id=[1,2,255]\n1 stack task=1 id=1 pcs=[1,2,3]\n"
	"-5m status task=1 target=2 state=blocked reason=mutex since_ns=9223372036854775807\n",
};

uint8_t *fuzz_seed(unsigned number, size_t *size)
{
	if (number >= sizeof seeds / sizeof *seeds)
		return NULL;
	*size = strlen(seeds[number]);
	return (uint8_t *)strdup(seeds[number]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct tl_source *source;
	struct tl_error error;
	struct tl_item item;

	tl_error_init(&error);
	source = tl_source_text_create_memory("fuzz", (const char *)bytes, size, &error);
	if (!source && error.code >= 0)
		abort();
	while (source && tl_source_next(source, &item, &error) > 0)
		if (item.type == TL_ITEM_EVENT && (item.event.kind >= TL_N_EVENT_KINDS || item.event.task == 0))
			abort();
	tl_source_destroy(source);
	return 0;
}
