/*
 * The exec family. The image says that it is about to be replaced; when exec
 * fails, it says that it begins again, under the same ids, and goes on.
 *
 * Async-signal-safe, and safe in the child of a vfork, which shares the memory of
 * its parent: there nothing is said and nothing is written.
 */
#include <errno.h>
#include <stdarg.h>

#include "tracer/interpose/real.h"
#include "tracer/interpose/wait.h"
#include "tracer/process.h"

static bool say_exec(void)
{
	return tl_tracing() && tl_process_exec();
}

static int failed(bool said, int result)
{
	int saved = errno;

	if (said)
		tl_process_goes_on();
	errno = saved;
	return result;
}

TL_WRAPPER int execve(const char *path, char *const arguments[], char *const environment[])
{
	bool said = say_exec();

	return failed(said, tl_real()->execve(path, arguments, environment));
}

TL_WRAPPER int execv(const char *path, char *const arguments[])
{
	bool said = say_exec();

	return failed(said, tl_real()->execv(path, arguments));
}

TL_WRAPPER int execvp(const char *file, char *const arguments[])
{
	bool said = say_exec();

	return failed(said, tl_real()->execvp(file, arguments));
}

TL_WRAPPER int execvpe(const char *file, char *const arguments[], char *const environment[])
{
	bool said = say_exec();

	return failed(said, tl_real()->execvpe(file, arguments, environment));
}

TL_WRAPPER int fexecve(int fd, char *const arguments[], char *const environment[])
{
	bool said = say_exec();

	return failed(said, tl_real()->fexecve(fd, arguments, environment));
}

/* glibc 2.34: a program that calls it has it. */
TL_WRAPPER int execveat(int folder, const char *path, char *const arguments[], char *const environment[], int flags)
{
	bool said = say_exec();

	return failed(said, tl_real()->execveat(folder, path, arguments, environment, flags));
}

/* How many arguments there are, the ending NULL included. */
static size_t count(va_list list)
{
	size_t n = 2;

	while (va_arg(list, const char *))
		n++;
	return n;
}

static void collect(char *arguments[], const char *first, va_list list)
{
	size_t n = 0;

	/* As libc: exec takes pointers to what it does not change. */
	arguments[n] = (char *)(uintptr_t)first;
	while (arguments[n++])
		arguments[n] = va_arg(list, char *);
}

static size_t size_of(const char *first, va_list list)
{
	return first ? count(list) : 1;
}

/* On the stack, as libc has it: there may be no other memory where exec is called. */
#define COLLECT(arguments, first)                          \
	va_list list;                                      \
	va_start(list, first);                             \
	const size_t arguments##_n = size_of(first, list); \
	va_end(list);                                      \
	char *arguments[arguments##_n];                    \
	va_start(list, first);                             \
	collect(arguments, first, list)

TL_WRAPPER int execl(const char *path, const char *first, ...)
{
	COLLECT(arguments, first);

	va_end(list);
	return execv(path, arguments);
}

TL_WRAPPER int execlp(const char *file, const char *first, ...)
{
	COLLECT(arguments, first);

	va_end(list);
	return execvp(file, arguments);
}

TL_WRAPPER int execle(const char *path, const char *first, ...)
{
	char *const *environment;

	COLLECT(arguments, first);

	environment = va_arg(list, char *const *);
	va_end(list);
	return execve(path, arguments, environment);
}
