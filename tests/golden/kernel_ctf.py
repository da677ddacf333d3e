"""Writes CTF 1.8 traces as kernel tracers do, for kernel.py: little-endian, all fields on whole bytes.

A form is a dict of event name to a list of (type, field name); what a packet context holds beside the usual, and
whether there is an event context, are options. Types: u8..u64, s8..s64, str, and chars (16 bytes, as the kernel's
names are), addrs (a sequence, written empty), or (a text for the metadata, the struct format of its value).
"""
import os
import struct

FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "s8": "b", "s16": "h", "s32": "i", "s64": "q"}
UUID = bytes(range(16))

LTTNG = {
    "sched_switch": [("str", "prev_comm"), ("s32", "prev_tid"), ("s32", "prev_prio"), ("s64", "prev_state"),
                     ("str", "next_comm"), ("s32", "next_tid"), ("s32", "next_prio")],
    "sched_waking": [("str", "comm"), ("s32", "tid"), ("s32", "prio"), ("s32", "target_cpu")],
    "sched_wakeup": [("str", "comm"), ("s32", "tid"), ("s32", "prio"), ("s32", "target_cpu")],
    "sched_wakeup_new": [("str", "comm"), ("s32", "tid"), ("s32", "prio"), ("s32", "target_cpu")],
    "sched_process_fork": [("str", "parent_comm"), ("s32", "parent_tid"), ("s32", "parent_pid"), ("str", "child_comm"),
                           ("s32", "child_tid"), ("s32", "child_pid")],
    "sched_process_exec": [("str", "filename"), ("s32", "tid"), ("s32", "old_tid")],
    "sched_process_exit": [("str", "comm"), ("s32", "tid"), ("s32", "prio")],
    "sched_migrate_task": [("str", "comm"), ("s32", "tid"), ("s32", "orig_cpu"), ("s32", "dest_cpu")],
    "lttng_statedump_process_state": [("s32", "tid"), ("s32", "pid"), ("s32", "ppid"), ("str", "name"),
                                      ("s32", "type")],
}

PERF_HEAD = [("u32", "perf_tid"), ("u32", "perf_pid"), ("u32", "perf_cpu")]
PERF = {
    "sched:sched_switch": PERF_HEAD + [("str", "prev_comm"), ("s32", "prev_pid"), ("s32", "prev_prio"),
                                       ("s64", "prev_state"), ("str", "next_comm"), ("s32", "next_pid"),
                                       ("s32", "next_prio")],
    "sched:sched_wakeup": PERF_HEAD + [("str", "comm"), ("s32", "pid"), ("s32", "prio"), ("s32", "target_cpu")],
    "sched:sched_process_fork": PERF_HEAD + [("str", "parent_comm"), ("s32", "parent_pid"), ("str", "child_comm"),
                                             ("s32", "child_pid")],
    "sched:sched_process_exit": PERF_HEAD + [("str", "comm"), ("s32", "pid"), ("s32", "prio")],
    "perf_fork": [("u32", "pid"), ("u32", "tid"), ("u32", "ppid"), ("u32", "ptid")],
    "perf_comm": [("u32", "pid"), ("u32", "tid"), ("str", "comm")],
}

HEAD = [("u64", "task"), ("u32", "seq")]

# Of a program that was recorded by itself: what include/threadline/events.h says.
USER = {
    "threadline:process_begin": HEAD + [("u32", "pid"), ("u32", "parent"), ("u32", "capabilities"), ("u16", "version"),
                                        ("str", "program")],
    "threadline:process_end": HEAD + [("s32", "status")],
    "threadline:create": HEAD + [("u32", "child"), ("u8", "kind"), ("u64", "entry"), ("u32", "stack"), ("str", "name")],
    "threadline:start": HEAD + [("u32", "wait"), ("u32", "carrier"), ("u8", "cause"), ("u32", "waker"),
                                ("u32", "waker_seq")],
    "threadline:block": HEAD + [("u32", "wait"), ("u8", "reason"), ("u64", "object"), ("u64", "object2"),
                                ("s64", "timeout_ns"), ("u32", "owner"), ("u32", "stack"), ("u8", "how"),
                                ("addrs", "held")],
    "threadline:exit": HEAD + [("u64", "status"), ("u16", "held_count"), ("u64", "held")],
}


