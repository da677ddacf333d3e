/* The pages of help; see help.h. A new rule adds its page here, under its id. */
#include "viewer/rules/help.h"

#include <string.h>

const struct tl_rule_help tl_rule_helps[] = {
	{
		"start-before-create",
		"A task ran although the create that it names comes later in its creator's own\n"
		"count of events, or does not exist. Either the program announces a task too late,\n"
		"after it may already be running, or it gives out ids wrongly.",
		"queue_push(&ready, job);              /* another thread may run it now */\n"
		"job->task = threadline_create(...);   /* too late */",
		"Call threadline_create() before anything makes the task visible to whoever runs it,\n"
		"and hand the id over together with the task.",
		"Threads of POSIX, C11 and C++ are announced by Threadline itself; for those this is\n"
		"a defect of Threadline: please report it. Of a task whose creator lost events or was\n"
		"first seen in the middle, this is not claimed.",
	},
	{
		"duplicate-create",
		"Two tasks were created under one id. Whatever is said of that id afterwards may\n"
		"belong to either, so other findings of the task are worth little until this is mended.",
		"job->task = pool_task;     /* copied, not created: the pool's second job */\n"
		"                           /* has the id of the first */",
		"Call threadline_create() once for each task, and again when its structure is used\n"
		"for another one.",
		"None is known. Where the task's events are missing it is only told as info.",
	},
	{
		"unblock-before-block",
		"A waker woke a task out of a wait that the task had not begun. When it begins it, the\n"
		"wakeup is already spent: the task sleeps until another comes, which may be never.\n"
		"For objects that keep no memory (condition variables) this is only told as info.",
		"scheduler_wake(fiber);      /* thread A: nobody sleeps yet */\n"
		"fiber_park();               /* thread B: sleeps after the wakeup */",
		"Let the wakeup leave something behind that the task looks at before it sleeps: a\n"
		"flag that both sides change under one lock, or a permit as in a semaphore. Announce\n"
		"the wait before the task becomes visible to wakers.",
		"The scheduler keeps the early wakeup and the park returns at once: then say\n"
		"threadline_block() only once the task really sleeps, or use a reason of the level\n"
		"class (permit), for which an early release is no violation.",
	},
	{
		"start-without-unblock",
		"A wait that only a named waker can end has ended, nobody woke the task, and it does\n"
		"not say that a timeout or a signal did. Somebody resumes tasks without saying so, or\n"
		"a task goes on by mistake.",
		"swapcontext(&self, &fiber->context);   /* resumes it ... */\n"
		"                                       /* ... with no threadline_unblock() before */",
		"Call threadline_unblock() in every place that makes a task runnable again, before it\n"
		"really is: timers and cancellation included.",
		"The place that resumes the task is in code that was not instrumented. Where events\n"
		"of the possible wakers are missing it is only told as info.",
	},
	{
		"double-block",
		"A task began to wait while it was in that very wait already, or ended an outer wait\n"
		"while an inner one went on. Waits of one task must nest.",
		"threadline_block(THREADLINE_PARK, &queue);\n"
		"if (!park())\n"
		"        return;             /* the wait is never ended: */\n"
		"                            /* threadline_start() is missing on this path */",
		"Say threadline_start() on every path on which a wait ends, errors and cancellation\n"
		"included, in the reverse order of the blocks.",
		"A task that jumps out of its waits (longjmp, an exception through C code) leaves\n"
		"them open; Threadline ends what it can see of that.",
	},
	{
		"event-after-exit",
		"A task did something after it had said that it ends. Its id, or the memory that\n"
		"holds it, is used longer than the task lives.",
		"threadline_exit();          /* the fiber's last words ... */\n"
		"notify(&fiber->done);       /* ... but this may wait for a lock */",
		"Say the exit as the task's very last action, and drop its id there.",
		"A task structure that is used again without a new threadline_create() looks like\n"
		"this as well; it is a defect of the instrumentation rather than of the program.",
	},
	{
		"lost-wakeup",
		"A task waits for a signal that was sent before it began to wait, to nobody, without\n"
		"the mutex, by the only task that ever signalled it, which has ended. The condition\n"
		"changed between the waiter's look and its wait.",
		"done = true;                            /* thread A, without the mutex */\n"
		"pthread_cond_signal(&finished);\n"
		"\n"
		"pthread_mutex_lock(&mutex);             /* thread B */\n"
		"while (!done)                           /* looked before A wrote, */\n"
		"        pthread_cond_wait(&finished, &mutex);  /* sleeps after A signalled */",
		"Change what the condition depends on under the mutex, and signal after that change.\n"
		"Wait in a loop that looks at the condition, never without one.",
		"Whoever would have signalled next was not recorded: another process, or code\n"
		"that Threadline cannot see. Where events were lost it is only told as info.",
	},
	{
		"never-unblocked",
		"Tasks still wait when the trace ends, grouped by what they wait for and by the stack.\n"
		"As a warning, they are stuck: nobody is left who would wake them, and the evidence\n"
		"says why. Each holds its stack and whatever it owns: a leak that grows. As info\n"
		"they may just be idle, as a pool's workers are.",
		"for (;;) {                              /* producer */\n"
		"        channel_send(channel, next()); /* waits for ever when the consumer */\n"
		"}                                      /* stops reading after the first match */",
		"Tell the other side when you turn away: close the channel, cancel, or send a last\n"
		"element. Let each wait end also when the partner is gone. The growth line shows\n"
		"whether there are more and more of them.",
		"A thread that the program leaves waiting on purpose when it exits, its only partner\n"
		"being gone; threads with a queue each that were made one after the other and then\n"
		"left idle. Suppress those by function, with the reason (--ignore).",
	},
	{
		"resource-leak",
		"Something was opened with threadline_open() and not closed until its process ended,\n"
		"grouped by the stack that opened it. While the process goes on it is only info.",
		"struct iterator *i = iterator_open(map);   /* calls threadline_open() */\n"
		"if (found(i))\n"
		"        return i->value;                    /* never iterator_close(i) */\n"
		"iterator_close(i);",
		"Close on every path: one exit with the close, or an owner with a destructor.",
		"What is meant to live as long as the process needs no close; give it a kind of its\n"
		"own and suppress that (--ignore, object=KIND).",
	},
	{
		"created-never-started",
		"A task was created, and its process ended before the task ran even once. The work\n"
		"that it should have done was dropped.",
		"pool_submit(pool, save_settings);\n"
		"exit(0);                     /* the pool never came to it */",
		"Wait for outstanding work before the process ends, or say explicitly that it may be\n"
		"dropped.",
		"Work that is prepared ahead and not needed in the end. It is info and fails a check\n"
		"only with --fail-on info.",
	},
	{
		"trace-gap",
		"Events are missing: the buffers were full, or a part of the trace was cut off. What\n"
		"is concluded from such a trace is weaker, and check exits 3 rather than 0 when it\n"
		"finds nothing.",
		"threadline record --buffer-size 64K -- ./busy-server",
		"Record with larger buffers (--buffer-size, a larger /dev/shm), or with fewer of the\n"
		"events that can be switched off (threadline record --help).",
		"Never: what is missing is missing. A single event lost far from the place you look\n"
		"at hardly matters, though.",
	},
};
const size_t tl_n_rule_helps = sizeof tl_rule_helps / sizeof *tl_rule_helps;

const struct tl_rule_help *tl_rule_help_find(const char *id)
{
	for (size_t i = 0; i < tl_n_rule_helps; i++)
		if (strcmp(tl_rule_helps[i].id, id) == 0)
			return &tl_rule_helps[i];
	return NULL;
}
