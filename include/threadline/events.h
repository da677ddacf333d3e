/*
 * The event contract: every kind of event, its fields and the named values in
 * them, written once. The LTTng provider, the readers, the text form used by
 * tests and the documentation are all derived from the tables below; nothing
 * else may list events or fields by hand.
 *
 * Every event carries, before its own fields, `task` (u64: who emits it) and
 * `seq` (u32: +1 per event of that task, the first event of a task has 1,
 * compared serially because it wraps).
 *
 * A task id is (process nonce << 32) | number; the nonce is random per process
 * image and the number counts from 1, so an id is never reused in a trace.
 * Fields of type U32 that name a task (child, target, waker) hold the number
 * only: they always speak of the emitter's own process. 0 means "nobody".
 *
 * Changing a table changes the format: raise TL_CONTRACT_VERSION.
 */
#ifndef THREADLINE_EVENTS_H
#define THREADLINE_EVENTS_H

#include <stdint.h>

/* Tables read better as they were set by hand. */
/* clang-format off */

#define TL_CONTRACT_VERSION 3

/* ---- named values: X(NAME, number, "text", ...) -------------------------- */

/*
 * Why a task waits. The class decides what the rules may conclude:
 *   TARGETED  the waker names the task and its wait;
 *   EDGE      a signal is lost when nobody waits;
 *   LEVEL     the object remembers, an early release is never a violation.
 */
#define TL_REASONS(X)                                                          \
	X(UNKNOWN, 0, "unknown", LEVEL)                                        \
	X(MUTEX, 1, "mutex", LEVEL)                                            \
	X(RWLOCK_READ, 2, "rwlock-read", LEVEL)                                \
	X(RWLOCK_WRITE, 3, "rwlock-write", LEVEL)                              \
	X(COND, 4, "cond", EDGE)                                               \
	X(SEMAPHORE, 5, "semaphore", LEVEL)                                    \
	X(BARRIER, 6, "barrier", LEVEL)                                        \
	X(JOIN, 7, "join", LEVEL)                                              \
	X(ONCE, 8, "once", LEVEL)                                              \
	X(SPIN, 9, "spin", LEVEL)                                              \
	X(FUTEX, 10, "futex", EDGE)                                            \
	X(SLEEP, 11, "sleep", LEVEL)                                           \
	X(IO, 12, "io", LEVEL)                                                 \
	X(CHILD, 13, "child", LEVEL)                                           \
	X(SIGNAL, 14, "signal", LEVEL)                                         \
	X(PARK, 15, "park", TARGETED)                                          \
	X(PERMIT, 16, "permit", LEVEL)                                         \
	X(SEND, 17, "send", TARGETED)                                          \
	X(RECEIVE, 18, "receive", TARGETED)                                    \
	X(SELECT, 19, "select", TARGETED)                                      \
	X(USER, 20, "user", TARGETED)                                          \
	X(USER_LEVEL, 21, "user-level", LEVEL)                                 \
	X(KERNEL, 22, "kernel", EDGE)                                          \
	X(CANCEL, 23, "cancel", LEVEL)

/* Why a wait ended, as the waiter itself saw it. */
#define TL_CAUSES(X)                                                           \
	X(UNKNOWN, 0, "unknown", _)                                            \
	X(FIRST, 1, "first", _)             /* not a wait: the task begins */    \
	X(HANDOFF, 2, "handoff", _)         /* the named waker made way */      \
	X(SIGNAL, 3, "signal", _)           /* a condition was signalled */     \
	X(MISSED_RELEASE, 4, "missed-release", _) /* released unseen, nobody to name */ \
	X(TIMEOUT, 5, "timeout", _)                                            \
	X(INTERRUPTED, 6, "interrupted", _)                                    \
	X(CANCELLED, 7, "cancelled", _)                                        \
	X(OWNER_DIED, 8, "owner-died", _)                                      \
	X(SPURIOUS, 9, "spurious", _)                                          \
	X(ERROR, 10, "error", _)                                               \
	X(READY, 11, "ready", _)            /* the object was found ready */

