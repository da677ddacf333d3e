/* Pages of help: waits and wakeups that do not fit together; see help_pages.h. */
#include "viewer/rules/help_pages.h"

static const struct tl_rule_help pages[] = {
	{
		"unblock-before-block",
		"A waker woke a task out of a wait that the task had not begun. When it begins\n"
		"it, the wakeup is already spent: the task sleeps until another comes, which may\n"
		"be never. For objects that keep no memory (condition variables) this is only\n"
		"told as info.",
		"scheduler_wake(fiber);      /* thread A: nobody sleeps yet */\n"
		"fiber_park();               /* thread B: sleeps after the wakeup */",
		"Let the wakeup leave something behind that the task looks at before it sleeps: a\n"
		"flag that both sides change under one lock, or a permit as in a semaphore.\n"
		"Announce the wait before the task becomes visible to wakers.",
		"The scheduler keeps the early wakeup and the park returns at once: then say\n"
		"threadline_block() only once the task really sleeps, or use a reason of the\n"
		"level class (permit), for which an early release is no violation.",
	},
	{
		"start-without-unblock",
		"A wait that only a named waker can end has ended, nobody woke the task, and it\n"
		"does not say that a timeout or a signal did. Somebody resumes tasks without\n"
		"saying so, or a task goes on by mistake.",
		"swapcontext(&self, &fiber->context);  /* resumes it ... */\n"
		"                                  /* ... with no threadline_unblock() before */",
		"Call threadline_unblock() in every place that makes a task runnable again,\n"
		"before it really is: timers and cancellation included.",
		"The place that resumes the task is in code that was not instrumented. Where\n"
		"events of the possible wakers are missing it is only told as info.",
	},
	{
		"double-block",
		"A task began to wait while it was in that very wait already, or ended an outer\n"
		"wait while an inner one went on. Waits of one task must nest.",
		"threadline_block(THREADLINE_PARK, &queue);\n"
		"if (!park())\n"
		"        return;             /* the wait is never ended: */\n"
		"                            /* threadline_start() is missing on this path */",
		"Say threadline_start() on every path on which a wait ends, errors and\n"
		"cancellation included, in the reverse order of the blocks.",
		"A task that jumps out of its waits (longjmp, an exception through C code) leaves\n"
		"them open; Threadline ends what it can see of that.",
	},
	{
		"double-unblock",
		"Two wakers ended one and the same wait of a task by name. One of them was\n"
		"enough: the other wakeup is lost to whomever it was meant for, or makes a task\n"
		"run that waits for something else by then.",
		"fiber = queue->first;               /* threads A and B both find it here */\n"
		"threadline_unblock(fiber->task, THREADLINE_PARK, queue);\n"
		"make_ready(fiber);\n"
		"queue_remove(queue, fiber);         /* too late */",
		"Let one waker win before it says and does the wakeup: it takes the task off the\n"
		"queue under a lock, or changes its state by an atomic exchange. Timeouts and\n"
		"cancellation are wakers, too.",
		"A scheduler that ignores the second wakeup: then say threadline_unblock() only\n"
		"when the waker has won, or use a reason of the level class (permit). Wakeups by\n"
		"object, and of threads' own locks and conditions, are not counted. Where events\n"
		"are missing: info.",
	},
	{
		"wait-without-mutex",
		"A task waited for a condition and did not hold the mutex that it gave. What it\n"
		"waits for may have changed between its look and its wait, so that the signal is\n"
		"lost; and the wait gives up a mutex that is free, or another's.",
		"while (!done)                       /* looked at without the mutex */\n"
		"        pthread_cond_wait(&finished, &mutex);",
		"Lock the mutex, look at the condition, wait in a loop, and unlock when you have\n"
		"what you came for. Whoever changes the condition holds the same mutex.",
		"None is known: it is what glibc itself has noted as the mutex's owner. Where\n"
		"events of the task are missing it is only told as info.",
	},
	{
		"cond-two-mutexes",
		"Two tasks wait on one condition at the same time with different mutexes, which\n"
		"POSIX leaves undefined. Neither mutex protects what the condition is about: it\n"
		"changes under one while the other's holder looks at it, and wakeups are lost.",
		"pthread_cond_wait(&changed, &reader->mutex);    /* thread A */\n"
		"pthread_cond_wait(&changed, &writer->mutex);    /* thread B */",
		"Use one mutex for all that the condition is about, or a condition for each\n"
		"mutex.",
		"Not known for waits that really go on at the same time; who was signalled\n"
		"already is not counted, nor are conditions that processes share.\n"
		"std::condition_variable_any, which allows different locks, is not reported.\n"
		"Where events are missing it is only told as info.",
	},
	{
		"abandoned-wait",
		"A task left a wait by a jump (siglongjmp() out of a signal handler, for\n"
		"instance). What it waited for knows nothing of that: a condition's mutex may be\n"
		"held or not, a semaphore or a barrier may still count it as a waiter, and the\n"
		"next one pays for it.",
		"static void on_alarm(int number)\n"
		"{\n"
		"        siglongjmp(out, number);\n"
		"}\n"
		"\n"
		"int get_answer(void)\n"
		"{\n"
		"        if (sigsetjmp(out, 1) != 0)\n"
		"                return -1;          /* too late */\n"
		"        alarm(1);\n"
		"        return sem_wait(&answer);   /* left by the jump */\n"
		"}",
		"Wait with a deadline (sem_timedwait(), pthread_cond_timedwait()) in place of an\n"
		"alarm. Or let the handler post a semaphore (sem_post() is allowed there), and\n"
		"leave the wait in the ordinary way.",
		"A program that moves between stacks by means of its own may look as if it had\n"
		"left a wait to which it comes back. Jumps out of input and output, sleep, and\n"
		"waits for a signal or a child are not reported: nothing of the program's is left\n"
		"half done.",
	},
	{
		"cancel-in-wait",
		"A thread was cancelled while it waited, and held a lock then, or waited for a\n"
		"condition, whose mutex it gets back first. Nothing is wrong yet; but unless a\n"
		"handler unlocks, it ends with the lock, which exit-holding-lock reports.",
		"pthread_mutex_lock(&mutex);\n"
		"while (!ready)\n"
		"        pthread_cond_wait(&changed, &mutex);    /* cancelled: holds mutex */\n"
		"pthread_mutex_unlock(&mutex);                   /* never reached */",
		"Push a handler that unlocks (pthread_cleanup_push()) before the wait, or switch\n"
		"cancellation off around it (pthread_setcancelstate()). Better still, do not\n"
		"cancel: set a flag under the mutex, and signal.",
		"Wherever handlers, or the destructors of C++, unlock: that cannot be told from\n"
		"the trace, so it is info and fails a check only with --fail-on info.",
	},
	{
		"lost-wakeup",
		"A task waits for a signal that was sent before it began to wait, to nobody,\n"
		"without the mutex, by the only task that ever signalled it, which has ended. The\n"
		"condition changed between the waiter's look and its wait.",
		"done = true;                            /* thread A, without the mutex */\n"
		"pthread_cond_signal(&finished);\n"
		"\n"
		"pthread_mutex_lock(&mutex);             /* thread B */\n"
		"while (!done)                           /* looked before A wrote, */\n"
		"        pthread_cond_wait(&finished, &mutex);  /* sleeps after A signalled */",
		"Change what the condition depends on under the mutex, and signal after that\n"
		"change. Wait in a loop that looks at the condition, never without one.",
		"Whoever would have signalled next was not recorded: another process, or code\n"
		"that Threadline cannot see. Where events were lost it is only told as info.",
	},
	{
		"signal-not-consumed",
		"A task waits to the end of the trace. When it came to wait a signal was sent\n"
		"without the mutex, nobody went on after it, and the only task that ever\n"
		"signalled has ended. The signal fell between the waiter's look and the moment\n"
		"from which it really waits. (Where it was sent before the waiter came at all,\n"
		"that is lost-wakeup.)",
		"atomic_store(&done, true);              /* thread A, without the mutex */\n"
		"pthread_cond_signal(&finished);\n"
		"\n"
		"pthread_mutex_lock(&mutex);             /* thread B */\n"
		"while (!atomic_load(&done))             /* looked before A wrote, */\n"
		"        pthread_cond_wait(&finished, &mutex);  /* not yet asleep then */\n"
		"pthread_mutex_unlock(&mutex);",
		"Change what the condition depends on under the mutex, and signal after that\n"
		"change. That it is atomic is not enough: the look and the wait must be one step\n"
		"for who changes it.",
		"The waiter was woken, but cannot get its mutex from somebody of whom the trace\n"
		"does not say that he has it. (One second must have passed, and no task that\n"
		"waits or has ended may be known to hold it.) Or whoever would have signalled\n"
		"next was not recorded. Where anything was lost it is only told as info.",
	},
	{
		"spurious-wakeup",
		"A task went on from its wait for a condition though no signal came that could\n"
		"have woken it. POSIX and C++ allow that, so it is only info; but what the task\n"
		"waited for need not be true then, and it must look again.",
		"pthread_mutex_lock(&mutex);\n"
		"if (!ready)                             /* looks only once */\n"
		"        pthread_cond_wait(&changed, &mutex);\n"
		"use(data);                              /* perhaps it is not ready */",
		"Wait in a loop that looks at the condition (while in place of if); in C++ give\n"
		"wait() the predicate: changed.wait(lock, [] { return ready; }).",
		"Wherever the wait is in such a loop: nothing is to be done. The signal may also\n"
		"have come from code that Threadline cannot see.",
	},
};

const struct tl_help_family tl_help_waits = {pages, sizeof pages / sizeof *pages};
