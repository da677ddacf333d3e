/*
 * What the library says went wrong, as causes of ours, without the parts that
 * speak of the library itself. An error left lying on the thread makes one of its
 * later calls abort the program: whoever ignores a failure calls drop_error.
 */
#include <string.h>

#include "viewer/read/babeltrace_internal.h"

#define CAUSES_KEPT 3 /* of the library's error */

/* Copies a message of the library without "x-addr=0x..." and such, useless to people. */
static void copy_cause(char *to, size_t size, const char *from)
{
	size_t n = 0;

	while (*from && n + 1 < size) {
		size_t word = strcspn(from, " ");
		const char *addr = strstr(from, "-addr=0x");

		if (addr && (size_t)(addr - from) < word) {
			from += word + (from[word] == ' ');
			continue;
		}
		to[n++] = *from;
		if (*from++ == ' ' || word == 0)
			continue;
		for (word--; word && n + 1 < size; word--)
			to[n++] = *from++;
	}
	while (n && strchr(" ,:", to[n - 1]))
		n--;
	to[n] = '\0';
}

int tl_bt_take_error(struct tl_error *error, int code)
{
	const bt_error *bt_error = bt_current_thread_take_error();
	uint64_t n = bt_error ? bt_error_get_cause_count(bt_error) : 0;
	char text[TL_ERROR_TEXT];
	int kept = 0;

	for (uint64_t i = 0; i < n && kept < CAUSES_KEPT; i++) {
		const bt_error_cause *cause = bt_error_borrow_cause_by_index(bt_error, i);

		if (bt_error_cause_get_actor_type(cause) == BT_ERROR_CAUSE_ACTOR_TYPE_UNKNOWN && i > 0)
			continue;
		copy_cause(text, sizeof text, bt_error_cause_get_message(cause));
		if (kept++ == 0)
			tl_error_set(error, code, "%s", text);
		else
			tl_error_add(error, "%s", text);
	}
	if (kept == 0)
		tl_error_set(error, code, "the CTF library gives no reason");
	if (bt_error)
		bt_error_release(bt_error);
	return code;
}

void tl_bt_drop_error(void)
{
	bt_current_thread_clear_error();
}

int tl_bt_no_memory(struct tl_error *error)
{
	tl_bt_drop_error();
	return tl_error_set(error, TL_ENOMEM, "out of memory");
}
