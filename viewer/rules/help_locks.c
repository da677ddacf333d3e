/* Pages of help: locks, and what comes of holding them; see help_pages.h. */
#include "viewer/rules/help_pages.h"

static const struct tl_rule_help pages[] = {
	{
		"unlock-not-owner",
		"A task unlocked a lock that it did not hold. A plain mutex lets that pass: it is\n"
		"free then, and whoever had it runs unprotected beside the next one. A recursive\n"
		"or checked mutex refuses (EPERM); that is an error of the program, too. A lock\n"
		"for which it was let pass is left out of the rules on deadlocks and orders: who\n"
		"holds it is not known now.",
		"if (pthread_mutex_trylock(&queue->mutex) == 0)\n"
		"        append(queue, item);\n"
		"pthread_mutex_unlock(&queue->mutex);     /* also when the mutex was busy */",
		"Unlock on exactly those paths on which the lock was got, and in the same thread;\n"
		"in C++ leave it to std::lock_guard or std::unique_lock. To tell another thread\n"
		"something, use a semaphore or a condition: a mutex is no message.",
		"A program that locks in one thread and unlocks in another on purpose: glibc's\n"
		"plain mutexes go along with it, but it is undefined, and only semaphores are\n"
		"made for it. Of read-write locks only what is certain is told, as they do not\n"
		"know their readers.",
	},
	{
		"self-deadlock",
		"A task waits for a lock that it holds itself, or, as a reader of a read-write\n"
		"lock, wants to write: it waits for ever. As a warning it did not come to that:\n"
		"the call was refused (EDEADLK), the wait has a deadline, or another task\n"
		"unlocked the lock in its place.",
		"void log_line(struct log *log, const char *text)\n"
		"{\n"
		"        pthread_mutex_lock(&log->mutex);\n"
		"        if (append(log, text) < 0)\n"
		"                log_line(log, \"some lines are lost\");   /* locks it again */\n"
		"        pthread_mutex_unlock(&log->mutex);\n"
		"}",
		"Make two functions of it: one that locks, and one for callers that hold the\n"
		"lock. Do not call back into code that is not yours while you hold a lock.\n"
		"Readers who want to write give up the lock first, and look again when they have\n"
		"it for writing.",
		"A program that tries a checked mutex, or waits with a deadline, and handles the\n"
		"answer. Not reported at all: trylock of one's own lock, a recursive mutex, and a\n"
		"reader who reads again (which can hang, too, if the lock lets writers go first).",
	},
	{
		"destroy-while-waited",
		"An object was destroyed while somebody held it or waited for it, or another one\n"
		"was made at its address while somebody waited. Whoever waits then uses memory\n"
		"that may be freed, or something else by now: it never wakes, wakes by chance, or\n"
		"spoils what is there.",
		"sem_init(&ready, 0, 0);\n"
		"pthread_create(&thread, NULL, wait_for, &ready);   /* calls sem_wait() */\n"
		"sem_destroy(&ready);                /* not posted, and nobody was joined */",
		"Wake all who wait and let them come out before you destroy: join them, or count\n"
		"them under a mutex that lives longer. Destroy a lock when its last user is known\n"
		"to be done.",
		"Who waits for a condition or semaphore that was signalled since, or for a\n"
		"barrier whose round is full, is leaving and not reported; a release that shows\n"
		"only later turns the finding into info. Releases by code that Threadline cannot\n"
		"see are not known to it. Waiters of what processes share are not judged. Where\n"
		"events are missing it is only info.",
	},
	{
		"exit-holding-lock",
		"A task ended and still holds locks. Nobody can unlock them any more: the next\n"
		"one that wants them waits for ever. The finding shows the task's end, its latest\n"
		"wait, and where it was created; of one of the locks it says the address.",
		"static void *work(void *unused)\n"
		"{\n"
		"        pthread_mutex_lock(&mutex);\n"
		"        if (!find_work())\n"
		"                return unused;      /* past the unlock */\n"
		"        do_work();\n"
		"        pthread_mutex_unlock(&mutex);\n"
		"        return unused;\n"
		"}",
		"Unlock on every way out, and by a handler (pthread_cleanup_push()) where the\n"
		"thread may be cancelled or call pthread_exit(); in C++ by std::lock_guard. Where\n"
		"owners may die in the middle, use a robust mutex (PTHREAD_MUTEX_ROBUST).",
		"A robust mutex that nobody wants afterwards: it is known only by a later waiter\n"
		"who is told that the owner died, and then the finding is info. A lock that\n"
		"another task is meant to unlock: only semaphores may be handed over. Where\n"
		"events are missing it is only info.",
	},
	{
		"lock-order-inversion",
		"Locks were taken in contrary orders: a, then b in one place; b, then a in\n"
		"another (or round up to five locks). This time it went well. If two tasks do it\n"
		"at the same moment, each has its first lock and waits for the other's for ever.\n"
		"As info, the tasks that are known to have taken part could not run at the same\n"
		"time.",
		"void transfer(struct account *from, struct account *to, long amount)\n"
		"{\n"
		"        pthread_mutex_lock(&from->mutex);   /* one thread: x, then y */\n"
		"        pthread_mutex_lock(&to->mutex);     /* another: y, then x */\n"
		"        from->amount -= amount;\n"
		"        to->amount += amount;\n"
		"        pthread_mutex_unlock(&to->mutex);\n"
		"        pthread_mutex_unlock(&from->mutex);\n"
		"}",
		"Give the locks one order and keep to it everywhere: by rank, or by address where\n"
		"they are of one kind. std::scoped_lock(a, b) takes several without the danger.\n"
		"Or let go of the first lock before you take the second, or take both under a\n"
		"third.",
		"Places that something other than a lock keeps apart: a barrier, or that one\n"
		"comes before all threads begin. Two C++ mutexes that lived at one address, one\n"
		"after the other: their end is not seen. A common lock, readers and trylock are\n"
		"taken into account. An info that not every order could be recorded, or looked\n"
		"at, means that silence proves nothing.",
	},
	{
		"deadlock-cycle",
		"At the end of the trace tasks wait for each other in a circle: each for a lock\n"
		"that the next holds, or for the next to end (a join). None of them goes on, nor\n"
		"does anybody who waits for one of them. As a warning, it is less sure: one of\n"
		"the waits has a deadline, or a holder is known only by what a waiter saw.",
		"pthread_mutex_lock(&checking);           /* thread A */\n"
		"pthread_mutex_lock(&savings);            /* waits for B */\n"
		"\n"
		"pthread_mutex_lock(&savings);            /* thread B */\n"
		"pthread_mutex_lock(&checking);           /* waits for A */",
		"Take the locks in one order everywhere; lock-order-inversion shows other places\n"
		"where they are not. Never join a thread, or wait for it in another way, while\n"
		"you hold a lock that it needs in order to end.",
		"None is known for an error: each wait says which locks its task holds, and who\n"
		"waits gives none of them back. Only somebody who cancels one of the joins could\n"
		"still break the circle. Where anything was lost it is only told as info.",
	},
	{
		"join-cycle",
		"At the end of the trace threads wait for each other's end in a circle: each\n"
		"joins the next, and none can end while it waits. As a warning, one of the joins\n"
		"has a deadline. (Two that join each other are refused by glibc if it notices,\n"
		"and not reported then.)",
		"pthread_join(b, NULL);              /* thread a */\n"
		"pthread_join(c, NULL);              /* thread b */\n"
		"pthread_join(a, NULL);              /* thread c */",
		"Let one thread that is none of them join them all, usually the one that created\n"
		"them. Who only has to know that another is done waits for a condition or a\n"
		"semaphore instead.",
		"Only a thread that is going to be cancelled could still break the circle: a join\n"
		"can be. Where anything was lost it is only told as info.",
	},
	{
		"owner-exited",
		"At the end of the trace a task waits for a lock, and the task that held it has\n"
		"ended without unlocking it: nobody is left who could. exit-holding-lock shows\n"
		"the same from the other side, and where the owner was created.",
		"static void *first(void *unused)\n"
		"{\n"
		"        pthread_mutex_lock(&mutex);\n"
		"        return unused;                   /* never unlocked */\n"
		"}\n"
		"\n"
		"static void *second(void *unused)\n"
		"{\n"
		"        pthread_mutex_lock(&mutex);      /* waits for ever */\n"
		"        pthread_mutex_unlock(&mutex);\n"
		"        return unused;\n"
		"}",
		"Unlock on every way out of the owner (see exit-holding-lock). If owners may die\n"
		"in the middle, make the mutex robust (PTHREAD_MUTEX_ROBUST): the next one is\n"
		"told (EOWNERDEAD), and repairs what the mutex guards.",
		"An owner that ended with several locks, of which its exit names only one: then\n"
		"the waiter's word counts, which may be out of date, and the finding is seen\n"
		"rather than proven. Waits with a deadline are not reported. Where anything was\n"
		"lost it is only told as info.",
	},
};

const struct tl_help_family tl_help_locks = {pages, sizeof pages / sizeof *pages};
