/*
 * Names that the program gave to tasks and objects, kept for the state dump: they
 * are told once, and a recording that begins later would never hear them. Allocates
 * nothing by malloc; a name beyond TL_NAME_KEPT bytes is cut, one of an object beyond
 * the table's room is not kept.
 */
#ifndef TL_TRACER_NAMES_H
#define TL_TRACER_NAMES_H

#include "tracer/task.h"

void tl_names_keep_task(struct tl_entry *entry, const char *name);
void tl_names_keep_object(uint64_t object, const char *name);

/* Says every name that is kept, by `speaker`; a thread's also as the kernel knows it. */
void tl_names_tell(struct tl_entry *speaker);

#endif
