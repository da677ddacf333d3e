/* Pages of help: what is left over at the end, and what is missing; see help_pages.h. */
#include "viewer/rules/help_pages.h"

static const struct tl_rule_help pages[] = {
	{
		"never-unblocked",
		"Tasks still wait when the trace ends, grouped by what they wait for and by the\n"
		"stack. As a warning, they are stuck: nobody is left who would wake them, and the\n"
		"evidence says why. Each holds its stack and whatever it owns: a leak that grows.\n"
		"As info they may just be idle, as a pool's workers are.",
		"for (;;) {                              /* producer */\n"
		"        channel_send(channel, next()); /* waits for ever when the consumer */\n"
		"}                                      /* stops reading after the first match */",
		"Tell the other side when you turn away: close the channel, cancel, or send a\n"
		"last element. Let each wait end also when the partner is gone. The growth line\n"
		"shows whether there are more and more of them.",
		"A thread that the program leaves waiting on purpose when it exits, its only\n"
		"partner being gone; threads with a queue each that were made one after the other\n"
		"and then left idle. Suppress those by function, with the reason (--ignore).",
	},
	{
		"resource-leak",
		"Something was opened with threadline_open() and not closed until its process\n"
		"ended, grouped by the stack that opened it. While the process goes on it is only\n"
		"info.",
		"struct iterator *i = iterator_open(map);   /* calls threadline_open() */\n"
		"if (found(i))\n"
		"        return i->value;                    /* never iterator_close(i) */\n"
		"iterator_close(i);",
		"Close on every path: one exit with the close, or an owner with a destructor.",
		"What is meant to live as long as the process needs no close; give it a kind of\n"
		"its own and suppress that (--ignore, object=KIND).",
	},
	{
		"double-close",
		"A resource was closed that had been closed before, and not opened again since.\n"
		"Between the two closes its memory, or its number, may have been given to\n"
		"another: the second close then ends something else.",
		"void query_finish(struct query *query)   /* called on errors, too, by who has */\n"
		"{                                        /* closed the iterator by then */\n"
		"        iterator_close(query->iterator);  /* calls threadline_close() */\n"
		"}",
		"Give each resource one owner, who forgets it when he has closed it (set the\n"
		"pointer to NULL). In C++ hold it in an object that can only be moved.",
		"threadline_close() is called after the memory or the number has been given back:\n"
		"another thread may have opened the same by then, and the order of the two is\n"
		"wrong. Say it before. What was opened twice may be closed twice. Only the latest\n"
		"65536 closed resources are remembered. Where anything was lost: info.",
	},
	{
		"close-unopened",
		"A resource was closed that was never opened, as far as the program said. Either\n"
		"a wrong handle was closed, or one that does not exist (NULL, -1), or there is a\n"
		"way to open that does not call threadline_open().",
		"struct iterator *i = iterator_open(map);   /* failed: NULL */\n"
		"iterator_close(i);                         /* threadline_close(NULL) */",
		"Look at the handle, and at each function that makes one: each has to call\n"
		"threadline_open() with the same address or number.",
		"What was opened before the recording began cannot be known, nor what a process\n"
		"inherited: it is only said of processes that are recorded from their beginning\n"
		"and are no fork of another in the trace, and no more once more than 65536\n"
		"resources were closed. Where anything was lost: info.",
	},
	{
		"use-after-close",
		"A task began to wait for a resource (threadline_block() with its address) that\n"
		"had been closed, in code that had waited for it while it was open. Nobody wakes\n"
		"the waiters of what is closed, and its memory may be another's by now.",
		"channel_close(channel);             /* thread A: calls threadline_close() */\n"
		"channel_receive(channel);           /* thread B: threadline_block(\n"
		"                                           THREADLINE_RECEIVE, channel) */",
		"Let the close wait until all users are gone (count them), or wake them and let\n"
		"each look whether it is closed, under the lock, before it waits.",
		"threadline_close() is called at the beginning of the close rather than as its\n"
		"last step, and waiters may still come: say it last. Other uses than waits are not\n"
		"seen, nor are waits in other code than before, which may mean another object in\n"
		"the same memory. Where anything was lost: info.",
	},
	{
		"trace-gap",
		"Events are missing: the buffers were full, or a part of the trace was cut off.\n"
		"What is concluded from such a trace is weaker, and check exits 3 rather than 0\n"
		"when it finds nothing.",
		"threadline record --buffer-size 64K -- ./busy-server",
		"Record with larger buffers (--buffer-size, a larger /dev/shm), or with fewer of\n"
		"the events that can be switched off (threadline record --help).",
		"Never: what is missing is missing. A single event lost far from the place you\n"
		"look at hardly matters, though.",
	},
};

const struct tl_help_family tl_help_leaks = {pages, sizeof pages / sizeof *pages};
