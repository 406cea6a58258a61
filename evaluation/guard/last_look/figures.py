"""What a last look at a candidate found, as plain numbers of both sides, and which of it is a reason to reject. Pure.

A measurement shows how long calls take; it doesn't show what importing costs or what calls leave behind.
"""

import itertools
import math
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.guard.last_look.gains import Turn, middle
from evaluation.scorecard import Reason

IMPORT_S, IMPORT_SHARE = 0.12, 0.5  # importing may cost so much more CPU (a compiler's, for a small function), or such a share
IMPORT_TOLD_S = 0.04  # from here on it is told
DRIFT = 1.5  # times slower after many calls than at first, next to the pristine code
REPEATED = 0.5  # of the first pass's time, where the same inputs come again
GROWTH_KIB, GROWTH_CALL_KIB = 768, 1.0  # more than the pristine code keeps: in all, and a call


@dataclass(frozen=True, slots=True)
class Held:
    """Resident memory (KiB) before the first of some passes or turns, and after each."""

    kib: tuple[float, ...] = ()
    calls: int = 0  # in each

    @property
    def steps(self) -> list[float]:
        """By how much it grew in each."""
        return [after - before for before, after in itertools.pairwise(self.kib)]

    @property
    def usual(self) -> float:
        """Growth in each, the largest step left out, since an allocator takes and gives back in lumps."""
        steps = self.steps
        return max(0.0, (sum(steps) - max(steps)) / (len(steps) - 1)) if len(steps) > 1 else 0.0

    @property
    def steady(self) -> float:
        """What it grows by in all of them but one: on new inputs, the first of which may take room for all others."""
        return max(0.0, sorted(self.steps)[1]) if len(self.steps) > 2 else 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """What one side showed, alone in its process."""

    imports: tuple[float, ...] = ()  # CPU seconds for the project's own modules, several times
    first: tuple[float, ...] = ()  # CPU ns a call, by sample
    again: tuple[tuple[float, ...], ...] = ()  # the same inputs again and again, by pass
    turns: tuple[tuple[Turn, ...], ...] = ()  # taken with the other side, size by size
    held: Held = Held()  # around the passes over the same inputs
    new: Held = Held()  # around the turns
    files: Mapping[str, str] = field(default_factory=dict)  # left in the sandbox, each with a digest


def reasons(baseline: Look, candidate: Look, *, again: Look | None = None) -> tuple[Reason, ...]:
    """What speaks against a candidate; what the baseline does not leave alike `again` is not asked of it."""
    written = _written(baseline.files, candidate.files, (again or baseline).files)
    return (*_importing(baseline, candidate, IMPORT_S), *_growing(baseline, candidate), *written)


def notes(baseline: Look, candidate: Look) -> tuple[Reason, ...]:
    """What a reviewer should know, though it is no reason: what is kept gains nothing here, where no input comes twice."""
    return (*_repeating(baseline, candidate), *_importing(baseline, candidate, IMPORT_TOLD_S))


def _repeating(baseline: Look, candidate: Look) -> Iterator[Reason]:
    before, after = _change(baseline), _change(candidate)
    if after < REPEATED < before:
        yield Reason("guard.cache", f"a repeated input takes {after:.0%} of the time of a new one")


def _importing(baseline: Look, candidate: Look, least: float) -> Iterator[Reason]:
    before, after = (min(look.imports, default=math.nan) for look in (baseline, candidate))
    if after - before > max(least, IMPORT_SHARE * before):
        yield Reason("guard.import", f"importing it costs {after:.2f} s of CPU, before {before:.2f} s")


def _growing(baseline: Look, candidate: Look) -> Iterator[Reason]:
    again, new = candidate.held, candidate.new
    for held, extra in ((again, again.usual - baseline.held.usual), (new, new.steady - baseline.new.steady)):
        if held.calls and extra > max(GROWTH_KIB / len(held.steps), GROWTH_CALL_KIB * held.calls):
            yield Reason("guard.growth", f"each call leaves about {extra / held.calls:.1f} KiB more in memory than before")
            break
    if _slowed(candidate) > DRIFT * max(1.0, _change(baseline)):
        calls = again.calls * len(candidate.again)
        yield Reason("guard.growth", f"it becomes {_slowed(candidate):.1f} times slower over {calls} calls")


def _written(ours: Mapping[str, str], theirs: Mapping[str, str], again: Mapping[str, str]) -> Iterator[Reason]:
    """Files that are there, are gone, or hold something else; in folders where names vary, only their number counts."""
    varying = sorted({posixpath.dirname(name.rstrip("/")) for name in {*ours} ^ {*again}})
    before, after, once_more = (_shape(files, varying) for files in (ours, theirs, again))
    steady = {name for name in {*before, *after} if before.get(name) == once_more.get(name)}
    odd = sorted(name for name in steady if before.get(name) != after.get(name))
    if odd:
        how = "leaves" if odd[0] not in before else "no longer leaves" if odd[0] not in after else "leaves something else in"
        more = f" and {len(odd) - 1} more" if len(odd) > 1 else ""
        yield Reason("guard.files", f"{how} {odd[0]!r}{more}")


def _shape(files: Mapping[str, str], varying: Sequence[str]) -> dict[str, str]:
    """The files by name; those below a folder where names vary as their number."""
    below = {name: next((folder for folder in varying if name.startswith(f"{folder}/")), None) for name in files}
    counts = Counter(folder for folder in below.values() if folder is not None)
    plain = {name: text for name, text in files.items() if below[name] is None}
    return plain | {f"{folder}/*": f"{counts[folder]} files" for folder in varying}


def _change(look: Look) -> float:
    """The time of known inputs over that of new ones."""
    return _over(middle([each for samples in look.again for each in samples]), look)


def _slowed(look: Look) -> float:
    """By how much even the quick ones of the last calls are slower than the first: a neighbour slows some, a leak slows all."""
    last = sorted(look.again[-1]) if look.again else []
    return _over(last[len(last) // 4] if last else math.nan, look)


def _over(time: float, look: Look) -> float:
    first = middle(look.first)
    return time / first if first > 0 else math.nan
