/* Caches in the file system: whole or not there, whoever else writes and whatever fails; and they do not fill the disk. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/model/synth.h"
#include "viewer/cache/cache.h"

static const struct tl_cache_key key = {.sums = {1, 2}};

struct scene {
	struct tl_synth synth;
	struct tl_check check;
	struct tl_cache_job *job;
	char folder[64], path[128];
};

static void begin(struct scene *scene)
{
	memset(scene, 0, sizeof *scene);
	tl_synth_init(&scene->synth, 0);
	tl_findings_init(&scene->check.findings);
	scene->check.state = scene->synth.state;
	tl_synth_pool(&scene->synth, 4, 5000, 1);
	tl_synth_seal(&scene->synth, NULL);
	scene->job = tl_cache_job_create(scene->synth.model, &scene->check, &key);
	assert_non_null(scene->job);
	strcpy(scene->folder, "/tmp/tl-store.XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	snprintf(scene->path, sizeof scene->path, "%s/t" TL_CACHE_SUFFIX, scene->folder);
}

/* Removes the files of the folder; how many there were. */
static unsigned clear(const char *folder)
{
	DIR *dir = opendir(folder);
	unsigned n = 0;

	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));)
		n += unlinkat(dirfd(dir), entry->d_name, 0) == 0;
	closedir(dir);
	return n;
}

static void end(struct scene *scene, unsigned files)
{
	tl_cache_job_destroy(scene->job);
	tl_findings_finish(&scene->check.findings);
	tl_synth_finish(&scene->synth);
	assert_int_equal(clear(scene->folder), files);
	assert_int_equal(rmdir(scene->folder), 0);
}

static bool is_there(const char *path)
{
	struct tl_model *model;
	struct tl_check check;

	if (tl_cache_read(path, &key, &model, &check, NULL) != 0)
		return false;
	tl_model_destroy(model);
	tl_check_finish(&check);
	return true;
}

static bool no(void *data)
{
	(void)data;
	return false;
}

static void test_it_is_the_owners_alone(void **state)
{
	struct scene scene;
	struct stat status;

	(void)state;
	begin(&scene);
	assert_false(is_there(scene.path));
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(stat(scene.path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_true(is_there(scene.path));
	end(&scene, 1);
}

/* A trace that changed meanwhile, a wish to stop: neither leaves anything, nor harms what is there. */
static void test_what_is_given_up_leaves_nothing(void **state)
{
	struct scene scene;
	struct tl_error error;
	_Atomic bool stop = true;

	(void)state;
	begin(&scene);
	tl_error_init(&error);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, no, NULL, NULL, &error), TL_EIO);
	assert_string_equal(error.cause[0], "the trace has changed meanwhile");
	assert_int_equal(clear(scene.folder), 0);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, &stop, &error), TL_EIO);
	assert_int_equal(clear(scene.folder), 0);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, no, NULL, NULL, NULL), TL_EIO);
	assert_true(is_there(scene.path));
	end(&scene, 1);
}

static void test_a_full_disk_leaves_nothing(void **state)
{
	struct rlimit limit, small;
	struct scene scene;
	struct tl_error error;
	int result;

	(void)state;
	begin(&scene);
	tl_error_init(&error);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	signal(SIGXFSZ, SIG_IGN);
	small = limit;
	small.rlim_cur = tl_cache_job_size(scene.job) / 2;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	result = tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, &error);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_equal(result, TL_EIO);
	end(&scene, 0);
}

/* One writes, the others leave it to it; what a crash has left is written over. */
static void test_one_writes_at_a_time(void **state)
{
	struct scene scene;
	struct tl_error error;
	char name[140];
	int other;

	(void)state;
	begin(&scene);
	tl_error_init(&error);
	snprintf(name, sizeof name, "%s.new", scene.path);
	other = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(other >= 0);
	assert_int_equal(flock(other, LOCK_EX), 0);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, &error), TL_EIO);
	assert_string_equal(error.cause[0], "somebody else is writing it");
	assert_int_equal(access(name, F_OK), 0);
	assert_int_equal(write(other, "half", 4), 4);
	close(other);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, NULL), 0);
	assert_true(is_there(scene.path));
	end(&scene, 1);
}

