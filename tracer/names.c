/* Keeps names for the state dump; see names.h. */
#include "tracer/names.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tracer/emit.h"
#include "tracer/keys.h"

#define OBJECTS 1024u

static _Atomic uint64_t objects[OBJECTS];
static char texts[OBJECTS][TL_NAME_KEPT];

/* The last byte is never anything but 0: what is read meanwhile may be mixed, but ends. */
static void keep(char text[TL_NAME_KEPT], const char *name)
{
	size_t n = strnlen(name, TL_NAME_KEPT - 1);

	memcpy(text, name, n);
	text[n] = '\0';
}

void tl_names_keep_task(struct tl_entry *entry, const char *name)
{
	keep(entry->name, name);
}

void tl_names_keep_object(uint64_t object, const char *name)
{
	bool is_new;
	int at = object ? tl_keys_place(objects, OBJECTS, object, &is_new) : -1;

	if (at >= 0)
		keep(texts[at], name);
}

static void say(struct tl_entry *speaker, uint8_t what, uint64_t id, const char *text)
{
	struct tl_ev_name event = {.what = what, .id = id, .text = text};

	if (text[0])
		tl_emit_name(speaker, &event);
}

/* As pthread_setname_np left it, or as it was inherited; "" when it cannot be read. */
static void read_comm(uint32_t carrier, char text[TL_NAME_KEPT])
{
	char path[64];
	ssize_t n = -1;
	int file;

	snprintf(path, sizeof path, "/proc/self/task/%u/comm", (unsigned)carrier);
	file = open(path, O_RDONLY | O_CLOEXEC);
	if (file >= 0) {
		n = read(file, text, TL_NAME_KEPT - 1);
		close(file);
	}
	text[n > 0 ? n - 1 : 0] = '\0';
}

static void say_task(struct tl_entry *speaker, const struct tl_entry *entry)
{
	uint32_t carrier = atomic_load(&entry->carrier), number = atomic_load(&entry->number);
	char text[TL_NAME_KEPT] = "";

	if (number == 0 || entry == speaker)
		return;
	memcpy(text, entry->name, sizeof text - 1);
	if (!text[0] && !atomic_load(&entry->kind) && carrier)
		read_comm(carrier, text);
	say(speaker, TL_NAMED_TASK, number, text);
}

void tl_names_tell(struct tl_entry *speaker)
{
	uint32_t n = tl_task_entries();

	for (uint32_t i = 0; i < OBJECTS; i++)
		if (atomic_load(&objects[i]))
			say(speaker, TL_NAMED_OBJECT, atomic_load(&objects[i]), texts[i]);
	for (uint32_t i = 0; i < n; i++)
		if (tl_task_at(i))
			say_task(speaker, tl_task_at(i));
}
