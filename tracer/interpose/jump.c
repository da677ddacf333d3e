/*
 * The longjmp family. A handler that jumps out of a wait leaves the wrapper's
 * frame without its cleanup; so the jump itself ends the waits that lie between
 * here and its target. Without an open wait it costs one look.
 *
 * What jumps without these functions (setcontext, a jump inlined by the
 * compiler) is noticed at the thread's next wait (wait.c).
 */
#undef _FORTIFY_SOURCE /* it would rename the longjmp defined here to __longjmp_chk */

#include "tracer/interpose/jump.h"

#include <setjmp.h>
#include <stdint.h>

#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"

/*
 * Where glibc keeps the stack pointer (jmpbuf-offsets.h of the machine), mangled
 * with a secret of the process, and by how many bits it is rotated after that.
 */
#if defined(__x86_64__)
#define SLOT 6
#define ROTATED 17
#define GET_STACK_POINTER(sp) __asm__ volatile("mov %%rsp, %0" : "=r"(sp))
#elif defined(__aarch64__)
#define SLOT 13
#define ROTATED 0
#define GET_STACK_POINTER(sp) __asm__ volatile("mov %0, sp" : "=r"(sp))
#endif

#ifdef SLOT
static uintptr_t secret;
static bool known;

static uintptr_t mangled_of(const struct __jmp_buf_tag *target)
{
	uintptr_t value = (uintptr_t)target->__jmpbuf[SLOT];

	return ROTATED ? value >> ROTATED | value << ((64 - ROTATED) % 64) : value;
}

/* What setjmp made of a stack pointer that is known. */
__attribute__((noinline)) static uintptr_t probe(void)
{
	jmp_buf here;
	uintptr_t sp;

	if (_setjmp(here) != 0)
		return 0;
	GET_STACK_POINTER(sp);
	return mangled_of(here) ^ sp;
}

/* From another depth: the same secret, or it is hidden in a way that is not ours to know. */
__attribute__((noinline)) static uintptr_t probe_deeper(void)
{
	volatile char room[256];

	room[0] = 0;
	return probe() + (uintptr_t)room[0];
}

void tl_jump_init(void)
{
	secret = probe();
	known = secret == probe_deeper();
}

static void leave_waits(const struct __jmp_buf_tag *target, void *frame)
{
	if (known && __builtin_expect(tl_waiting_any(), 0))
		tl_waiting_jump(mangled_of(target) ^ secret, frame);
}
#else
void tl_jump_init(void)
{
}

static void leave_waits(const struct __jmp_buf_tag *target, void *frame)
{
	(void)target;
	(void)frame;
}
#endif

TL_WRAPPER void longjmp(struct __jmp_buf_tag target[1], int value)
{
	leave_waits(target, TL_HERE);
	tl_real()->longjmp(target, value);
	__builtin_unreachable();
}

/* In glibc these are longjmp; whether a mask is restored, the buffer says. */
TL_WRAPPER void _longjmp(struct __jmp_buf_tag target[1], int value) __attribute__((alias("longjmp")));
TL_WRAPPER void siglongjmp(struct __jmp_buf_tag target[1], int value) __attribute__((alias("longjmp")));

/* What _FORTIFY_SOURCE makes of all three. */
TL_WRAPPER void __longjmp_chk(struct __jmp_buf_tag *target, int value);
TL_WRAPPER void __longjmp_chk(struct __jmp_buf_tag *target, int value)
{
	leave_waits(target, TL_HERE);
	tl_real()->__longjmp_chk(target, value);
	__builtin_unreachable();
}
