/*
 * The resources that programs open and close: which are open, by whom and where;
 * which were closed lately. Shared by the rules on them, and fed with every event
 * before they see it; what the event did to a resource stands in the step.
 *
 * Grows with open resources and places that open them; of closed ones a fixed
 * number is remembered.
 */
#ifndef TL_RULES_RESOURCES_H
#define TL_RULES_RESOURCES_H

#include "viewer/rules/finding.h"
#include "viewer/rules/hears.h"

#define TL_RESOURCES_SHOWN 3
#define TL_RESOURCES_CLOSED 65536 /* are remembered, the latest */

struct tl_resource;

/* Resources from one place in the code. */
struct tl_resource_group {
	struct {
		uint32_t nonce, stack;
	} key;
	const char *kind; /* of the first; as the program says it, not escaped */
	uint64_t opened;
	/* For resource-leak alone, at the end: */
	uint64_t leaked;
	const struct tl_resource *shown[TL_RESOURCES_SHOWN]; /* the first of them */
	UT_hash_handle hh;
};

struct tl_resource {
	struct {
		uint64_t resource;
		uint32_t nonce;
		uint32_t zero;
	} key;
	struct tl_resource_group *group; /* NULL: its open was not seen */
	struct tl_task *opener;          /* if group */
	int64_t opened_ns;
	uint32_t seq;
	/*
	 * Opened so many times more while it was open: whose close is whose nobody
	 * knows, and as many more closes may come.
	 */
	uint32_t spare;
	struct tl_proof close; /* its latest; task 0: never closed yet */
	struct {
		uint32_t stack; /* 0: none */
		uint8_t reason;
	} waited; /* the latest wait for it, of the program's own kinds, while it was open */
	UT_hash_handle hh;
};

enum tl_resource_act {
	TL_RESOURCE_NONE,
	TL_RESOURCE_OPENED,
	TL_RESOURCE_CLOSED,
	TL_RESOURCE_CLOSED_AGAIN,
	TL_RESOURCE_CLOSED_UNOPENED, /* no open was seen in this process, which is seen from its beginning */
	TL_RESOURCE_WAITED_CLOSED,   /* a wait for what is closed, in code that has waited for it before */
};

/* What the event at hand did. */
struct tl_resource_step {
	enum tl_resource_act act;
	const struct tl_resource *resource; /* NULL: none; valid until the next event */
};

struct tl_resources;

/* Of waits that name the resource itself. */
#define TL_RESOURCES_REASONS (TL_REASONS_TARGETED | TL_REASON(PERMIT) | TL_REASON(USER_LEVEL))

struct tl_resources *tl_resources_create(struct tl_state *state); /* which must live as long; NULL: out of memory */
void tl_resources_destroy(struct tl_resources *resources);

/* Told of processes and state dumps that begin, of opens and closes, and once there was one (TL_HAS_RESOURCES) of blocks. */
tl_hear tl_resources_event;

const struct tl_resource_step *tl_resources_step(const struct tl_resources *resources);

/* The first of those that are open, and of the places; follow hh.next. */
struct tl_resource *tl_resources_open(const struct tl_resources *resources);
struct tl_resource_group *tl_resources_groups(const struct tl_resources *resources);

#endif
