"""Whether a measured gain is there where nobody measures: without rests, with garbage collected, at sizes close by. Pure.

What differs from process to process is the host's doing as much as the code's: an accusation needs several sittings, each of
which puts both sides beside each other in processes of their own.
"""

import math
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation.scorecard import Reason
from evaluation.speed.interval import median_error

SHOWN, SHOWN_MOST = 0.5, math.log(4)  # of the gain as it was measured (as a logarithm), and the most that is asked for
LEFT, LEFT_MOST = 0.25, math.log(2)  # the same where garbage is collected: less than that is none
APART = 0.07  # by which (as a logarithm) a process may differ from another one of the same code, beside it
CONFIRMED, MOST = 2, 6  # sittings, where what is missing is beyond that, and where it is less
SURE, CLEAR, DOUBTFUL = 3.0, 2.0, 0.7  # standard errors: to accuse, within one sitting, and to ask for another one
FITTED_GAIN, FITTED_SHARE = 1.2, 0.5  # a gain worth asking about; what must be left of it (as a logarithm) at another size
LEAST_NET = 0.1  # of a sample, where all that it takes seems to be what an empty one does


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side showed of one size: ns a call, sample by sample, by the clock that was decided by."""

    here: tuple[float, ...] = ()  # on new inputs of that size; empty where the samples of the measurement are no larger
    elsewhere: tuple[float, ...] = ()  # at a size a little off, larger in one turn and smaller in the next
    timed: tuple[float, ...] = ()  # on inputs of the measurement, in samples like its own
    collected: tuple[float, ...] = ()  # the same while garbage is collected
    around: float = 0.0  # around all of these, the mean
    empty: float = 0.0  # what a sample takes anyway, spread over the calls of one like the measurement's


@dataclass(frozen=True, slots=True)
class Shown:
    """A logarithm and its standard error; NaN where nothing was shown, which accuses nobody."""

    value: float
    error: float = 0.0


@dataclass(frozen=True, slots=True)
class Pairing:
    """One size in one sitting: the turns of both sides, in order."""

    before: Sequence[Turn]
    after: Sequence[Turn]

    @property
    def rested(self) -> list[tuple[Turn, Turn]]:
        """Turns that came right after the other side's, so that the host was in the same mood; the only one, of slow calls."""
        pairs = list(zip(self.before, self.after, strict=True))
        return pairs[1:-1] if len(pairs) > 2 else pairs

    @property
    def restless(self) -> list[tuple[Turn, Turn]]:
        """The candidate's turns right after other calls of its own, each with the pristine code's that is closest in time."""
        return [(self.before[1], self.after[0]), (self.before[-1], self.after[-1])] if len(self.before) > 2 else []

    @property
    def charge(self) -> float:
        """What the candidate uses around a call (ns) beyond the pristine code, as far as processes and turns don't explain it.

        The mean, and measured by the pristine code's noise alone: who hides work now and then must not say what is noise.
        """
        ours, theirs = ([turn.around for turn in side] for side in (self.before, self.after))
        noise = statistics.stdev(ours) / math.sqrt(len(ours)) if len(ours) > 1 else 0.0
        extra = statistics.fmean(theirs) - statistics.fmean(ours) * (1 + APART) - CLEAR * noise
        return max(0.0, extra)

    def shown(self) -> Shown:
        """The gain in samples like the measured ones, with what was used around them: the median over turns."""
        return _over_turns([_gain(*pair, self.charge) for pair in self.rested])

    def shown_restless(self) -> Shown:
        """The same without a rest; of two turns the better one, since a neighbour may be busy in one."""
        return max((_gain(*pair, self.charge) for pair in self.restless), key=lambda one: one.value)


def missing(found: Sequence[Shown], gain: float) -> bool | None:
    """Whether a measured gain is not there, by one value a sitting; None where another sitting is needed to tell.

    In the end less than half of it must show, and surely less than all of it; the lowest and the highest value are left out.
    Two sittings are enough where both show less than half of it beyond what processes differ by.
    """
    count, mean = len(found), statistics.fmean(each.value for each in found)
    bound = min(SHOWN * gain, SHOWN_MOST)
    error = math.hypot(APART, statistics.fmean(each.error for each in found))
    least = min(bound, gain - SURE * error / math.sqrt(MOST))
    if math.isnan(mean) or math.isnan(gain) or mean >= least + DOUBTFUL * error / math.sqrt(count):
        return False
    beyond_moods = all(each.value + APART + each.error < bound for each in found)
    if count >= CONFIRMED and beyond_moods and mean + SURE * error / math.sqrt(count) < gain:
        return True
    return None if count < MOST else statistics.fmean(sorted(each.value for each in found)[1:-1]) < least


def lacking(sittings: Sequence[Pairing], gain: float) -> tuple[bool | None, Shown]:
    """Whether the gain is missing in most turns or in those without a rest, and what is shown where it shows least."""
    rows = [[each.shown() for each in sittings]]
    if all(each.restless for each in sittings):
        rows.append([each.shown_restless() for each in sittings])
    least = min((row[-1] for row in rows), key=lambda one: one.value)
    told = [missing(row, gain) for row in rows]
    return True if True in told else None if None in told else False, least