/* A cache that is looked at stays what it is while another takes its name. */
static void test_it_is_replaced_and_not_changed(void **state)
{
	struct tl_model *model;
	struct tl_check check;
	struct scene scene;
	struct stat before, after;
	int64_t end_ns;

	(void)state;
	begin(&scene);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(stat(scene.path, &before), 0);
	assert_int_equal(tl_cache_read(scene.path, &key, &model, &check, NULL), 0);
	end_ns = tl_row_begin(&model->rows.items[1], model->rows.items[1].spans.n - 1);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(stat(scene.path, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_true(tl_row_begin(&model->rows.items[1], model->rows.items[1].spans.n - 1) == end_ns);
	tl_model_destroy(model);
	tl_check_finish(&check);
	end(&scene, 1);
}

/* Links lead elsewhere: neither read nor written through. */
static void test_links_are_not_followed(void **state)
{
	struct scene scene;
	char name[140], other[140];

	(void)state;
	begin(&scene);
	snprintf(name, sizeof name, "%s.new", scene.path);
	snprintf(other, sizeof other, "%s/other", scene.folder);
	assert_int_equal(symlink(other, name), 0);
	assert_int_equal(tl_cache_job_write(scene.job, scene.path, NULL, NULL, NULL, NULL), TL_EIO);
	assert_int_equal(access(other, F_OK), -1);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(tl_cache_job_write(scene.job, other, NULL, NULL, NULL, NULL), 0);
	assert_int_equal(symlink(other, scene.path), 0);
	assert_false(is_there(scene.path));
	assert_true(is_there(other));
	end(&scene, 2);
}

static char *home_path(const struct scene *scene, unsigned n)
{
	char *path = malloc(140);

	assert_non_null(path);
	snprintf(path, 140, "%s/%032x" TL_CACHE_SUFFIX, scene->folder, n);
	return path;
}

/* Where nothing can be made beside the trace, and there no more than fits: those not used for longest go. */
static void test_home_keeps_what_was_used_last(void **state)
{
	struct tl_cache_place place = {.beside = strdup("/proc/self/t" TL_CACHE_SUFFIX)};
	char *paths[3];
	struct scene scene;
	struct stat status;

	(void)state;
	begin(&scene);
	for (unsigned i = 0; i < 3; i++) {
		struct timespec times[2] = {{.tv_sec = 1000 + i}, {.tv_sec = 1000 + i}};

		paths[i] = place.home = home_path(&scene, i);
		place.home_most = TL_CACHE_HOME_MOST;
		if (i == 2) {
			assert_int_equal(stat(paths[0], &status), 0);
			place.home_most = (uint64_t)status.st_blocks * 512 + tl_cache_job_size(scene.job) + 100;
			/* The first one has been used meanwhile. */
			assert_true(is_there(paths[0]));
		}
		assert_int_equal(tl_cache_store(scene.job, &place, NULL, NULL, NULL, NULL), 0);
		if (i < 2)
			assert_int_equal(utimensat(AT_FDCWD, paths[i], times, 0), 0);
	}
	assert_true(is_there(paths[0]));
	assert_false(is_there(paths[1]));
	assert_true(is_there(paths[2]));
	place.home_most = 100;
	assert_int_equal(tl_cache_store(scene.job, &place, NULL, NULL, NULL, NULL), TL_ELIMIT);
	for (unsigned i = 0; i < 3; i++)
		free(paths[i]);
	free(place.beside);
	end(&scene, 2);
}

static void test_places(void **state)
{
	const char *one[] = {"/tmp"}, *two[] = {"/tmp", "/usr"}, *wrong[] = {"/nonexistent"};
	struct tl_cache_place a, b;

	(void)state;
	setenv("XDG_CACHE_HOME", "/somewhere/else", 1);
	assert_int_equal(tl_cache_find_place(&a, one, 1), 0);
	assert_string_equal(a.beside, "/tmp" TL_CACHE_SUFFIX);
	assert_int_equal(strncmp(a.home, "/somewhere/else/threadline/", 27), 0);
	assert_int_equal(tl_cache_find_place(&b, two, 2), 0);
	assert_null(b.beside);
	assert_string_not_equal(a.home, b.home);
	tl_cache_place_finish(&a);
	tl_cache_place_finish(&b);
	/* The standard: what is not absolute is to be ignored. */
	setenv("XDG_CACHE_HOME", "relative", 1);
	setenv("HOME", "/home/of", 1);
	assert_int_equal(tl_cache_find_place(&a, one, 1), 0);
	assert_int_equal(strncmp(a.home, "/home/of/.cache/threadline/", 27), 0);
	tl_cache_place_finish(&a);
	assert_int_equal(tl_cache_find_place(&a, wrong, 1), -1);
	tl_cache_place_finish(&a);
}

TL_UNIT_MAIN(cmocka_unit_test(test_it_is_the_owners_alone), cmocka_unit_test(test_what_is_given_up_leaves_nothing),
	     cmocka_unit_test(test_a_full_disk_leaves_nothing), cmocka_unit_test(test_one_writes_at_a_time),
	     cmocka_unit_test(test_it_is_replaced_and_not_changed), cmocka_unit_test(test_links_are_not_followed),
	     cmocka_unit_test(test_home_keeps_what_was_used_last), cmocka_unit_test(test_places))
