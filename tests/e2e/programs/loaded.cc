// A library to be loaded at run time, built twice with other names (NAME): it opens
// a resource that it never closes, and lets two threads of its own contend.
#include <chrono>
#include <mutex>
#include <thread>

#include "threadline/threadline.h"

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define RUN JOIN(run_, NAME)
#define OPEN_HERE JOIN(open_here_, NAME)
#define WORK_HERE JOIN(work_here_, NAME)

static std::mutex mutex;

extern "C" __attribute__((noinline, visibility("default"))) void OPEN_HERE()
{
	threadline_open(new int, "thing");
	__asm__ volatile("");
}

extern "C" __attribute__((noinline, visibility("default"))) void WORK_HERE()
{
	std::lock_guard<std::mutex> lock(mutex);
	std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

extern "C" __attribute__((visibility("default"))) int RUN()
{
	OPEN_HERE();
	std::thread a(WORK_HERE), b(WORK_HERE);
	a.join();
	b.join();
	return 0;
}
