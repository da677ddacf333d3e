/*
 * Loads a library that brings libthreadline with it, and unloads it again: LTTng
 * keeps pointers into it, so it must stay. Status 0, or what failed.
 */
#include <dlfcn.h>
#include <stddef.h>

int main(void)
{
	void *library = dlopen("libthreadline.so.0", RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return 1;
	if (dlclose(library) != 0)
		return 2;
	return dlopen("libthreadline.so.0", RTLD_NOW | RTLD_NOLOAD) ? 0 : 3;
}
