/*
 * The state dump: everything that is told once, told again, for a recording that
 * begins in the middle of the process's life or keeps only a part of it. Made when
 * LTTng starts a session and when somebody asks for it (lttng regenerate
 * statedump), on LTTng's own listener thread: a task that sleeps cannot speak for
 * itself. In this order: the process, stacks with their modules, names, a `status` of
 * each task, orders of locks, and `dump_end`.
 */
#ifndef TL_TRACER_DUMP_H
#define TL_TRACER_DUMP_H

#include "tracer/task.h"

/* When the process is set up. `recorded`: it is being recorded from its beginning. */
void tl_dump_init(bool recorded);

/* In a fork's child: it has said nothing yet. */
void tl_dump_after_fork(void);

/* What libthreadline-preload.so adds: orders of locks; NULL without it. */
extern TL_SHARED void (*tl_dump_more)(struct tl_entry *speaker);

#endif
