/*
 * A session that runs: the same reader, with `src.ctf.lttng-live` as its source. That
 * one has a single port for all streams, which come and go, and says "again" whenever
 * nothing has arrived; then a quiet item goes on, so that who reads can look around.
 * Which session is meant is asked of the relay daemon, again and again until there is one.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "viewer/read/babeltrace_internal.h"

#define SCHEME "net://"
#define PORT ":5344" /* LTTng's own for those who look on */
#define ASK_NS 300000000
#define SILENCE_S 10
#define DESCRIPTORS 256 /* looked at */

/* ---- streams ------------------------------------------------------------------ */

static const bt_stream *stream_of(const bt_message *message)
{
	switch (bt_message_get_type(message)) {
	case BT_MESSAGE_TYPE_EVENT: return bt_event_borrow_stream_const(bt_message_event_borrow_event_const(message));
	case BT_MESSAGE_TYPE_STREAM_BEGINNING: return bt_message_stream_beginning_borrow_stream_const(message);
	case BT_MESSAGE_TYPE_STREAM_END: return bt_message_stream_end_borrow_stream_const(message);
	case BT_MESSAGE_TYPE_PACKET_BEGINNING:
		return bt_packet_borrow_stream_const(bt_message_packet_beginning_borrow_packet_const(message));
	case BT_MESSAGE_TYPE_DISCARDED_EVENTS: return bt_message_discarded_events_borrow_stream_const(message);
	case BT_MESSAGE_TYPE_DISCARDED_PACKETS: return bt_message_discarded_packets_borrow_stream_const(message);
	default: return NULL;
	}
}

struct tl_bt_stream *tl_bt_live_stream(struct tl_bt_reader *reader, struct tl_bt_stream *port,
				       const bt_message *message)
{
	const bt_stream *key = stream_of(message);
	struct tl_bt_live *live = NULL;

	if (!key)
		return port;
	HASH_FIND_PTR(reader->live.streams, &key, live);
	if (!live) {
		live = calloc(1, sizeof *live);
		if (!live)
			return NULL;
		/* Held, so that its address stays its own. */
		bt_stream_get_ref(key);
		live->key = key;
		HASH_ADD_PTR(reader->live.streams, key, live);
		/* All of a session's streams count by one clock. */
		port->clock = bt_stream_class_borrow_default_clock_class_const(bt_stream_borrow_class_const(key));
	}
	live->stream.time_ns = port->time_ns;
	live->stream.timed = port->timed;
	return &live->stream;
}

void tl_bt_live_finish(struct tl_bt_reader *reader)
{
	struct tl_bt_live *live, *next;

	HASH_ITER(hh, reader->live.streams, live, next) {
		HASH_DEL(reader->live.streams, live);
		bt_stream_put_ref(live->key);
		free(live);
	}
	free(reader->live.url);
	free(reader->live.path);
	reader->live.url = reader->live.path = NULL;
}

/* ---- which session --------------------------------------------------------------- */

static const char *text_at(const bt_value *map, const char *key)
{
	const bt_value *value = bt_value_map_borrow_entry_value_const(map, key);

	return value && bt_value_is_string(value) ? bt_value_string_get(value) : "";
}

/* The relay daemon's list; NULL with `error` set. */
static const bt_value *ask_sessions(const struct tl_bt_reader *reader, struct tl_error *error)
{
	const bt_component_class *class = bt_component_class_source_as_component_class_const(reader->fs);
	bt_value *params = bt_value_map_create();
	bt_query_executor *executor = NULL;
	const bt_value *list = NULL;

	if (params &&
	    bt_value_map_insert_string_entry(params, "url", reader->live.url) == BT_VALUE_MAP_INSERT_ENTRY_STATUS_OK)
		executor = bt_query_executor_create(class, "sessions", params);
	if (executor && bt_query_executor_query(executor, &list) != BT_QUERY_EXECUTOR_QUERY_STATUS_OK)
		list = NULL;
	bt_query_executor_put_ref(executor);
	bt_value_put_ref(params);
	if (list && bt_value_is_array(list))
		return list;
	bt_value_put_ref(list);
	tl_bt_drop_error();
	tl_error_set(
		error, TL_EIO,
		"no relay daemon answers at %s: is it there (threadline relay), and is this its port for those who "
		"look on (%s, the third of its three, unless it says another)?",
		reader->live.url, &PORT[1]);
	return NULL;
}

/* Is it the one that was named? "host/HOST/SESSION", or the session alone. */
static bool is_named(const struct tl_bt_reader *reader, const bt_value *session)
{
	const char *path = reader->live.path, *slash = strrchr(path, '/');
	char whole[512];

	if (!*path)
		return true;
	snprintf(whole, sizeof whole, "host/%s/%s", text_at(session, "target-hostname"),
		 text_at(session, "session-name"));
	return strcmp(slash ? whole : text_at(session, "session-name"), path) == 0;
}

static bool is_followed(const bt_value *session)
{
	const bt_value *clients = bt_value_map_borrow_entry_value_const(session, "client-count");

	if (clients && bt_value_is_unsigned_integer(clients))
		return bt_value_integer_unsigned_get(clients) > 0;
	return clients && bt_value_is_signed_integer(clients) && bt_value_integer_signed_get(clients) > 0;
}