/* What kind of task. */
#define TL_TASK_KINDS(X)                                                       \
	X(THREAD, 0, "thread", _)                                              \
	X(FIBER, 1, "fiber", _)                                                \
	X(COROUTINE, 2, "coroutine", _)                                        \
	X(JOB, 3, "job", _)

/* Why a running task gave up the processor and stays runnable. */
#define TL_YIELDS(X)                                                           \
	X(YIELD, 0, "yield", _)                                                \
	X(PREEMPTED, 1, "preempted", _)

/* A call that was wrong, as the wrapper itself saw it. */
#define TL_MISUSES(X)                                                          \
	X(OTHER, 0, "other", _)                                                \
	X(UNLOCK_NOT_OWNER, 1, "unlock-not-owner", _)                          \
	X(RELOCK_BY_OWNER, 2, "relock-by-owner", _)                            \
	X(WAIT_WITHOUT_MUTEX, 3, "wait-without-mutex", _)                      \
	X(DESTROY_WHILE_HELD, 4, "destroy-while-held", _)                      \
	X(DESTROY_WHILE_WAITED, 5, "destroy-while-waited", _)                  \
	X(JOIN_SELF, 6, "join-self", _)                                        \
	X(JOIN_DETACHED, 7, "join-detached", _)                                \
	X(JOIN_TWICE, 8, "join-twice", _)                                      \
	X(CREATE_FAILED, 9, "create-failed", _)                                \
	X(ABANDONED_WAIT, 10, "abandoned-wait", _)                             \
	X(DETACH_DETACHED, 11, "detach-detached", _)

/* Where a task stands, in a `status` event. */
#define TL_STANDINGS(X)                                                        \
	X(RUNNING, 0, "running", _)                                            \
	X(RUNNABLE, 1, "runnable", _)                                          \
	X(BLOCKED, 2, "blocked", _)                                            \
	X(EXITED, 3, "exited", _)

/* What a `name` event names. */
#define TL_NAMED(X)                                                            \
	X(TASK, 0, "task", _)                                                  \
	X(OBJECT, 1, "object", _)

#define TL_ENUM_ROW_(prefix, name, number) prefix##name = number,
#define TL_REASON_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_REASON_, n, v)
#define TL_CAUSE_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_CAUSE_, n, v)
#define TL_TASK_KIND_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_TASK_KIND_, n, v)
#define TL_YIELD_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_YIELD_, n, v)
#define TL_MISUSE_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_MISUSE_, n, v)
#define TL_STANDING_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_STANDING_, n, v)
#define TL_NAMED_ROW_(n, v, t, c) TL_ENUM_ROW_(TL_NAMED_, n, v)

enum tl_reason { TL_REASONS(TL_REASON_ROW_) TL_N_REASONS };
enum tl_cause { TL_CAUSES(TL_CAUSE_ROW_) TL_N_CAUSES };
enum tl_task_kind { TL_TASK_KINDS(TL_TASK_KIND_ROW_) TL_N_TASK_KINDS };
enum tl_yield { TL_YIELDS(TL_YIELD_ROW_) TL_N_YIELDS };
enum tl_misuse { TL_MISUSES(TL_MISUSE_ROW_) TL_N_MISUSES };
enum tl_standing { TL_STANDINGS(TL_STANDING_ROW_) TL_N_STANDINGS };
enum tl_named { TL_NAMED(TL_NAMED_ROW_) TL_N_NAMED };

enum tl_wait_class { TL_CLASS_TARGETED, TL_CLASS_EDGE, TL_CLASS_LEVEL };

/* Bits of process_begin.capabilities: what this recording can see. */
#define TL_CAN_API 0x1u        /* the program's own calls of threadline.h */
#define TL_CAN_THREADS 0x2u    /* pthread create, start, exit, join */
#define TL_CAN_MUTEXES 0x4u    /* mutex waits and releases */
#define TL_CAN_CONDS 0x8u      /* condition waits, signals with and without waiter */
#define TL_CAN_SEMAPHORES 0x10u
#define TL_CAN_RWLOCKS 0x20u
#define TL_CAN_BARRIERS 0x40u  /* barriers, once, spin locks */
#define TL_CAN_SCHEDULER 0x80u /* what the kernel's scheduler did: said by the kernel, not by the program */

