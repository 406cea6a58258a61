"""Which clock tells the truth about a target: its own CPU time, the wall's, or none."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evaluation.scorecard import Clock
from evaluation.speed.samples import Arm, Sample, Session

SIDES: Sequence[Arm] = ("baseline", "candidate")
BUSY = (0.9, 1.1)  # CPU over wall of code that keeps exactly one core busy
ALONE = 0.05  # the share of its computing that a target may do outside its main thread: what that one queues is all it queues
QUIET_PRESSURE = 10.0  # percent of the last ten seconds in which somebody waited for a core
QUEUED = 0.03  # of its wall time that the target itself may have waited for a core, where not all of that is seen
CROWDED = 0.25  # the same where all of it is seen and taken off: beyond, wake-ups say more about the host than about the target
PAUSES_S = (2.0, 4.0, 8.0)  # before asking a busy host again
SPIN_S = 0.2  # of our own work, where the kernel keeps no record of pressure
SPIN_SHARE = 0.97  # of it that a free core gives us
STOLEN_S, STOLEN = 1.0, 0.01  # so long we watch how much of its cores a guest is denied by its host, and so much it may be

PRESSURE, STAT = Path("/proc/pressure/cpu"), Path("/proc/stat")


def busy(sessions: Sequence[Session], arm: Arm) -> float:
    """CPU over wall of one side, time spent queueing for a core not held against it."""
    shares = [share for session in sessions if math.isfinite(share := session.cpu_over_wall(arm))]
    return statistics.median(shares) if shares else math.nan


def choose(sessions: Sequence[Session], quiet: Callable[[], bool], *, one_core: bool) -> Clock | None:
    """The CPU clock where both sides keep one core busy, and could not have kept more of them busy on a quieter host.

    Of a target that waits in its only thread the kernel knows how long it queued for a core: the wall's clock without that.
    Otherwise the wall's clock if the host is (and was) quiet, or none. `quiet` is asked only where it matters: it takes a while.
    """
    shares = [busy(sessions, arm) for arm in SIDES]
    if not all(math.isfinite(share) for share in shares):
        return None
    alone = all(apart(sessions, arm) <= ALONE for arm in SIDES) and all(map(_accounted, sessions))
    if (one_core or alone) and all(BUSY[0] <= share <= BUSY[1] for share in shares):
        return "cpu"
    if alone:
        return "unqueued" if queued(sessions) <= CROWDED else None
    return "wall" if queued(sessions) <= QUEUED and quiet() else None


def apart(sessions: Sequence[Session], arm: Arm) -> float:
    """The share of its computing that a side does in other threads or processes."""
    return statistics.median(one.apart(arm) for one in sessions)


def _accounted(session: Session) -> bool:
    """Whether somebody kept account of what the sandbox computed beside the worker."""
    return all(left.elsewhere_s is not None for left in session.left.values())


def queued(sessions: Sequence[Session]) -> float:
    """The share of its wall time that a side's main thread spent waiting for a core, of the side that waited most."""
    return max(_queued([sample for one in sessions for cell in one.cells for sample in cell.long(arm)]) for arm in SIDES)


def _queued(samples: Sequence[Sample]) -> float:
    return sum(min(each.waited, each.wall) for each in samples) / max(1, sum(each.wall for each in samples))


def quiet(pause: Callable[[float], None] = time.sleep, pressure: Path = PRESSURE, stat: Path = STAT) -> bool:
    """Whether the host's cores are free enough for the wall clock, or become so within a quarter of a minute."""
    for seconds in PAUSES_S:
        if free(pressure):
            break
        pause(seconds)
    else:
        if not free(pressure):
            return False
    return stolen(pause, stat) <= STOLEN


def stolen(pause: Callable[[float], None] = time.sleep, stat: Path = STAT) -> float:
    """The share of its cores' time that the host of this guest gave to others meanwhile; 0 where the kernel doesn't say."""
    before = _ticks(stat)
    pause(STOLEN_S)
    spent = [after - earlier for after, earlier in zip(_ticks(stat), before, strict=False)]
    return spent[7] / sum(spent[:8]) if len(spent) > 7 and sum(spent[:8]) > 0 else 0.0


def _ticks(stat: Path) -> list[int]:
    """Of all cores: user, nice, system, idle, iowait, irq, softirq, steal, ... (proc(5))."""
    try:
        return [int(word) for word in stat.read_text().split("\n", 1)[0].split()[1:]]
    except (OSError, ValueError):
        return []


def free(pressure: Path = PRESSURE) -> bool:
    """Whether nobody waits for a core, by the kernel's record of it, or by what a core gives us where there is none."""
    waiting = waited(pressure)
    return spun() >= SPIN_SHARE if math.isnan(waiting) else waiting < QUIET_PRESSURE


def waited(pressure: Path = PRESSURE) -> float:
    """Percent of the last ten seconds in which somebody waited for a core; NaN where the kernel keeps no record."""
    try:
        fields = pressure.read_text().splitlines()[0].split()
        return float(dict(field.split("=", 1) for field in fields if "=" in field).get("avg10", "nan"))
    except (OSError, IndexError, ValueError):
        return math.nan


def spun() -> float:
    """The share of a core that this thread gets when it wants all of one."""
    wall, cpu = time.monotonic(), time.thread_time()
    while time.monotonic() < wall + SPIN_S:
        pass
    return (time.thread_time() - cpu) / (time.monotonic() - wall)


def without(sessions: Sequence[Session]) -> str:
    """Why no clock will do: a sentence."""
    shares = {arm: busy(sessions, arm) for arm in SIDES}
    if not all(map(math.isfinite, shares.values())):
        return "its samples say nothing about the cores it uses, so no clock can be chosen"
    if all(apart(sessions, arm) <= ALONE for arm in SIDES) and queued(sessions) > CROWDED:
        return f"it waits, and the host is too crowded to tell for what ({_crowd(sessions)})"
    odd = [arm for arm in SIDES if not BUSY[0] <= shares[arm] <= BUSY[1]]
    arm = odd[0] if odd else max(SIDES, key=lambda each: apart(sessions, each))
    how = _waiting(shares[arm]) if odd else f"leaves {apart(sessions, arm):.0%} of its computing to other threads or processes"
    return f"the {arm} {how}, so only the wall clock would do, and this host is not quiet ({_crowd(sessions)})"


def _waiting(share: float) -> str:
    return f"waits: it computes for {share:.0%} of its time" if share < BUSY[0] else f"uses {share:.1f} cores"


def _crowd(sessions: Sequence[Session]) -> str:
    waiting, own = waited(), queued(sessions)
    kernel = "" if math.isnan(waiting) else f"somebody waited for a core in {waiting:.0f} % of the last ten seconds; "
    return f"{kernel}its own calls queued for {own:.1%} of their time"
