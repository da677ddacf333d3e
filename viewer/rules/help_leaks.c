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
