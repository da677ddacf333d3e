/* Pages of help: how tasks are created, joined and ended; see help_pages.h. */
#include "viewer/rules/help_pages.h"

static const struct tl_rule_help pages[] = {
	{
		"start-before-create",
		"A task ran although the create that it names comes later in its creator's own\n"
		"count of events, or does not exist. Either the program announces a task too\n"
		"late, after it may already be running, or it gives out ids wrongly.",
		"queue_push(&ready, job);              /* another thread may run it now */\n"
		"job->task = threadline_create(...);   /* too late */",
		"Call threadline_create() before anything makes the task visible to whoever runs\n"
		"it, and hand the id over together with the task.",
		"Threads of POSIX, C11 and C++ are announced by Threadline itself; for those this\n"
		"is a defect of Threadline: please report it. Of a task whose creator lost events\n"
		"or was first seen in the middle, this is not claimed.",
	},
	{
		"duplicate-create",
		"Two tasks were created under one id. Whatever is said of that id afterwards may\n"
		"belong to either, so other findings of the task are worth little until this is\n"
		"mended.",
		"job->task = pool_task;     /* copied, not created: the pool's second job */\n"
		"                           /* has the id of the first */",
		"Call threadline_create() once for each task, and again when its structure is\n"
		"used for another one.",
		"None is known. Where the task's events are missing it is only told as info.",
	},
	{
		"event-while-blocked",
		"A task did something while it was in a wait: it said that it waits\n"
		"(threadline_block()), and not yet that the wait is over (threadline_start()).\n"
		"Either a start is missing on some path, or two threads run the task at once. Of\n"
		"threads two things are told: to end in a wait, and eight waits that none ended.",
		"threadline_block(THREADLINE_PARK, fiber);\n"
		"swapcontext(&fiber->context, &scheduler);\n"
		"                                /* the scheduler resumes it and does not */\n"
		"                                /* call threadline_start() first */\n"
		"threadline_open(fiber->file, \"file\");",
		"Say threadline_start() before a task goes on, in every place that resumes one,\n"
		"and on every path on which a wait of a thread ends: timeouts, errors and\n"
		"cancellation included.",
		"None is known. A thread's signal handlers may do anything in the middle of its\n"
		"waits, and are not judged. Where events of the task are missing: info.",
	},
	{
		"event-by-wrong-carrier",
		"A task was started on one thread while it ran on another: it had not said that it\n"
		"waits, gives up its turn or ends. Two threads that run on one stack destroy it.",
		"queue_push(&ready, self);           /* another thread may take it from here */\n"
		"threadline_schedule();              /* too late, as is the switch: */\n"
		"swapcontext(&self->context, &scheduler);",
		"Let nobody see the task before it has really left its stack: the scheduler puts\n"
		"it into the queue after the switch. Say threadline_block() or\n"
		"threadline_schedule() before it can run elsewhere.",
		"A scheduler that moves tasks without threadline_schedule(): the program is right\n"
		"then, and what it says is not complete. Where events of the task are missing:\n"
		"info.",
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
		"join-self",
		"A thread joined itself: it would wait for its own end, which cannot come while\n"
		"it waits. glibc refuses that (EDEADLK), so the caller goes on as if a join had\n"
		"been made, though nothing has ended; std::thread::join() throws.",
		"static void *work(void *pool)\n"
		"{\n"
		"        stop(pool);                 /* joins all workers, this one included */\n"
		"        return NULL;\n"
		"}",
		"Let a thread that is none of the workers join them, or leave out the calling one\n"
		"(pthread_equal(thread, pthread_self())). In C++ this happens where the last\n"
		"reference to an object is dropped by its own thread, and the destructor joins.",
		"None is known. A program may live with the refusal, but no standard promises it:\n"
		"elsewhere the thread waits for itself for ever.",
	},
	{
		"join-detached",
		"A thread was joined that had been detached, or was created detached. While it\n"
		"runs glibc refuses that (EINVAL). Once it has ended its id is void: the memory\n"
		"behind it may be freed, or belong to a new thread, which is then joined in its\n"
		"place.",
		"pthread_create(&worker, NULL, work, NULL);\n"
		"pthread_detach(worker);\n"
		"do_something_else();\n"
		"pthread_join(worker, NULL);         /* refused, or of another thread */",
		"Choose one of the two. Where the end has to be waited for, do not detach; or let\n"
		"the thread post a semaphore or change a condition as its last action, and wait\n"
		"for that.",
		"None is known. It is rather missed: when the id has already been given to\n"
		"another thread, nobody can tell the two apart.",
	},
	{
		"double-join",
		"A thread was joined while another thread was joining it, or after it had been\n"
		"joined. The first is refused by glibc (EINVAL). In the second case the id is\n"
		"void: its memory may be freed, or belong to a new thread, which is then joined\n"
		"in its place.",
		"void worker_stop(struct worker *worker)  /* called by the user, and again */\n"
		"{                                        /* by worker_destroy() */\n"
		"        worker_tell_to_stop(worker);\n"
		"        pthread_join(worker->thread, NULL);\n"
		"}",
		"Give each thread one owner, who joins it once and notes that it did, as\n"
		"std::thread does (joinable()). If several have to wait for the end, let them\n"
		"wait for a condition that the thread changes last, and one of them join.",
		"Where the join was refused, the thread may have been detached in a way that\n"
		"Threadline did not see; that is wrong as well (join-detached).",
	},
	{
		"double-detach",
		"A thread was detached that had been detached or joined before, or was created\n"
		"detached. While it runs glibc refuses that (EINVAL) and no harm is done. After\n"
		"its end, or a join, the id is void: it may be a new thread's, which nobody can\n"
		"join then.",
		"pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);\n"
		"pthread_create(&thread, &attr, work, NULL);\n"
		"pthread_detach(thread);             /* once more; it may have ended already */",
		"Detach in one place: by the attribute, by the creator, or by the thread itself\n"
		"(pthread_detach(pthread_self())).",
		"None is known, but it does harm only if the thread may have ended. That is why\n"
		"it is a warning.",
	},
	{
		"create-failed",
		"The system refused to create a thread. Its work is not done, unless the program\n"
		"sees to that, and whoever waits for the result waits in vain. The message says\n"
		"why; most often too many threads live, or a limit or the memory is used up.",
		"for (int i = 0; i < n_requests; i++)    /* a thread for each request ... */\n"
		"        pthread_create(&threads[i], NULL, serve, &requests[i]);\n"
		"                                        /* ... its result not looked at */",
		"Look at the result of every create, and do the work in another way or give it up\n"
		"in order (std::thread throws std::system_error). A pool of a fixed size stays\n"
		"below the limit. Ended threads that nobody joins or detaches use up memory, too.",
		"The program handles the failure, which the rule cannot see: it starts as many\n"
		"threads as it can get, say, or is a test of just that. Suppress it by function.",
	},
	{
		"created-never-started",
		"A task was created, and its process ended before the task ran even once. The\n"
		"work that it should have done was dropped.",
		"pool_submit(pool, save_settings);\n"
		"exit(0);                     /* the pool never came to it */",
		"Wait for outstanding work before the process ends, or say explicitly that it may\n"
		"be dropped.",
		"Work that is prepared ahead and not needed in the end. It is info and fails a\n"
		"check only with --fail-on info.",
	},
	{
		"never-exited",
		"The process ended, in order, while these tasks still ran (or could run). Their\n"
		"work is cut off in the middle; and until the process is really gone they use what\n"
		"exit handlers and destructors of static objects tear down.",
		"int main(void)\n"
		"{\n"
		"        pthread_create(&writer, NULL, write_behind, &log);\n"
		"        serve();\n"
		"        return 0;               /* the writer may be in the middle of a line */\n"
		"}",
		"Tell the task to stop, and join it, before main returns. Or detach it where it\n"
		"may be cut off at any point: that is said, and not reported.",
		"Threads of a daemon that lives until it is told to end, and what waits in a way\n"
		"that is not recorded (input and sleep are recorded on request only) and so seems\n"
		"to run. Tasks in a wait are not meant here, but in never-unblocked. It is info.",
	},
	{
		"never-joined",
		"Threads had ended, and nobody joined or detached them. Until then the system\n"
		"keeps the stack of each (8 MB of address space by default, a part of it in\n"
		"memory) and its result: in a service that goes on, a leak. The growth line shows\n"
		"whether there are more and more of them.",
		"void on_request(struct request *request)\n"
		"{\n"
		"        pthread_t thread;\n"
		"        pthread_create(&thread, NULL, serve, request);   /* never joined */\n"
		"}",
		"Detach what nobody will wait for (pthread_detach(), or the attribute\n"
		"PTHREAD_CREATE_DETACHED); join the rest.",
		"A program that makes a fixed number of threads once and ends without joining them\n"
		"loses nothing: it is info. In a process that goes on, a thread counts one second\n"
		"after its end. A join by means that Threadline cannot see counts as none; so does\n"
		"the attribute, in recordings that were made before it was recorded.",
	},
};

const struct tl_help_family tl_help_tasks = {pages, sizeof pages / sizeof *pages};
