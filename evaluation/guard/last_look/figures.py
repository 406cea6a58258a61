"""What a last look at a candidate found, as plain numbers of both sides, and which of it is a reason to reject. Pure.

A measurement shows how long calls take; it doesn't show what importing costs, what calls leave behind, or whether the gain
is still there on the next input.
"""

import itertools
import math
import posixpath
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evaluation.scorecard import Reason
from evaluation.speed.interval import median_error

IMPORT_S, IMPORT_SHARE = 0.12, 0.5  # importing may cost so much more CPU (a compiler's, for a small function), or such a share
IMPORT_TOLD_S = 0.04  # from here on it is told
DRIFT = 1.5  # times slower after many calls than at first, next to the pristine code
SHOWN, SHOWN_MOST = 0.5, math.log(4)  # of the gain as it was measured (as a logarithm), and the most that is asked for
APART = 0.07  # by which (as a logarithm) a process may differ from another one of the same code, beside it
REPEATED = 0.5  # of the first pass's time, where the same inputs come again
GROWTH_KIB, GROWTH_CALL_KIB = 768, 1.0  # more than the pristine code keeps: in all, and a call
FITTED_GAIN, FITTED_SHARE = 1.2, 0.25  # a gain worth asking about; what must be left of it (as a logarithm) at another size


@dataclass(frozen=True, slots=True)
class Turn:
    """ns a call, sample by sample, by the clock that was decided by."""

    here: tuple[float, ...] = ()  # at the largest size that is measured
    elsewhere: tuple[float, ...] = ()  # at a size a little off
    timed: tuple[float, ...] = ()  # on inputs of the measurement, in samples like its own
    around: float = 0.0  # around all of these, the mean


@dataclass(frozen=True, slots=True)
class Look:
    """What one side showed, alone in its process."""

    imports: tuple[float, ...] = ()  # CPU seconds for the project's own modules, several times
    first: tuple[float, ...] = ()  # CPU ns a call, by sample
    again: tuple[tuple[float, ...], ...] = ()  # the same inputs again and again, by pass
    turns: tuple[Turn, ...] = ()  # taken with the other side
    held_kib: tuple[float, ...] = ()  # resident memory before the first of these passes, and after each
    calls: int = 0  # in each pass
    files: Mapping[str, str] = field(default_factory=dict)  # left in the sandbox, each with a digest


def reasons(baseline: Look, candidate: Look, gain: float = math.nan, *, again: Look | None = None) -> tuple[Reason, ...]:
    """What speaks against a candidate whose `gain` (a logarithm) was measured elsewhere.

    What the baseline does not leave alike `again` is not asked of the candidate.
    """
    written = _written(baseline.files, candidate.files, (again or baseline).files)
    return (*_found(baseline, candidate), *_lacking(baseline, candidate, gain), *written)


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


def _found(baseline: Look, candidate: Look) -> Iterator[Reason]:
    yield from _importing(baseline, candidate, IMPORT_S)
    extra = _kept(candidate) - _kept(baseline)
    if candidate.calls and extra > max(GROWTH_KIB / len(candidate.again), GROWTH_CALL_KIB * candidate.calls):
        yield Reason("guard.growth", f"each call leaves about {extra / candidate.calls:.1f} KiB more in memory than before")
    if _slowed(candidate) > DRIFT * max(1.0, _change(baseline)):
        calls = candidate.calls * len(candidate.again)
        yield Reason("guard.growth", f"it becomes {_slowed(candidate):.1f} times slower over {calls} calls")
    here = _gain((before.here, after.here) for before, after in _turns(baseline, candidate))
    elsewhere = _gain((before.elsewhere, after.elsewhere) for before, after in _turns(baseline, candidate))
    if here > math.log(FITTED_GAIN) and elsewhere < FITTED_SHARE * here:
        yield Reason(
            "guard.fitted", f"at a size a little off it is {math.exp(elsewhere):.2f}x as fast, here {math.exp(here):.2f}x"
        )


def _lacking(baseline: Look, candidate: Look, gain: float) -> Iterator[Reason]:
    """A gain must be there where no harness is recognised, too: with what is used around the calls, by half, beyond noise.

    In the first turn, which no rest comes before, and in most of the later ones.
    """
    later = [_shows(before, after) for before, after in _turns(baseline, candidate)]
    found = [tuple(map(_middle, zip(*later, strict=True)))] if later else []
    if len(baseline.turns) > 1:
        found.append(_shows(baseline.turns[1], candidate.turns[0]))
    for shown, error in found:
        if shown + APART + error < min(SHOWN * gain, SHOWN_MOST):
            told = f"{math.exp(shown):.2f}x as fast, where it was measured {math.exp(gain):.2f}x"
            yield Reason("guard.drift", f"in a process that only makes calls it is {told}")
            return


def _turns(baseline: Look, candidate: Look) -> list[tuple[Turn, Turn]]:
    """Those in which one side came right after the other, so that the host was in the same mood; else the only one."""
    pairs = list(zip(baseline.turns, candidate.turns, strict=True))
    return pairs[1:] or pairs


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


def _shows(baseline: Turn, candidate: Turn) -> tuple[float, float]:
    """(the gain in samples like the measured ones, with what was used around them; its standard error); NaN without any."""
    if not baseline.timed or not candidate.timed:
        return math.nan, math.nan
    below = _middle(candidate.timed) + max(0.0, candidate.around - baseline.around)
    own, theirs = map(median_error, (baseline.timed, candidate.timed))
    return _ratio(_middle(baseline.timed), below), math.hypot(own / _middle(baseline.timed), theirs / below)


def _gain(turns: Iterable[tuple[Sequence[float], Sequence[float]]]) -> float:
    return _middle([_ratio(_middle(before), _middle(after)) for before, after in turns])


def _ratio(above: float, below: float) -> float:
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


def _middle(values: Sequence[float]) -> float:
    """The median of what is a number."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan
