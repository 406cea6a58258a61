"""Control groups, version 1 and 2: bounds and accounts for everything one sandbox does. Needs root (or a delegated tree)."""

import os
import re
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.spec import Limits

_MOUNTS = Path("/proc/self/mounts")
_FAMILY = "hasten"
_NEEDED = ("memory", "pids", "cpuacct")
_SPARE = 2  # bubblewrap's own processes count too


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Where the controllers we need are mounted; all three name one folder under version 2."""

    version: int
    roots: Mapping[str, Path]


def hierarchy(mounts: str | None = None) -> Hierarchy | None:
    """The control groups that we may write to, version 1 first (on a hybrid host the controllers are there)."""
    rows = [row.split() for row in (mounts if mounts is not None else _MOUNTS.read_text()).splitlines()]
    old = {name: Path(row[1]) for row in rows if row[2] == "cgroup" for name in row[3].split(",") if name in _NEEDED}
    if len(old) == len(_NEEDED) and all(os.access(root, os.W_OK) for root in old.values()):
        return Hierarchy(1, old)
    for root in (Path(row[1]) for row in rows if row[2] == "cgroup2"):
        if _delegates(root):
            return Hierarchy(2, dict.fromkeys(_NEEDED, root))
    return None


def _delegates(root: Path) -> bool:
    """Whether sub-groups of ours get the memory and pids controllers; switches them on where that is allowed."""
    try:
        offered = (root / "cgroup.controllers").read_text().split()
        if not {"memory", "pids"} <= set(offered):
            return False
        family = root / _FAMILY
        for folder in (root, family):
            family.mkdir(exist_ok=True)
            (folder / "cgroup.subtree_control").write_text("+memory +pids")
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Account:
    """Where the kernel accounts for the CPU of one group."""

    version: int
    folder: Path

    def cpu_s(self) -> float | None:
        """CPU seconds of every process that was ever in it; None when it is gone."""
        if self.version == 1:
            used = _number(self.folder / "cpuacct.usage")
            return None if used is None else used / 1e9
        used = _field(self.folder / "cpu.stat", "usage_usec")
        return None if used is None else used / 1e6


def account_of(pid: int, mounts: str | None = None, membership: str | None = None) -> Account | None:
    """The account of the group that a process is in, somebody else's too; None where this host does not show it."""
    rows = [row.split() for row in (mounts if mounts is not None else _MOUNTS.read_text()).splitlines()]
    try:
        lines = (membership if membership is not None else Path(f"/proc/{pid}/cgroup").read_text()).splitlines()
    except OSError:
        return None
    groups = {name: path.lstrip("/") for _, names, path in (line.split(":", 2) for line in lines) for name in names.split(",")}
    for version, kind, name in ((1, "cgroup", "cpuacct"), (2, "cgroup2", "")):
        roots = [Path(row[1]) for row in rows if row[2] == kind and (version == 2 or name in row[3].split(","))]
        if name in groups and roots:
            found = Account(version, roots[0] / groups[name])
            if found.cpu_s() is not None:
                return found
    return None


class Group:
    """The control group of one sandbox. Its name carries the owner and the deadline, so that a sweep needs no other record."""

    def __init__(self, place: Hierarchy, name: str) -> None:
        self.name = name
        self._version = place.version
        self._folders = {kind: root / _FAMILY / name for kind, root in place.roots.items()}

    def create(self, limits: Limits) -> None:
        """Make the group with its bounds, before anything runs in it."""
        for folder in set(self._folders.values()):
            folder.mkdir(parents=True, exist_ok=True)
        bytes_, tasks = str(limits.memory_mib << 20), str(limits.processes + _SPARE)
        (self._folders["pids"] / "pids.max").write_text(tasks)
        memory = self._folders["memory"]
        if self._version == 1:
            (memory / "memory.limit_in_bytes").write_text(bytes_)
            _write_if_there(memory / "memory.memsw.limit_in_bytes", bytes_)
        else:
            (memory / "memory.max").write_text(bytes_)
            _write_if_there(memory / "memory.swap.max", "0")

    def add(self, pid: int) -> None:
        """Move a process into the group; its children follow."""
        for folder in set(self._folders.values()):
            (folder / "cgroup.procs").write_text(str(pid))

    def pids(self) -> list[int]:
        """Processes in the group now, as this process sees them."""
        try:
            return [int(line) for line in (self._folders["pids"] / "cgroup.procs").read_text().split()]
        except OSError:
            return []

    def cpu_s(self) -> float | None:
        """CPU seconds of every process that was ever in the group."""
        return Account(self._version, self._folders["cpuacct"]).cpu_s()

    def peak_mib(self) -> float | None:
        """The most memory the group ever held, page cache and tmpfs included; None where the kernel keeps no such figure."""
        peak = _number(self._folders["memory"] / ("memory.max_usage_in_bytes" if self._version == 1 else "memory.peak"))
        return None if peak is None else peak / (1 << 20)

    def oom(self) -> bool:
        """Whether the kernel killed something in the group for memory, even if the command itself went on."""
        name = "memory.oom_control" if self._version == 1 else "memory.events"
        return bool(_field(self._folders["memory"] / name, "oom_kill"))

    def remove(self, patience: float = 2.0) -> bool:
        """Kill what is left and take the group away; whether it is gone."""
        end = time.monotonic() + patience
        while not self._rmdir():
            for pid in self.pids():
                _kill(pid)
            if time.monotonic() > end:
                return False
            time.sleep(0.005)
        return True

    def _rmdir(self) -> bool:
        try:
            for folder in set(self._folders.values()):
                if folder.exists():
                    folder.rmdir()
        except OSError:
            return False
        return True


def groups(place: Hierarchy) -> Iterator[Group]:
    """Every group of ours on this host, whoever made it."""
    names = {folder.name for root in set(place.roots.values()) for folder in (root / _FAMILY).glob("*/")}
    for name in sorted(names):
        yield Group(place, name)


def _field(path: Path, name: str) -> int | None:
    try:
        found = re.search(rf"^{name} (\d+)$", path.read_text(), re.MULTILINE)
    except OSError:
        return None
    return int(found.group(1)) if found else None


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _write_if_there(path: Path, text: str) -> None:
    if path.exists():
        path.write_text(text)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
