/*
 * Offers the recording's mark to LTTng's filters; see identity.h. Declared here
 * because LTTng ships no header for context providers, though it exports them
 * and holds their layout fixed ("part of the ABI"; it begins with its size).
 */
#include "tracer/identity.h"

#include <stddef.h>
#include <stdlib.h>

#define TYPE_S64 4 /* of LTTng's dynamic types: none, s8, s16, s32, s64 ... */

struct value {
	int type;
	union {
		int64_t s64;
		uint64_t u64;
		const char *text;
		double real;
	} u;
};

struct provider {
	uint32_t struct_size;
	const char *name;
	size_t (*get_size)(void *data, void *probe, size_t offset);
	void (*record)(void *data, void *probe, void *ring, void *channel);
	void (*get_value)(void *data, void *probe, struct value *value);
	void *data;
};

extern void *lttng_ust_context_provider_register(struct provider *provider) __attribute__((weak));

static int64_t recording;

int64_t tl_identity_recording(void)
{
	return recording;
}

/* For contexts that are recorded with each event; ours is only asked by filters. */
static size_t get_size(void *data, void *probe, size_t offset)
{
	(void)data;
	(void)probe;
	(void)offset;
	return 0;
}

static void record(void *data, void *probe, void *ring, void *channel)
{
	(void)data;
	(void)probe;
	(void)ring;
	(void)channel;
}

static void get_value(void *data, void *probe, struct value *value)
{
	(void)data;
	(void)probe;
	value->type = TYPE_S64;
	value->u.s64 = recording;
}

/* Before every other constructor of the library: the first event is filtered already. */
__attribute__((constructor(101))) static void offer(void)
{
	static struct provider provider = {
		.struct_size = sizeof provider,
		.name = "$app.threadline",
		.get_size = get_size,
		.record = record,
		.get_value = get_value,
	};
	const char *text = getenv("THREADLINE_RECORDING");

	if (text)
		recording = strtoll(text, NULL, 10);
	/* Once for the process's life; never taken back, like the provider of events. */
	if (lttng_ust_context_provider_register)
		lttng_ust_context_provider_register(&provider);
}
