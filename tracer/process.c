/* Begin, fork and end of the traced process; see process.h. */
#include "tracer/process.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <unistd.h>

#include <lttng/tracepoint.h>

#include "tracer/dump.h"
#include "tracer/emit.h"
#include "tracer/stack.h"

_Atomic bool tl_process_begun;
static _Atomic bool ended;
static _Atomic bool is_child; /* by a fork, and nothing was said of it yet */
static pid_t self_pid, parent_pid;
static uint32_t capabilities = TL_CAN_API;
static char program[4096];

const char *tl_process_program(void)
{
	return program;
}

bool tl_process_is_self(void)
{
	return getpid() == self_pid;
}

/* A fork's child begins in the middle of its thread's life. */
static void say_running(struct tl_entry *task)
{
	struct tl_ev_start start = {.carrier = tl_task_carrier(), .cause = TL_CAUSE_UNKNOWN};

	tl_emit_start(task, &start);
}

static uint32_t say_begin(struct tl_entry *task)
{
	struct tl_ev_process_begin event = {
		.pid = (uint32_t)self_pid,
		.parent = (uint32_t)parent_pid,
		.capabilities = capabilities,
		.version = TL_CONTRACT_VERSION,
		.program = program,
	};

	return tl_emit_process_begin(task, &event);
}

/* One file may be several programs: as what it was called, the kernel knows (redis-server is redis-check-rdb). */
static void say_name(struct tl_entry *task)
{
	char comm[17] = "";
	const char *slash = strrchr(program, '/');
	struct tl_ev_name event = {.what = TL_NAMED_TASK, .id = task->number, .text = comm};

	if (tl_task_carrier() != (uint32_t)self_pid || prctl(PR_GET_NAME, comm) != 0)
		return;
	if (comm[0] != '\0' && strncmp(slash ? slash + 1 : program, comm, 15) != 0)
		tl_emit_name(task, &event);
}

void tl_process_begin(struct tl_entry *task)
{
	if (atomic_exchange(&tl_process_begun, true))
		return;
	if (say_begin(task) == 0) {
		atomic_store(&tl_process_begun, false);
		return;
	}
	say_name(task);
	if (atomic_exchange(&is_child, false))
		say_running(task);
}

void tl_process_tell(struct tl_entry *task)
{
	atomic_store(&tl_process_begun, true);
	say_begin(task);
}

void tl_process_end(int status)
{
	struct tl_ev_process_end event = {.status = status};
	struct tl_entry *task;

	if (!tl_process_is_self() || atomic_exchange(&ended, true))
		return;
	/* The thread that ends the process may have ended its own task before. */
	task = tl_thread.own ? tl_thread.own : tl_task_current();
	if (task && atomic_load(&tl_process_begun))
		tl_emit_process_end(task, &event);
}

bool tl_process_exec(void)
{
	struct tl_ev_process_end event = {.status = TL_STATUS_EXEC};
	struct tl_entry *task;

	if (!tl_process_is_self() || !atomic_load(&tl_process_begun) || atomic_load(&ended))
		return false;
	task = tl_task_current();
	return task && tl_emit_process_end(task, &event) != 0;
}

void tl_process_goes_on(void)
{
	struct tl_entry *task = tl_task_current();

	atomic_store(&ended, false);
	if (task)
		say_begin(task);
}

void tl_process_silence(void)
{
	tl_task_silenced = true;
	tl_thread.carrier = 0;
	tl_thread.current = tl_thread.own = NULL;
}

/*
 * Runs inside fork, before LTTng has made the child's own buffers: so it only
 * forgets, and the child's first event tells its beginning. That is soon after
 * fork itself, which is wrapped, and later after daemon or forkpty.
 */
static void forked(void)
{
	self_pid = getpid();
	parent_pid = getppid();
	atomic_store(&tl_process_begun, false);
	atomic_store(&ended, false);
	atomic_store(&is_child, true);
	tl_task_new_process();
	tl_task_after_fork();
	tl_stack_forget();
	tl_dump_after_fork();
}

void tl_process_after_fork(void)
{
	struct tl_entry *task = tl_task_current();

	if (task)
		tl_process_ensure_begun(task);
}

/* Registered before the program's own, so it comes after them; then no destructor runs. */
static void end_quickly(void)
{
	tl_process_end(-1);
}

static void read_program(void)
{
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);

	program[n > 0 ? n : 0] = '\0';
}

/*
 * Runs after LTTng's constructor, which has waited for the session daemon, and
 * after the provider's, so that what is to be recorded is known here.
 */
__attribute__((constructor)) static void begin(void)
{
	const uint32_t *more = dlsym(RTLD_DEFAULT, TL_PRELOAD_CAPABILITIES);
	struct tl_entry *task;

	/*
	 * LTTng's destructors free what other threads still use while they
	 * emit: exit() with running threads would crash the program.
	 */
	tracepoint_disable_destructors();
	if (more)
		capabilities |= *more;
	self_pid = getpid();
	parent_pid = getppid();
	read_program();
	tl_task_new_process();
	tl_stack_init();
	pthread_atfork(NULL, NULL, forked);
	at_quick_exit(end_quickly);
	task = tl_task_current();
	if (task)
		tl_process_ensure_begun(task);
	tl_dump_init(atomic_load(&tl_process_begun));
}

__attribute__((destructor)) static void end(void)
{
	tl_process_end(-1);
}
