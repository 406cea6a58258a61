"""What the kernel tells about another process, read from outside: nothing in it can colour the answer."""

import math
import os
import re
from pathlib import Path

_MARK = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)


def scheduled_ns(pid: int) -> tuple[int, int]:
    """How long its main thread had a core, and was ready to run without one; zeros where the kernel keeps no such record."""
    try:
        ran, queued, _ = map(int, Path(f"/proc/{pid}/schedstat").read_text().split())
    except (OSError, ValueError):
        return 0, 0
    return ran, queued


def threads(pid: int) -> int:
    """How many threads it has, the main one included; 0 when it is gone."""
    try:
        return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir())
    except OSError:
        return 0


def reaped_ticks(pid: int) -> int:
    """CPU ticks of the children it has waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[13]) + int(fields[14])
    except (OSError, IndexError, ValueError):
        return 0


def high_water_kib(pid: int) -> float:
    """The most memory it held since the mark was last reset, in KiB; NaN where it can't be read."""
    try:
        found = _MARK.search(Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return math.nan
    return float(found[1]) if found else math.nan


def resident_kib(pid: int) -> float:
    """Memory it holds right now, in KiB; NaN where it can't be read."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024
    except (OSError, IndexError, ValueError):
        return math.nan
