/* The registry of rules: what is checked, in the order in which it is reported. */
#include "viewer/rules/rules.h"

#define L TL_GATE_LOSS
#define H TL_GATE_HEAD
#define T TL_GATE_TAIL

const struct tl_rule tl_rules[] = {
	{"start-before-create", TL_ERROR, H | L, "ids are given out wrongly, or the creation is announced too late",
	 &tl_rule_start_before_create},
	{"duplicate-create", TL_ERROR, L, "two tasks share one id, so nothing said of either can be trusted",
	 &tl_rule_duplicate_create},
	{"unblock-before-block", TL_ERROR, H | L,
	 "the wakeup is lost: the task goes to sleep after it was woken, and sleeps on unless another comes",
	 &tl_rule_unblock_before_block},
	{"start-without-unblock", TL_ERROR, L,
	 "a wait ended that nobody ended: a wakeup that is not announced, or none", &tl_rule_start_without_unblock},
	{"double-block", TL_ERROR, L, "waits that do not nest: one was never ended, or ended in the wrong order",
	 &tl_rule_double_block},
	{"event-after-exit", TL_ERROR, L, "a task acts after its end: its id or its memory is used too long",
	 &tl_rule_event_after_exit},
	{"lost-wakeup", TL_WARNING, T | L,
	 "the condition changed between the waiter's look and its wait: change it, and signal, under the mutex",
	 &tl_rule_lost_wakeup},
	{"never-unblocked", TL_WARNING, T | L,
	 "these tasks are leaked: whoever should wake them has forgotten them or is gone", &tl_rule_never_unblocked},
	{"resource-leak", TL_WARNING, T | L, "it was opened and forgotten: close it on every path",
	 &tl_rule_resource_leak},
	{"created-never-started", TL_INFO, T, "the work of that task was dropped", &tl_rule_created_never_started},
	{"trace-gap", TL_INFO, 0, "the recording lost events: larger buffers, or fewer of them", &tl_rule_trace_gap},
};
const size_t tl_n_rules = sizeof tl_rules / sizeof *tl_rules;
