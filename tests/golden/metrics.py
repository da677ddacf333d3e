"""A strict reader of Prometheus' text exposition format 0.0.4, and of folded stacks."""
import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
VALUE = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN")
SUFFIXES = {"summary": ("", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


class Bad(Exception):
    pass


def labels_of(text):
    labels, at = {}, 0
    while at < len(text):
        match = LABEL.match(text, at)
        if not match or match.group(1) in labels:
            raise Bad("labels: " + text)
        labels[match.group(1)] = re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), match.group(2))
        at = match.end()
        if at < len(text):
            if text[at] != ",":
                raise Bad("labels: " + text)
            at += 1
    return labels


def parse_metrics(text):
    """{(name, ((label, value), ...)): number}; raises Bad for whatever a scrape would refuse."""
    if not text.endswith("\n"):
        raise Bad("the last line has no end")
    samples, types, helps, family, done = {}, {}, set(), None, set()
    for line in text[:-1].split("\n"):
        if any(ord(c) < 0x20 or ord(c) == 0x7f for c in line):
            raise Bad("a control character: " + repr(line))
        comment = re.fullmatch(r"# (HELP|TYPE) (\S+) (.+)", line)
        if comment:
            word, name, rest = comment.groups()
            if not NAME.fullmatch(name) or re.search(r"\\(?![\\n])", rest):
                raise Bad(line)
            if word == "HELP":
                if name in helps or name in types:
                    raise Bad("help twice or late: " + line)
                helps.add(name)
                continue
            if name in types or name not in helps or rest not in SUFFIXES:
                raise Bad("type twice, without help, or unknown: " + line)
            types[name], family = rest, name
            continue
        sample = re.fullmatch(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)", line)
        if not sample or not VALUE.fullmatch(sample.group(3)):
            raise Bad("not a sample: " + line)
        name, labels = sample.group(1), labels_of(sample.group(2) or "")
        if family is None or name not in [family + s for s in SUFFIXES[types[family]]]:
            raise Bad("not of the family before it: " + line)
        if types[family] == "counter" and (not name.endswith("_total") or float(sample.group(3)) < 0):
            raise Bad("not a counter: " + line)
        if types[family] == "summary" and (name == family) != ("quantile" in labels):
            raise Bad("not a summary: " + line)
        key = (name, tuple(sorted(labels.items())))
        if key in samples:
            raise Bad("twice: " + line)
        samples[key] = float(sample.group(3))
    return samples


def parse_folded(text):
    """{frames as a tuple: nanoseconds}; as flame graph tools read it, and no stack twice."""
    stacks = {}
    for line in text.split("\n")[:-1] if text else []:
        match = re.fullmatch(r"([^ ]+) (\d+)", line)
        if not match or any(ord(c) < 0x20 for c in line):
            raise Bad("not a folded stack: " + repr(line))
        frames = tuple(match.group(1).split(";"))
        if len(frames) < 2 or not all(frames) or not re.fullmatch(r"\[[a-z-]+\]", frames[-1]) or frames in stacks:
            raise Bad("not a folded stack: " + repr(line))
        stacks[frames] = int(match.group(2))
    return stacks
