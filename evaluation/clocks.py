"""Which clock tells the truth about a target: its own CPU time, or the wall on a quiet host, or none."""

import math
import statistics
from collections.abc import Sequence
from pathlib import Path

from evaluation.samples import Arm, Clock, Session

BUSY = (0.9, 1.1)  # CPU over wall of code that keeps exactly one core busy
QUIET_PRESSURE = 10.0  # percent of the last ten seconds in which somebody waited for a core


def busy(sessions: Sequence[Session], arm: Arm) -> float:
    """CPU over wall of one side, time spent queueing for a core not held against it."""
    shares = [share for session in sessions if math.isfinite(share := session.cpu_over_wall(arm))]
    return statistics.median(shares) if shares else math.nan


def choose(sessions: Sequence[Session], quiet: bool) -> Clock | None:
    """The CPU clock where both sides keep one core busy; else the wall's if the host is quiet; else none."""
    shares = [busy(sessions, arm) for arm in ("baseline", "candidate")]
    if not all(math.isfinite(share) for share in shares):
        return None
    if all(BUSY[0] <= share <= BUSY[1] for share in shares):
        return "cpu"
    return "wall" if quiet else None


def quiet(pressure: Path = Path("/proc/pressure/cpu")) -> bool:
    """Whether the host's cores are free enough for the wall clock; an unknown host is not quiet."""
    try:
        fields = pressure.read_text().splitlines()[0].split()
    except (OSError, IndexError):
        return False
    values = dict(field.split("=", 1) for field in fields if "=" in field)
    return float(values.get("avg10", "nan")) < QUIET_PRESSURE
