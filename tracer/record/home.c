/* Chooses where the session daemon lives; see home.h. */
#include "tracer/record/home.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder that is ours alone; made when missing. What others could have planted is refused. */
static int own_folder(const char *path, struct tl_error *error)
{
	struct stat st;

	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return tl_error_set(error, TL_EIO, "cannot make the folder %s: %s", path, strerror(errno));
	if (lstat(path, &st) != 0)
		return tl_error_set(error, TL_EIO, "cannot look at %s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022))
		return tl_error_set(
			error, TL_EIO,
			"%s is not a folder of this user's alone; remove it, or set LTTNG_HOME to a short path", path);
	return 0;
}

static bool usable_home(const char *home)
{
	struct stat st;

	return home && home[0] == '/' && strlen(home) <= TL_HOME_MAX && stat(home, &st) == 0 && S_ISDIR(st.st_mode) &&
	       access(home, W_OK | X_OK) == 0;
}

/* LTTng's order: LTTNG_HOME, HOME; and the password file, which it asks for itself in part. */
static const char *usual_home(void)
{
	const char *home = getenv("LTTNG_HOME");
	const struct passwd *user;

	if (home)
		return home;
	home = getenv("HOME");
	if (home)
		return home;
	user = getpwuid(getuid());
	return user ? user->pw_dir : NULL;
}

static int private_home(struct tl_home *home, struct tl_error *error)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");

	home->is_private = true;
	if (usable_home(runtime) && strlen(runtime) + strlen("/threadline") <= TL_HOME_MAX)
		snprintf(home->path, sizeof home->path, "%s/threadline", runtime);
	else
		snprintf(home->path, sizeof home->path, "/tmp/threadline-%u", (unsigned)getuid());
	return own_folder(home->path, error);
}

static int init_for_user(struct tl_home *home, struct tl_error *error)
{
	const char *usual = usual_home();
	char lttng[PATH_MAX];
	int code = 0;

	if (usable_home(usual))
		snprintf(home->path, sizeof home->path, "%s", usual);
	else
		code = private_home(home, error);
	if (code != 0)
		return code;
	if (snprintf(lttng, sizeof lttng, "%s/.lttng", home->path) >= (int)sizeof lttng ||
	    snprintf(home->run, sizeof home->run, "%s/.lttng/threadline", home->path) >= (int)sizeof home->run)
		return tl_error_set(error, TL_ELIMIT, "the path of the home folder is too long");
	if (mkdir(lttng, 0700) != 0 && errno != EEXIST)
		return tl_error_set(error, TL_EIO, "cannot make the folder %s: %s", lttng, strerror(errno));
	if (setenv("LTTNG_HOME", home->path, 1) != 0)
		return tl_error_set(error, TL_ENOMEM, "out of memory");
	return 0;
}

int tl_home_init(struct tl_home *home, struct tl_error *error)
{
	int code = 0;

	memset(home, 0, sizeof *home);
	if (geteuid() == 0)
		snprintf(home->run, sizeof home->run, "/run/threadline");
	else
		code = init_for_user(home, error);
	if (code == 0)
		code = own_folder(home->run, error);
	if (code != 0)
		return tl_error_add(error, "cannot prepare a place for LTTng's session daemon");
	return 0;
}
