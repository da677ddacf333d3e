/*
 * Loads libloaded_a.so from its own folder, runs it and unloads it; the same with
 * libloaded_b.so, which most likely gets the same addresses ("reused"), and with
 * the first again. Status 0, or what failed.
 */
#include <dlfcn.h>
#include <libgen.h>
#include <link.h>
#include <stdio.h>

static unsigned long bases[3];

static int load(const char *folder, char name, int at)
{
	char path[4096], function[] = "run_x";
	struct link_map *map;
	void *library;
	int (*run)(void);

	snprintf(path, sizeof path, "%s/libloaded_%c.so", folder, name);
	function[4] = name;
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!library || dlinfo(library, RTLD_DI_LINKMAP, &map) != 0)
		return 1;
	bases[at] = map->l_addr;
	*(void **)&run = dlsym(library, function);
	return !run || run() != 0 || dlclose(library) != 0;
}

int main(int argc, char **argv)
{
	const char *folder = dirname(argv[0]);

	(void)argc;
	if (load(folder, 'a', 0) != 0 || load(folder, 'b', 1) != 0 || load(folder, 'a', 2) != 0)
		return 1;
	puts(bases[0] == bases[1] ? "reused" : "not reused");
	return 0;
}