/*
 * In process_end.status: the process becomes another program. When exec fails,
 * process_begin comes again under the same ids, and the process goes on.
 */
#define TL_STATUS_EXEC (-2)

/* No timeout, in block.timeout_ns. */
#define TL_NO_TIMEOUT ((int64_t)-1)

/* In block.held, bit 0 of a lock's address says: held shared (as a reader). */
#define TL_HELD_SHARED ((uint64_t)1)

/*
 * What has no address is named by a number under a first byte that no program's
 * address has: a file descriptor, a child by its process id. Object 0: several, or any.
 */
#define TL_OBJECT_DESCRIPTOR ((uint64_t)0xFD << 56)
#define TL_OBJECT_CHILD ((uint64_t)0xFC << 56)

/* ---- events: X(name, NAME, "what it says") ------------------------------- */

#define TL_EVENTS(X)                                                           \
	X(process_begin, PROCESS_BEGIN, "a process begins to be recorded")     \
	X(process_end, PROCESS_END, "a process ends in order")                 \
	X(create, CREATE, "I am about to create a task")                       \
	X(start, START, "I run: for the first time, or again after a wait")    \
	X(block, BLOCK, "I am about to wait")                                  \
	X(unblock, UNBLOCK, "I make someone runnable")                         \
	X(arrive, ARRIVE, "I have reached a barrier")                          \
	X(schedule, SCHEDULE, "I give up the processor and stay runnable")     \
	X(exit, EXIT, "I end: the unblock of everyone who joins me")           \
	X(join, JOIN, "I have joined a task")                                  \
	X(detach, DETACH, "I detach a task, or create it so")                  \
	X(destroy, DESTROY, "an object ends")                                  \
	X(misuse, MISUSE, "a call was wrong")                                  \
	X(status, STATUS, "where a task stands, said for it by the library")   \
	X(name, NAME, "a name for a task or an object")                        \
	X(lock_edge, LOCK_EDGE, "I took b while holding a")                    \
	X(open, OPEN, "a resource begins")                                     \
	X(close, CLOSE, "a resource ends")                                     \
	X(region_begin, REGION_BEGIN, "a region of the program's own begins")  \
	X(region_end, REGION_END, "a region of the program's own ends")        \
	X(mark, MARK, "the program's own remark")                              \
	X(stack, STACK, "a call stack, once per distinct one")                 \
	X(module, MODULE, "code loaded at an address, to resolve stacks with") \
	X(dump_end, DUMP_END, "a state dump of this process is complete")

/*
 * Fields: F(x, TYPE, name, "what it is and its unit"), where x is whatever the
 * user of the list passes through. Types:
 *   U8 U16 U32 U64 S32 S64     integers
 *   TEXT                       NUL-terminated bytes, UTF-8 expected, not trusted
 *   ADDRS                      a sequence of up to 255 u64
 *   BYTES                      a sequence of up to 255 u8
 *   REASON CAUSE TASK_KIND YIELD MISUSE STANDING NAMED   u8, a named value
 */
#define TL_FIELDS_process_begin(F, x)                                             \
	F(x, U32, pid, "process id")                                              \
	F(x, U32, parent, "parent's process id")                                  \
	F(x, U32, capabilities, "TL_CAN_ bits")                                   \
	F(x, U16, version, "TL_CONTRACT_VERSION of the emitter")                  \
	F(x, TEXT, program, "path of the executable")
#define TL_FIELDS_process_end(F, x) F(x, S32, status, "exit status; -1: not known; TL_STATUS_EXEC")
#define TL_FIELDS_create(F, x)                                                    \
	F(x, U32, child, "number of the new task")                                \
	F(x, TASK_KIND, kind, "")                                                 \
	F(x, U64, entry, "address of the function that the task runs, or 0")      \
	F(x, U32, stack, "where it is created")                                   \
	F(x, TEXT, name, "its name if already known")
