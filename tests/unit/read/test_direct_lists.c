/* The direct reader, and the room of a batch for the lists that its events carry. */
#include "tests/unit/unit.h"

#include "tests/unit/read/compare.h"
#include "tests/unit/read/ctf.h"

static const struct ctf_form form = {.clock_uuid = "11111111-6cee-11e0-8c08-cb07d7b3a564"};

/* Events that count for nothing, with long lists: they must not use up the room for lists of those that do. */
static void test_malformed_events_with_lists_hold_nothing_up(void **state)
{
	struct ctf_stream stream = {.form = &form};
	static uint64_t locks[255];
	char *metadata = ctf_metadata(&form), folder[4096], why[2048];
	struct tl_event edge = {.kind = TL_EVENT_LOCK_EDGE};

	(void)state;
	edge.u.lock_edge.held = locks;
	edge.u.lock_edge.n_held = 255;
	ctf_packet_begin(&stream, 100);
	for (uint32_t i = 1; i <= 40; i++) {
		edge.time_ns = 100 + i;
		edge.task = i < 30 ? 0 : 7; /* 0: there is no such task */
		edge.seq = i;
		ctf_event(&stream, &edge);
	}
	ctf_packet_end(&stream, 200, 0);
	ctf_folder(folder);
	ctf_write(folder, "metadata", metadata, strlen(metadata));
	ctf_write(folder, "stream_0", stream.bytes.vec.items, stream.bytes.vec.n);
	free(metadata);
	ctf_stream_finish(&stream);
	if (compare_readers(folder, why, sizeof why) != COMPARED_SAME)
		fail_msg("%s", why);
	ctf_remove(folder);
}

TL_UNIT_MAIN(cmocka_unit_test(test_malformed_events_with_lists_hold_nothing_up))
