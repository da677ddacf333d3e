/* Pages of help: what is not wrong and takes time all the same; see help_pages.h. */
#include "viewer/rules/help_pages.h"

static const struct tl_rule_help pages[] = {
	{
		"signal-without-waiter",
		"Signals (of conditions, or futexes) found nobody waiting. Nothing is wrong: that\n"
		"is how conditions work. Each costs a little, though; the finding counts them over\n"
		"the whole trace and names the objects with the most. Where a waiter is stuck,\n"
		"too, lost-wakeup says so.",
		"pthread_mutex_lock(&queue->mutex);\n"
		"push(queue, job);\n"
		"pthread_cond_broadcast(&queue->changed);   /* for each job, */\n"
		"pthread_mutex_unlock(&queue->mutex);       /* though all are busy */",
		"Nothing needs to be done. Where it is in a hot path: count the waiters under the\n"
		"mutex and signal only if there are any, or only when an empty queue becomes\n"
		"non-empty.",
		"It is never a sign of a defect by itself: info, and fails a check only with\n"
		"--fail-on info. A waiter that came in the same moment may not have been seen by\n"
		"the signaller.",
	},
	{
		"wake-latency-outlier",
		"From the moment in which a task was woken to the moment in which it went on it\n"
		"took more than 1 ms, and more than ten times as long as 99 of 100 wakeups of the\n"
		"same object did. Whoever waits for that task waited as well.",
		"pthread_mutex_lock(&mutex);\n"
		"pthread_cond_signal(&changed);      /* the waiter is woken here ... */\n"
		"write_log();                        /* ... and cannot have the mutex yet */\n"
		"pthread_mutex_unlock(&mutex);",
		"Look at the timeline at that time. If another task had the mutex, unlock it\n"
		"sooner. If more tasks ran than there are processors, have fewer of them, or give\n"
		"this one a higher priority. If nothing else ran, the machine was busy with\n"
		"something that is not in the trace.",
		"On a loaded machine, correct programs have a few of these in any run of some ten\n"
		"thousand wakeups; so it is info. Of several that are woken by one broadcast, all\n"
		"but the first wait for the mutex. p99 is taken from a histogram by powers of two\n"
		"and may be up to twice too large, so that less is reported, not more.",
	},
	{
		"lock-convoy",
		"Four tasks or more waited for one lock at once, for 100 ms or more without a\n"
		"break, while it went from one to the next. Their work is done one after the\n"
		"other: more processors, or more threads, will not make it faster.",
		"for (;;) {                          /* in each of sixteen threads */\n"
		"        pthread_mutex_lock(&stats.mutex);\n"
		"        stats.requests++;\n"
		"        write_log(&stats);          /* as long as all the rest together */\n"
		"        pthread_mutex_unlock(&stats.mutex);\n"
		"}",
		"Hold the lock for less: do what takes long outside of it. Give each thread its\n"
		"own part, or split the lock. A reader-writer lock helps only where most of them\n"
		"read, and for longer than a lock takes.",
		"Where it is meant that only one works at a time. One long hold under which others\n"
		"queue up is not reported: it needs 16 who got the lock meanwhile.",
	},
};

const struct tl_help_family tl_help_costs = {pages, sizeof pages / sizeof *pages};