#define TL_FIELDS_start(F, x)                                                     \
	F(x, U32, wait, "number of the wait that ends; 0: none, it begins or had yielded")       \
	F(x, U32, carrier, "OS thread id on which the task now runs")             \
	F(x, CAUSE, cause, "")                                                    \
	F(x, U32, waker, "number of the task that ended the wait; 0: unknown")    \
	F(x, U32, waker_seq, "the waker's seq of that unblock")
#define TL_FIELDS_block(F, x)                                                     \
	F(x, U32, wait, "number of this wait; waits of a task count from 1")      \
	F(x, REASON, reason, "")                                                  \
	F(x, U64, object, "address or id of what is waited for")                  \
	F(x, U64, object2, "a condition's mutex, or 0")                           \
	F(x, S64, timeout_ns, "longest wait in ns, TL_NO_TIMEOUT: for ever")      \
	F(x, U32, owner, "OS thread id that held the lock: a hint; 0: unknown")   \
	F(x, U32, stack, "where it waits")                                     \
	F(x, U8, how, "TL_BLOCK_ bits")                                        \
	F(x, ADDRS, held, "locks held, oldest first; bit 0: shared")
#define TL_FIELDS_unblock(F, x)                                                   \
	F(x, U32, target, "number of the task made runnable; 0: by object only")  \
	F(x, U32, target_wait, "the wait of it that is meant")                    \
	F(x, U32, target_seq, "the target's seq when the waker looked")           \
	F(x, U64, object, "")                                                     \
	F(x, REASON, reason, "")                                                  \
	F(x, U16, waiters, "how many waited when the waker looked (65535: or more)") \
	F(x, U8, how, "TL_UNBLOCK_ bits")
#define TL_FIELDS_arrive(F, x)                                                    \
	F(x, U64, object, "the barrier")                                          \
	F(x, U32, round, "which use of the barrier, from 1")                      \
	F(x, U32, count, "how many the barrier waits for")
#define TL_FIELDS_schedule(F, x) F(x, YIELD, reason, "")
#define TL_FIELDS_exit(F, x)                                                      \
	F(x, U64, status, "the value the task returns")                           \
	F(x, U16, held_count, "locks still held")                                 \
	F(x, U64, held, "one of them, or 0")
#define TL_FIELDS_join(F, x) F(x, U32, child, "number of the joined task")
#define TL_FIELDS_detach(F, x) F(x, U32, child, "number of the detached task")
#define TL_FIELDS_destroy(F, x)                                                   \
	F(x, U64, object, "")                                                     \
	F(x, REASON, reason, "what kind of object: the reason of waits for it")   \
	F(x, U16, waiters, "tasks that waited for it then")
#define TL_FIELDS_misuse(F, x)                                                    \
	F(x, MISUSE, kind, "")                                                    \
	F(x, U64, object, "")                                                     \
	F(x, S32, error, "the errno value, or 0")                                 \
	F(x, U32, stack, "where")
#define TL_FIELDS_status(F, x)                                                    \
	F(x, U32, target, "number of the task spoken for")                        \
	F(x, U32, target_seq, "its seq then; the event counts only if it fits")   \
	F(x, U32, wait, "its wait number")                                        \
	F(x, STANDING, state, "")                                                 \
	F(x, REASON, reason, "if blocked")                                        \
	F(x, U64, object, "if blocked")                                           \
	F(x, S64, since_ns, "since when, in the trace's clock")                   \
	F(x, U32, carrier, "its OS thread id")                                    \
	F(x, U32, stack, "where it waits, if blocked")
#define TL_FIELDS_name(F, x)                                                      \
	F(x, NAMED, what, "")                                                     \
	F(x, U64, id, "a task's number or an object's address")                   \
	F(x, TEXT, text, "")