def with_collector(sittings: Sequence[Pairing], gain: float) -> Shown:
    """The gain while garbage is collected: the measured one, with what collecting changes of it within these processes.

    Where clearly more than was measured shows here, it is that which changes.
    """
    pairs = [pair for each in sittings for pair in each.rested]
    held = [_plain(before.timed, after.timed) for before, after in pairs]
    collected = [_plain(before.collected, after.collected) for before, after in pairs]
    change = _over_turns([_minus(now, then) for now, then in zip(collected, held, strict=True)])
    level = _over_turns(held).value
    return Shown((level if level > gain + CLEAR * APART else gain) + change.value, change.error)


def uncollected(sittings: Sequence[Pairing], gain: float) -> bool | None:
    """Whether the gain is there only while no garbage is collected; None where another sitting is needed to tell."""
    return _below(with_collector(sittings, gain), min(LEFT * gain, LEFT_MOST), len(sittings))


def notes(sittings: Sequence[Pairing], gain: float) -> Iterator[Reason]:
    """A gain that is clearly smaller while garbage is collected, though it is there."""
    found = with_collector(sittings, gain)
    if found.value + CLEAR * found.error < min(SHOWN * gain, SHOWN_MOST):
        yield _collected(found, gain)


def reasons(sittings: Sequence[Pairing], gain: float) -> tuple[tuple[Reason, ...], bool]:
    """(what these sittings speak against, whether another one is needed to tell)."""
    absent, least = lacking(sittings, gain)
    slower = uncollected(sittings, gain)
    here, elsewhere, odd = fitted(sittings)
    found = []
    if absent:
        found.append(Reason("guard.drift", f"in a process that only makes calls it is {_told(least.value, gain)}"))
    elif slower:
        found.append(_collected(with_collector(sittings, gain), gain))
    if odd:
        told = f"at a size a little off it is {math.exp(elsewhere):.2f}x as fast, here {math.exp(here):.2f}x"
        found.append(Reason("guard.fitted", told))
    return tuple(found), not found and None in (absent, slower, odd)


def fitted(sittings: Sequence[Pairing]) -> tuple[float, float, bool | None]:
    """The gain at a size, at sizes a little off, and whether too little is left there; None where another sitting must tell."""
    pairs = [_beside(pair) for each in sittings for pair in each.rested]
    here, elsewhere = (_over_turns([pair[at] for pair in pairs]).value for at in (0, 1))
    if not here > math.log(FITTED_GAIN):
        return here, elsewhere, False
    left = _over_turns([_minus(off, at, FITTED_SHARE) for at, off in pairs])
    return here, elsewhere, _below(left, 0.0, len(sittings))


def middle(values: Sequence[float]) -> float:
    """The median of what is a number."""
    known = [value for value in values if not math.isnan(value)]
    return statistics.median(known) if known else math.nan


def _below(found: Shown, bound: float, sittings: int) -> bool | None:
    """Whether what all turns of several sittings show lies below a bound; None where more of them are needed to tell."""
    if not found.value < bound:
        return False
    if sittings >= CONFIRMED and found.value + CLEAR * found.error < bound:
        return True
    return None if sittings < MOST else False


def _gain(before: Turn, after: Turn, charge: float) -> Shown:
    """In samples like the measured ones, less what a sample takes anyway: of both sides' the lower, so nobody gains by it."""
    anyway = min(before.empty, after.empty)
    return _ratio(before.timed, after.timed, anyway, charge)


def _beside(pair: tuple[Turn, Turn]) -> tuple[Shown, Shown]:
    before, after = pair
    here = _plain(before.here or before.timed, after.here or after.timed)
    return here, _plain(before.elsewhere, after.elsewhere)


def _plain(above: Sequence[float], below: Sequence[float]) -> Shown:
    return _ratio(above, below, 0.0, 0.0)


def _ratio(above: Sequence[float], below: Sequence[float], anyway: float, more: float) -> Shown:
    if not above or not below:
        return Shown(math.nan, math.nan)
    upper, lower = (max(middle(each) - anyway, LEAST_NET * middle(each)) for each in (above, below))
    if not (upper > 0 and lower > 0):
        return Shown(math.nan, math.nan)
    return Shown(math.log(upper / (lower + more)), math.hypot(median_error(above) / upper, median_error(below) / (lower + more)))


def _minus(one: Shown, other: Shown, share: float = 1.0) -> Shown:
    return Shown(one.value - share * other.value, math.hypot(one.error, share * other.error))


def _over_turns(rows: Sequence[Shown]) -> Shown:
    """The median; its error from what turns differ by, or where there is only one, from its samples."""
    known = [each for each in rows if not math.isnan(each.value)]
    if not known:
        return Shown(math.nan, math.nan)
    values = [each.value for each in known]
    return Shown(statistics.median(values), median_error(values) if len(known) > 2 else known[0].error)


def _collected(found: Shown, gain: float) -> Reason:
    return Reason("guard.gc", f"while garbage is collected it is {_told(found.value, gain)} with the collector held back")


def _told(value: float, gain: float) -> str:
    return f"{math.exp(value):.2f}x as fast, where it was measured {math.exp(gain):.2f}x"
