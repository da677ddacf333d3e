/*
 * Parses event lists in text (docs/event-lists.md) into memory, by the tables
 * of event.h. Knows the form of a line; what the events mean, and in which order
 * a source hands them out, is not its business.
 */
#ifndef TL_READ_TEXT_LIST_H
#define TL_READ_TEXT_LIST_H

#include "viewer/base/arena.h"
#include "viewer/base/vec.h"
#include "viewer/read/source.h"

/* One line: an event or a loss, by index into the list's arrays. */
struct tl_text_entry {
	int64_t time_ns;
	size_t line; /* the order among equal times */
	size_t index;
	bool is_loss;
};

struct tl_text_list {
	struct tl_arena arena; /* texts and sequences of the events */
	TL_VEC(struct tl_event) events;
	TL_VEC(struct tl_loss) losses;
	TL_VEC(struct tl_text_entry) entries; /* in the order of the file */
	char host[sizeof((struct tl_source_info *)0)->host];
};

void tl_text_list_init(struct tl_text_list *list);
void tl_text_list_finish(struct tl_text_list *list);

/*
 * Appends what `text` (of `size` bytes) holds. TL_EFORMAT names `name`, the line
 * and what is wrong there; TL_ENOMEM. After an error only finish may be called.
 */
int tl_text_list_parse(struct tl_text_list *list, const char *name, const char *text, size_t size,
		       struct tl_error *error);

#endif