/* Copies the session's own URL, and what else there is if several are meant; how many they are. */
static size_t choose(const struct tl_bt_reader *reader, const bt_value *list, char url[512], char all[512],
		     bool *is_taken)
{
	uint64_t n = bt_value_array_get_length(list);
	size_t found = 0;

	*all = '\0';
	for (uint64_t i = 0; i < n; i++) {
		const bt_value *session = bt_value_array_borrow_element_by_index_const(list, i);
		const bt_value *streams = bt_value_is_map(session)
						  ? bt_value_map_borrow_entry_value_const(session, "stream-count")
						  : NULL;

		/* Not recorded to yet. */
		if (!streams || !is_named(reader, session))
			continue;
		found++;
		*is_taken = is_followed(session);
		snprintf(url, 512, "%s/host/%s/%s", reader->live.url, text_at(session, "target-hostname"),
			 text_at(session, "session-name"));
		snprintf(all + strlen(all), 512 - strlen(all), "%s%.200s", found > 1 ? ", " : "", url);
	}
	return found;
}

/* Looks once more; the graph is ready if the session has appeared. 0 or a code. */
static int look(struct tl_bt_reader *reader, struct tl_error *error)
{
	const bt_value *list = ask_sessions(reader, error);
	struct tl_bt_parts parts = {0};
	char url[512], all[512];
	const char *paths[1] = {url};
	bool is_taken = false;
	size_t found;
	int result = 0;

	if (!list)
		return TL_EIO;
	found = choose(reader, list, url, all, &is_taken);
	bt_value_put_ref(list);
	if (found > 1)
		return tl_error_set(error, TL_EUSAGE, "several sessions run there, say which: %s", all);
	if (found == 0)
		return 0;
	if (is_taken)
		return tl_error_set(error, TL_EUSAGE, "%s is followed already: LTTng lets one at a time", url);
	parts.paths = paths;
	if (tl_vec_push(&parts.list, (struct tl_bt_part){0, 1}) != 0)
		result = tl_bt_no_memory(error);
	if (result == 0)
		result = tl_bt_build_graph(reader, &parts, error);
	tl_vec_finish(&parts.list);
	return result == 0 ? 0 : tl_error_add(error, "%s cannot be followed", url);
}

int tl_bt_live_wait(struct tl_bt_reader *reader, struct tl_item *item, struct tl_error *error)
{
	int result;

	nanosleep(&(struct timespec){.tv_nsec = ASK_NS}, NULL);
	result = look(reader, error);
	item->type = TL_ITEM_QUIET;
	return result < 0 ? result : TL_ITEM_QUIET;
}

/* ---- its connection ---------------------------------------------------------------- */

static unsigned port_of(const char *url)
{
	const char *colon = strrchr(url, ':');

	return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

static bool leads_to(int descriptor, unsigned port)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage room;
	} peer;
	socklen_t size = sizeof peer;

	if (getpeername(descriptor, &peer.any, &size) != 0)
		return false;
	return (peer.any.sa_family == AF_INET && ntohs(peer.v4.sin_port) == port) ||
	       (peer.any.sa_family == AF_INET6 && ntohs(peer.v6.sin6_port) == port);
}

/* The library keeps its socket to itself: it is known by where it leads. */
void tl_bt_live_watch(struct tl_bt_reader *reader)
{
	static const struct {
		int level, option, value;
	} options[] = {{SOL_SOCKET, SO_KEEPALIVE, 1},
		       {IPPROTO_TCP, TCP_KEEPIDLE, SILENCE_S / 2},
		       {IPPROTO_TCP, TCP_KEEPINTVL, 1},
		       {IPPROTO_TCP, TCP_KEEPCNT, SILENCE_S / 2},
		       {IPPROTO_TCP, TCP_USER_TIMEOUT, SILENCE_S * 1000}};
	unsigned port = port_of(reader->live.url);

	for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++) {
		if (!leads_to(descriptor, port))
			continue;
		for (size_t i = 0; i < sizeof options / sizeof *options; i++)
			setsockopt(descriptor, options[i].level, options[i].option, &options[i].value,
				   sizeof options[i].value);
		reader->live.is_watched = true;
	}
}

/* ---- the source ------------------------------------------------------------------ */

static int split(struct tl_bt_reader *reader, const char *url, struct tl_error *error)
{
	const char *host = url + strlen(SCHEME);
	size_t n = strcspn(host, "/"), colon = strcspn(host, ":");
	bool has_port = *host == '[' ? strstr(host, "]:") != NULL : colon < n;

	if (strncmp(url, SCHEME, strlen(SCHEME)) != 0 || n == 0 || strlen(url) > 300)
		return tl_error_set(error, TL_EUSAGE, "%.64s is not an address like net://HOST[:PORT][/host/HOST/NAME]",
				    url);
	reader->live.url = calloc(1, strlen(url) + sizeof PORT);
	reader->live.path = strdup(host[n] ? host + n + 1 : "");
	if (!reader->live.url || !reader->live.path)
		return tl_bt_no_memory(error);
	snprintf(reader->live.url, strlen(url) + sizeof PORT, "%.*s%s", (int)(n + strlen(SCHEME)), url,
		 has_port ? "" : PORT);
	return 0;
}

bool tl_source_is_live(const char *path)
{
	return strncmp(path, SCHEME, strlen(SCHEME)) == 0;
}

struct tl_source *tl_source_live_create(const char *url, struct tl_error *error)
{
	struct tl_bt_reader *reader = tl_bt_create(&url, 1, error);
	int result;

	if (!reader)
		return NULL;
	reader->live.is_wanted = true;
	result = split(reader, url, error);
	if (result == 0)
		result = tl_bt_load_plugin(reader, "lttng-live", error);
	if (result == 0)
		result = look(reader, error);
	if (result == 0)
		return &reader->base;
	tl_source_destroy(&reader->base);
	return NULL;
}
