"""Whether a machine is the one that a project wants its figures from: pure. What is unknown is never guessed, but said."""

import re
from collections.abc import Iterator, Mapping

from evaluation.machine.hardware import Fingerprint
from evaluation.machine.request import Hardware as Wanted
from evaluation.machine.request import Span, Speed
from evaluation.scorecard import Hardware

LEVELS: Mapping[str, frozenset[str]] = {  # what each level of x86-64 adds to the one below, in the kernel's words
    "x86-64-v1": frozenset({"cmov", "cx8", "fpu", "fxsr", "mmx", "sse", "sse2"}),
    "x86-64-v2": frozenset({"cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"}),
    "x86-64-v3": frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}),
    "x86-64-v4": frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}),
}
_VERSION = re.compile(r"\d+(?:\.\d+)*")

Objection = tuple[bool, str]  # (whether it is known to be otherwise, in words)


def satisfies(
    found: Fingerprint, wanted: Wanted, versions: Mapping[str, str] | None = None, speeds: Mapping[str, float] | None = None
) -> Hardware:
    """match, partial (something asked for is unknown) or mismatch, with a sentence for each thing that is not as asked."""
    objections = [
        *_cpu(found, wanted),
        *_instructions(found, wanted),
        *_room(found, wanted),
        *_container(found, wanted),
        *_runtime(versions or {}, wanted),
        *_speeds(speeds, wanted),
    ]
    missing = [text for known, text in objections if known]
    unknown = [text for known, text in objections if not known]
    verdict = "mismatch" if missing else "partial" if unknown else "match"
    return Hardware(verdict, (*missing, *unknown), wanted.on_mismatch, described(wanted))


def described(wanted: Wanted) -> str:
    """The wanted machine in a few words; empty where nothing is asked for."""
    if wanted.name:
        return wanted.name
    cores = f"{_span(wanted.cores)} cores" if wanted.cores != Span() else ""
    parts = [
        wanted.cpu.name or "",
        wanted.cpu.vendor or "",
        wanted.arch or "",
        wanted.isa.level or "",
        *wanted.isa.require,
        cores,
    ]
    return ", ".join(part for part in parts if part)


def features(level: str | None) -> frozenset[str]:
    """All instruction sets that a level stands for."""
    names = list(LEVELS)
    upto = 0 if level is None else names.index(level) + 1
    return frozenset().union(*(LEVELS[name] for name in names[:upto]))


def fits(version: str, wanted: str) -> bool:
    """Whether a version is within bounds such as `>=3.11,<3.14`."""
    return all(_holds(version, part) for part in wanted.replace(" ", "").split(","))


def _cpu(found: Fingerprint, wanted: Wanted) -> Iterator[Objection]:
    cpu = wanted.cpu
    yield from _equal("architecture", found.arch, wanted.arch)
    yield from _equal("CPU vendor", found.vendor, cpu.vendor)
    yield from _equal("CPU family", found.family, cpu.family)
    if cpu.model and found.model not in cpu.model:
        yield found.model is not None, f"the CPU model is {_or_unknown(found.model)}, wanted {' or '.join(map(str, cpu.model))}"
    if cpu.name and cpu.name.lower() not in (found.cpu or "").lower():
        yield found.cpu is not None, f"the CPU is {_or_unknown(found.cpu)}, wanted one named {cpu.name}"
    if wanted.smt != "any" and found.smt is not (wanted.smt == "on"):
        state = None if found.smt is None else "on" if found.smt else "off"
        yield found.smt is not None, f"simultaneous multithreading is {_or_unknown(state)}, wanted {wanted.smt}"


def _instructions(found: Fingerprint, wanted: Wanted) -> Iterator[Objection]:
    asked = features(wanted.isa.level) | set(wanted.isa.require)
    if found.flags is None:
        if asked or wanted.isa.forbid:
            named = sorted({*([wanted.isa.level] if wanted.isa.level else []), *wanted.isa.require, *wanted.isa.forbid})
            yield False, f"whether the CPU has {', '.join(named)} is unknown"
        return
    absent = sorted(asked - found.flags)
    if absent:
        yield True, f"the CPU has no {', '.join(absent)}"
    extra = sorted(set(wanted.isa.forbid) & found.flags)
    if extra:
        yield True, f"the CPU has {', '.join(extra)}, which the project's target has not"