#define TL_FIELDS_lock_edge(F, x)                                                 \
	F(x, U64, a, "the lock held")                                             \
	F(x, U64, b, "the lock taken")                                            \
	F(x, U32, stack_a, "where a was taken")                                   \
	F(x, U32, stack_b, "where b was taken")                                   \
	F(x, U8, how, "TL_EDGE_ bits")                                            \
	F(x, U32, by, "number of the task that did, said again for it by the library; 0: I") \
	F(x, ADDRS, held, "every lock held then, a among them, oldest first; bit 0: shared")
#define TL_FIELDS_open(F, x)                                                      \
	F(x, U64, resource, "address or id")                                      \
	F(x, U32, stack, "where it was opened")                                   \
	F(x, TEXT, kind, "what kind of resource")
#define TL_FIELDS_close(F, x)                                                     \
	F(x, U64, resource, "address or id")                                      \
	F(x, U32, stack, "where it was closed")
#define TL_FIELDS_region_begin(F, x) F(x, TEXT, text, "")
#define TL_FIELDS_region_end(F, x) F(x, TEXT, text, "")
#define TL_FIELDS_mark(F, x) F(x, TEXT, text, "")
#define TL_FIELDS_stack(F, x)                                                     \
	F(x, U32, id, "how events of this process refer to it; never 0")          \
	F(x, ADDRS, pcs, "return addresses, innermost first")
#define TL_FIELDS_module(F, x)                                                    \
	F(x, U64, base, "load address of the file's first byte")                  \
	F(x, U64, size, "bytes of address space")                                 \
	F(x, TEXT, path, "")                                                      \
	F(x, BYTES, build_id, "GNU build id, or empty")
#define TL_FIELDS_dump_end(F, x) F(x, U32, dump, "number of the dump, from 1")

/* Bits of block.how. */
#define TL_BLOCK_SHARED 0x1u       /* the object is shared between processes */

/* Bits of lock_edge.how. */
#define TL_EDGE_GUESSED 0x1u       /* of stack_a only the innermost frame is certain */
#define TL_EDGE_NO_MORE 0x2u       /* no edge, but the last word: memory for them is full */

/* Bits of unblock.how. */
#define TL_UNBLOCK_ALL 0x1u        /* a broadcast: every waiter */
#define TL_UNBLOCK_NO_MUTEX 0x2u   /* a signal sent without holding any lock */
#define TL_UNBLOCK_SHARED 0x4u     /* the object is shared between processes */

#define TL_EVENT_ENUM_(name, NAME, text) TL_EVENT_##NAME,
enum tl_event_kind { TL_EVENTS(TL_EVENT_ENUM_) TL_N_EVENT_KINDS };

/* ---- C forms of the events: struct tl_ev_create and so on ----------------- */

#define TL_MEMBER_U8(m) uint8_t m;
#define TL_MEMBER_U16(m) uint16_t m;
#define TL_MEMBER_U32(m) uint32_t m;
#define TL_MEMBER_U64(m) uint64_t m;
#define TL_MEMBER_S32(m) int32_t m;
#define TL_MEMBER_S64(m) int64_t m;
#define TL_MEMBER_TEXT(m) const char *m;
#define TL_MEMBER_ADDRS(m) const uint64_t *m; uint8_t n_##m;
#define TL_MEMBER_BYTES(m) const uint8_t *m; uint8_t n_##m;
#define TL_MEMBER_REASON(m) uint8_t m;
#define TL_MEMBER_CAUSE(m) uint8_t m;
#define TL_MEMBER_TASK_KIND(m) uint8_t m;
#define TL_MEMBER_YIELD(m) uint8_t m;
#define TL_MEMBER_MISUSE(m) uint8_t m;
#define TL_MEMBER_STANDING(m) uint8_t m;
#define TL_MEMBER_NAMED(m) uint8_t m;
#define TL_MEMBER_(x, type, member, text) TL_MEMBER_##type(member)
#define TL_EVENT_STRUCT_(name, NAME, text)                                     \
	struct tl_ev_##name {                                                  \
		TL_FIELDS_##name(TL_MEMBER_, _)                                 \
	};
TL_EVENTS(TL_EVENT_STRUCT_)

#endif
