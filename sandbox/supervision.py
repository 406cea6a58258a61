"""What the processes below one process use, read from /proc: bounds for users who have no control groups. Best effort."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PARENT, _RESIDENT = 1, 21  # fields of /proc/PID/stat after the name, which may hold anything and ends at the last bracket
_PAGE_MIB = 4096 / (1 << 20)


@dataclass(frozen=True, slots=True)
class Tally:
    """Live processes and the memory they hold together (shared pages counted more than once)."""

    processes: int
    memory_mib: float


def descendants(top: int) -> list[int]:
    """`top` and every live process below it."""
    return sorted(_below(top, {pid: parent for pid, parent, _ in _all()}))


def take(top: int) -> Tally:
    """Sum up `top` and everything below it."""
    rows = list(_all())
    members = _below(top, {pid: parent for pid, parent, _ in rows})
    return Tally(len(members), sum(pages for pid, _, pages in rows if pid in members) * _PAGE_MIB)


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