def _room(found: Fingerprint, wanted: Wanted) -> Iterator[Objection]:
    usable = found.cores
    if usable is not None and found.limits.quota is not None:
        usable = min(usable, max(1, int(min(found.limits.quota, usable))))
    l3 = None if found.l3_kib is None else found.l3_kib / 1024
    yield from _within("usable cores", usable, wanted.cores)
    yield from _within("KiB of L2 cache", found.l2_kib, wanted.cache.l2_kib)
    yield from _within("MiB of L3 cache", l3, wanted.cache.l3_mib)
    yield from _within("GiB of memory", found.memory_gib, wanted.memory_gib)


def _container(found: Fingerprint, wanted: Wanted) -> Iterator[Objection]:
    quota, pinned = found.limits.quota, found.limits.pinned
    if wanted.container.cpu_quota == "none" and (quota is None or quota != float("inf")):
        yield quota is not None, f"the quota of CPU time is {_or_unknown(quota)} cores, wanted none: it stops code for moments"
    if wanted.container.cpuset == "pinned" and not pinned:
        yield (
            pinned is not None,
            "the process is not pinned to some of the host's cores" if pinned is False else "pinning is unknown",
        )


def _runtime(versions: Mapping[str, str], wanted: Wanted) -> Iterator[Objection]:
    for name, bounds in wanted.runtime.items():
        version = versions.get(name)
        if version is None or not fits(version, bounds):
            yield version is not None, f"{name} is {_or_unknown(version)}, wanted {bounds}"


def _speeds(speeds: Mapping[str, float] | None, wanted: Wanted) -> Iterator[Objection]:
    for name, asked in wanted.probe.items() if speeds is not None else ():  # a first look has no time for probes
        speed = (speeds or {}).get(name)
        if speed is None:
            yield False, f"the probe `{name}` gave no figure"
        elif not _as_fast(speed, asked):
            yield True, f"the probe `{name}` ran at {speed:.3g}, wanted {_speed(asked)}"


def _as_fast(speed: float, asked: Speed) -> bool:
    if asked.min is not None and speed < asked.min:
        return False
    return asked.ref is None or abs(speed / asked.ref - 1) <= asked.tol


def _speed(asked: Speed) -> str:
    return f"{asked.ref:g} ± {asked.tol:.0%}" if asked.ref is not None else f"at least {asked.min:g}"


def _equal(what: str, found: object, wanted: object) -> Iterator[Objection]:
    if wanted is not None and found != wanted:
        yield found is not None, f"the {what} is {_or_unknown(found)}, wanted {wanted}"


def _within(what: str, found: float | None, wanted: Span) -> Iterator[Objection]:
    low, high = wanted.min, wanted.max
    if (low, high) == (None, None):
        return
    if found is None:
        yield False, f"how many {what} there are is unknown, wanted {_span(wanted)}"
    elif (low is not None and found < low) or (high is not None and found > high):
        yield True, f"{found:g} {what}, wanted {_span(wanted)}"


def _span(wanted: Span) -> str:
    if wanted.max is None:
        return f"at least {wanted.min:g}"
    return f"at most {wanted.max:g}" if wanted.min is None else f"{wanted.min:g} to {wanted.max:g}"


def _or_unknown(value: object) -> str:
    return "unknown" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _holds(version: str, part: str) -> bool:
    sign = part.rstrip("0123456789.")
    ours, theirs = (_parts(text) for text in (version, part[len(sign) :]))
    width = max(len(ours), len(theirs))
    ours, theirs = (numbers + (0,) * (width - len(numbers)) for numbers in (ours, theirs))
    return {
        ">=": ours >= theirs, "<=": ours <= theirs, ">": ours > theirs, "<": ours < theirs, "==": ours == theirs,
        "!=": ours != theirs,
    }[sign]  # fmt: skip


def _parts(text: str) -> tuple[int, ...]:
    found = _VERSION.match(text)
    return tuple(map(int, found[0].split("."))) if found else ()
