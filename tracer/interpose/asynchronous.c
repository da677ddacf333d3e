/*
 * Threads that let themselves be cancelled at any instruction. They may call next
 * to nothing then, but do: sleep, read, yield. While an event of theirs is emitted
 * cancellation is put off (tl_enter), which costs too much to be done for all.
 */
#include "tracer/interpose/real.h"
#include "tracer/task.h"

TL_WRAPPER int pthread_setcanceltype(int type, int *old)
{
	bool was = tl_thread.asynchronous;
	int result;

	/* From before the real call on: it may be the end of the thread. */
	if (type == PTHREAD_CANCEL_ASYNCHRONOUS)
		tl_thread.asynchronous = true;
	result = tl_real()->pthread_setcanceltype(type, old);
	tl_thread.asynchronous = result == 0 ? type == PTHREAD_CANCEL_ASYNCHRONOUS : was;
	return result;
}
