"""What the processes below one process use, read from /proc: bounds for users who have no control groups. Best effort."""

import re
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


def take(top: int, exact_above_mib: float = 0.0) -> Tally:
    """Sum up `top` and everything below it.

    Resident pages count a shared page for each process that has it; beyond `exact_above_mib` the slower, fair figure is asked.
    """
    members = {pid: fields for pid in descendants(top) if (fields := _fields(pid))}
    resident = {pid: int(fields[_RESIDENT]) * _PAGE_MIB for pid, fields in members.items()}
    if sum(resident.values()) > exact_above_mib:
        resident = {pid: _fair_mib(pid, mib) for pid, mib in resident.items()}
    return Tally(len(members), sum(resident.values()))


def descendants(top: int) -> list[int]:
    """`top` and every live process below it."""
    if not _fields(top):
        return []
    children = _children if _kernel_lists_children() else _parents_turned_round().get
    members, todo = {top}, [top]
    while todo:
        new = set(children(todo.pop()) or ()) - members
        members |= new
        todo += new
    return sorted(members)


def _kernel_lists_children() -> bool:
    return Path("/proc/thread-self/children").exists()


def _children(pid: int) -> list[int]:
    """What the kernel lists for each thread: a few reads, where a search through all processes would disturb a measurement."""
    found: list[int] = []
    try:
        for thread in (_PROC / str(pid) / "task").iterdir():
            found += [int(child) for child in (thread / "children").read_text().split()]
    except OSError:  # it ended meanwhile
        return found
    return found


def _parents_turned_round() -> dict[int, list[int]]:
    """Children by parent, for kernels that keep no such list."""
    children: dict[int, list[int]] = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit() and (fields := _fields(int(entry.name))):
            children.setdefault(int(fields[_PARENT]), []).append(int(entry.name))
    return children


def _fields(pid: int) -> list[bytes]:
    """Fields of /proc/PID/stat; none if there is no such process."""
    try:
        return (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return []


def _fair_mib(pid: int, resident: float) -> float:
    """Memory of one process with its part of shared pages; all of them where the kernel does not tell."""
    try:
        found = re.search(rb"^Pss:\s+(\d+) kB$", (_PROC / str(pid) / "smaps_rollup").read_bytes(), re.MULTILINE)
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0.0
    except PermissionError:
        return resident
    return int(found[1]) / 1024 if found else resident
