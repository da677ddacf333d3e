// Uses every call of threadline.h from C++. Built twice: linked with the library,
// and with THREADLINE_DISABLE and without it. Nobody records: nothing may fail.
#include <threadline/threadline.h>

int main()
{
	int object = 0;
	threadline_task self = threadline_self();
	threadline_task fiber = threadline_create(THREADLINE_FIBER, "fiber");

	threadline_name_task(fiber, "renamed");
	threadline_name_object(&object, "object");
	threadline_open(&object, "resource");
	threadline_region_begin("region");
	threadline_start(fiber);
	threadline_block(THREADLINE_PARK, &object);
	threadline_unblock(fiber, THREADLINE_PARK, &object);
	threadline_unblock_object(THREADLINE_WAIT_LEVEL, &object, 1);
	threadline_start(fiber);
	threadline_schedule();
	threadline_start(fiber);
	threadline_mark("mark");
	threadline_exit();
	threadline_region_end("region");
	threadline_close(&object);
	threadline_leak_check *check = threadline_leak_begin();
	threadline_leak_ignore(check, "none-*");
	THREADLINE_ASSERT_NO_LEAKS(check, 0);
	threadline_leak_end(check);
#ifdef THREADLINE_DISABLE
	return self == 0 && fiber == 0 ? 0 : 1;
#else
	return self != 0 && fiber != 0 && threadline_self() == self && threadline_live_tasks() >= 1 ? 0 : 1;
#endif
}
