"""What the processes below one process use, read from /proc: bounds for users who have no control groups. Best effort."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PARENT, _RESIDENT = 1, 21  # fields of /proc/PID/stat after the name, which may hold anything and ends at the last bracket
_PAGE_MIB = 4096 / (1 << 20)


@dataclass(frozen=True, slots=True)
class Tally:
    """Live processes and the memory they hold together."""

    processes: int
    memory_mib: float


def descendants(top: int) -> list[int]:
    """`top` and every live process below it."""
    return sorted(_below(top, {pid: parent for pid, parent, _ in _all()}))


def take(top: int, exact_above_mib: float = 0.0) -> Tally:
    """Sum up `top` and everything below it.

    Resident pages count a shared page for each process that has it; beyond `exact_above_mib` the slower, fair figure is asked.
    """
    rows = list(_all())
    members = _below(top, {pid: parent for pid, parent, _ in rows})
    quick = {pid: pages * _PAGE_MIB for pid, _, pages in rows if pid in members}
    if sum(quick.values()) > exact_above_mib:
        quick = {pid: _fair_mib(pid, resident) for pid, resident in quick.items()}
    return Tally(len(members), sum(quick.values()))


def _fair_mib(pid: int, resident: float) -> float:
    """Memory of one process with its part of shared pages; all of them where the kernel does not tell."""
    try:
        found = re.search(rb"^Pss:\s+(\d+) kB$", (_PROC / str(pid) / "smaps_rollup").read_bytes(), re.MULTILINE)
    except OSError:
        return resident
    return int(found[1]) / 1024 if found else resident


def _below(top: int, parents: dict[int, int]) -> set[int]:
    members = {top} & parents.keys()
    children: dict[int, list[int]] = {}
    for pid, parent in parents.items():
        children.setdefault(parent, []).append(pid)
    todo = list(members)
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in members:
                members.add(child)
                todo.append(child)
    return members


def _all() -> Iterator[tuple[int, int, int]]:
    """(pid, parent, resident pages) of every process we can see."""
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        yield int(entry.name), int(fields[_PARENT]), int(fields[_RESIDENT])