def _field(kind, name):
    if kind in FORMATS:
        return f"integer {{ size = {kind[1:]}; align = 8; signed = {'true' if kind[0] == 's' else 'false'}; }} _{name};"
    if kind == "str":
        return f"string _{name};"
    if kind == "addrs":
        return f"u8 __{name}_length; u64 _{name}[ __{name}_length ];"
    if kind == "chars":
        return f"integer {{ size = 8; align = 8; signed = true; encoding = none; }} _{name}[16];"
    return f"{kind[0]} _{name};"


def _pack(kind, value):
    if kind in FORMATS:
        return struct.pack("<" + FORMATS[kind], value)
    if kind == "str":
        return value.encode() + b"\0"
    if kind == "addrs":
        return b"\0"
    if kind == "chars":
        return value.encode()[:16].ljust(16, b"\0")
    return struct.pack("<" + kind[1], value)


class Trace:
    def __init__(self, events, cpu_in_context=True, domain="kernel", uuid=UUID, clock_uuid=None, context=()):
        self.events, self.names, self.context = events, list(events), context
        self.has_cpu, self.domain, self.uuid, self.clock_uuid = cpu_in_context, domain, uuid, clock_uuid
        self.streams = {}

    def metadata(self):
        uuid = "%s-%s-%s-%s-%s" % tuple(self.uuid.hex()[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
        clock = f'uuid = "{self.clock_uuid}";' if self.clock_uuid else ""
        cpu = "u32 cpu_id;" if self.has_cpu else ""
        context = " ".join(_field(kind, field) for kind, field in self.context)
        context = f"event.context := struct {{ {context} }};" if context else ""
        text = f"""/* CTF 1.8 */
typealias integer {{ size = 8; align = 8; signed = false; }} := u8;
typealias integer {{ size = 16; align = 8; signed = false; }} := u16;
typealias integer {{ size = 32; align = 8; signed = false; }} := u32;
typealias integer {{ size = 64; align = 8; signed = false; }} := u64;
trace {{ major = 1; minor = 8; uuid = "{uuid}"; byte_order = le;
	packet.header := struct {{ u32 magic; u8 uuid[16]; u32 stream_id; }}; }};
env {{ hostname = "alpha"; domain = "{self.domain}"; }};
clock {{ name = monotonic; {clock} freq = 1000000000; offset_s = 1000; }};
typealias integer {{ size = 64; align = 8; signed = false; map = clock.monotonic.value; }} := stamp;
stream {{ id = 0;
	packet.context := struct {{ stamp timestamp_begin; stamp timestamp_end; u64 content_size; u64 packet_size;
		u64 events_discarded; {cpu} }};
	event.header := struct {{ u16 id; stamp timestamp; }}; {context} }};
"""
        for number, name in enumerate(self.names):
            fields = " ".join(_field(kind, field) for kind, field in self.events[name])
            text += f'event {{ name = "{name}"; id = {number}; stream_id = 0; fields := struct {{ {fields} }}; }};\n'
        return text

    def add(self, time, cpu, name, *values, **named):
        """An event of a CPU; named: further fields, and those of the event context."""
        fields = self.events[name]
        values = list(values) + [named.get(field, 0 if kind != "str" else "") for kind, field in fields[len(values):]]
        body = struct.pack("<HQ", self.names.index(name), time)
        body += b"".join(_pack(kind, named[field]) for kind, field in self.context)
        body += b"".join(_pack(kind, value) for (kind, _), value in zip(fields, values))
        self.streams.setdefault(cpu, [[0, time, time, b""]])
        packet = self.streams[cpu][-1]
        packet[1], packet[2] = (packet[1] if packet[3] else time), time
        packet[3] += body

    def discard(self, cpu, n):
        """From here on a new packet of the CPU, before which `n` events more were discarded."""
        last = self.streams[cpu][-1]
        self.streams[cpu].append([last[0] + n, last[2], last[2], b""])

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "metadata"), "w", encoding="utf-8") as out:
            out.write(self.metadata())
        for cpu, packets in self.streams.items():
            with open(os.path.join(folder, f"channel0_{cpu}"), "wb") as out:
                for discarded, begin, end, body in packets:
                    context = 5 * 8 + (4 if self.has_cpu else 0)
                    size = (24 + context + len(body)) * 8
                    out.write(struct.pack("<I", 0xC1FC1FC1) + self.uuid + struct.pack("<I", 0))
                    out.write(struct.pack("<5Q", begin, end, size, size, discarded))
                    out.write((struct.pack("<I", cpu) if self.has_cpu else b"") + body)
        return folder
