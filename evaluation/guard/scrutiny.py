"""What a last look at a candidate found, as plain numbers of both sides, and which of it is a reason to reject. Pure.

A measurement shows how long calls take; it doesn't show what importing costs, what calls leave behind, or whether the gain
is still there on the next input.
"""

import itertools
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluation.scorecard import Reason

IMPORT_S, IMPORT_SHARE = 0.05, 0.5  # importing may cost this much more, in CPU seconds and as a share of what it cost
DRIFT = 1.5  # times slower after many calls than at first, next to the pristine code
REPEATED = 0.5  # of the first pass's time, where the same inputs come again
GROWTH_KIB, GROWTH_CALL_KIB = 768, 1.0  # more than the pristine code keeps: in all, and a call
FITTED_GAIN, FITTED_SHARE = 1.2, 0.25  # a gain worth asking about; what must be left of it (as a logarithm) at another size
MODULES = {"time": "guard.timer", "datetime": "guard.timer", "timeit": "guard.timer", "gc": "guard.gc"}
WRITABLE = ("/tmp/", "/dev/", "/io/")  # where code in a sandbox can put files
HOOKS = {"atexit.register": "guard.exit", "signal.signal": "guard.exit"}
STARTUP = ("sys.settrace", "sys.setprofile", "sys.meta_path", "sys.path_hooks", "sys.setrecursionlimit", "sys.setswitchinterval")


@dataclass(frozen=True, slots=True)
class Look:
    """What one side showed, alone in its processes."""

    imports: tuple[float, ...] = ()  # CPU seconds for the project's own modules, several times
    first: tuple[float, ...] = ()  # CPU ns a call, by sample
    again: tuple[tuple[float, ...], ...] = ()  # the same inputs again and again, by pass
    here: tuple[float, ...] = ()  # at the largest size that is measured
    elsewhere: tuple[float, ...] = ()  # at a size a little off
    held_kib: tuple[float, ...] = ()  # resident memory before the first of these passes, and after each
    calls: int = 0  # in each pass
    files: frozenset[str] = frozenset()  # left in the sandbox


def reasons(baseline: Look, candidate: Look) -> tuple[Reason, ...]:
    """What speaks against the candidate."""
    return tuple(_found(baseline, candidate))


def notes(baseline: Look, candidate: Look) -> tuple[Reason, ...]:
    """What a reviewer should know: it gains nothing in the measurement, where no input comes twice."""
    before, after = _change(baseline), _change(candidate)
    if after < REPEATED < before:
        return (Reason("guard.cache", f"a repeated input takes {after:.0%} of the time of a new one"),)
    return ()


def replaced(changed: Sequence[str], anyway: Sequence[str]) -> tuple[Reason, ...]:
    """One reason per kind of shared thing that is no longer what it was, and is with the pristine code."""
    found: dict[str, list[str]] = {}
    for name in changed:
        if name not in anyway:
            found.setdefault(_code(name), []).append(name)
    return tuple(Reason(code, f"replaces or switches {', '.join(names[:5])}") for code, names in sorted(found.items()))


def strangers(origins: Mapping[str, str], own: str) -> tuple[Reason, ...]:
    """A reason where a module came from the other side's folder or from where only the code itself can have put it."""
    odd = [name for name, file in origins.items() if file.startswith(("/sides/", *WRITABLE)) and not file.startswith(own)]
    return (Reason("guard.import-origin", f"imports {', '.join(odd[:5])} from elsewhere"),) if odd else ()


def _found(baseline: Look, candidate: Look) -> Iterator[Reason]:
    before, after = (min(look.imports, default=math.nan) for look in (baseline, candidate))
    if after - before > max(IMPORT_S, IMPORT_SHARE * before):
        yield Reason("guard.import", f"importing it costs {after:.2f} s of CPU, before {before:.2f} s")
    extra = _kept(candidate) - _kept(baseline)
    if candidate.calls and extra > max(GROWTH_KIB / len(candidate.again), GROWTH_CALL_KIB * candidate.calls):
        yield Reason("guard.growth", f"each call leaves about {extra / candidate.calls:.1f} KiB more in memory than before")
    if _slowed(candidate) > DRIFT * max(1.0, _change(baseline)):
        calls = candidate.calls * len(candidate.again)
        yield Reason("guard.growth", f"it becomes {_slowed(candidate):.1f} times slower over {calls} calls")
    left = candidate.files - baseline.files
    if left:
        yield Reason("guard.files", f"leaves {len(left)} files behind, {sorted(left)[0]!r} among them")
    here, elsewhere = _gain(baseline.here, candidate.here), _gain(baseline.elsewhere, candidate.elsewhere)
    if here > math.log(FITTED_GAIN) and elsewhere < FITTED_SHARE * here:
        yield Reason(
            "guard.fitted", f"at a size a little off it is {math.exp(elsewhere):.2f}x as fast, here {math.exp(here):.2f}x"
        )


def _gain(over: Sequence[float], under: Sequence[float]) -> float:
    above, below = _middle(over), _middle(under)
    return math.log(above / below) if above > 0 and below > 0 else math.nan


def _change(look: Look) -> float:
    """The time of known inputs over that of new ones."""
    return _over(_middle([each for samples in look.again for each in samples]), look)


def _slowed(look: Look) -> float:
    """By how much even the quick ones of the last calls are slower than the first: a neighbour slows some, a leak slows all."""
    last = sorted(look.again[-1]) if look.again else []
    return _over(last[len(last) // 4] if last else math.nan, look)


def _over(time: float, look: Look) -> float:
    first = _middle(look.first)
    return time / first if first > 0 else math.nan


def _kept(look: Look) -> float:
    """KiB that a pass leaves in memory, the largest step left out, since an allocator takes and gives back in lumps."""
    grown = [after - before for before, after in itertools.pairwise(look.held_kib)]
    return max(0.0, (sum(grown) - max(grown)) / (len(grown) - 1)) if len(grown) > 1 else 0.0


def _code(name: str) -> str:
    if name in STARTUP:
        return "guard.startup"
    return HOOKS.get(name) or MODULES.get(name.partition(".")[0], "guard.identity")


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.nan
