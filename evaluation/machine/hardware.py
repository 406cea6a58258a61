"""What machine measures, as far as it shows itself: `lscpu`, /sys, control groups. What the kernel hides stays unknown."""

import json
import math
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LSCPU_SECONDS = 10
_UNITS = {"": 1 / 1024, "K": 1, "KiB": 1, "M": 1 << 10, "MiB": 1 << 10, "G": 1 << 20, "GiB": 1 << 20}
_CACHE = re.compile(r"^\s*([\d.]+)\s*([KMG]?(?:iB)?)B?\s*(?:\((\d+) instances?\))?")
_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
_GROUPS = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A host as far as it shows itself; None is unknown."""

    arch: str | None = None
    vendor: str | None = None
    cpu: str | None = None
    family: int | None = None
    model: int | None = None
    flags: frozenset[str] | None = None
    cores: int | None = None  # that we may use
    smt: bool | None = None  # a core shows itself as several
    l2_kib: float | None = None  # of one cache
    l3_kib: float | None = None
    memory_gib: float | None = None
    hypervisor: str | None = None
    kernel: str | None = None
    limits: "Limits" = field(default_factory=lambda: Limits())

    def line(self, python: str = "") -> str:
        """The machine in one line."""
        cores = f"{self.cores} cores" if self.cores else "cores unknown"
        caches = ", ".join(f"{name} {_size(kib)}" for name, kib in (("L2", self.l2_kib), ("L3", self.l3_kib)) if kib)
        parts = [self.cpu or "CPU unknown", self.arch or "", cores, caches, f"under {self.hypervisor}" if self.hypervisor else ""]
        parts += [self.limits.line(), f"Linux {self.kernel}" if self.kernel else "", f"Python {python}" if python else ""]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a container or control group leaves of the host; None is unknown."""

    quota: float | None = None  # cores' worth of time; infinite without a quota
    pinned: bool | None = None  # fewer cores than the host has
    container: bool = False

    def line(self) -> str:
        """In a few words; empty where nothing is held back."""
        limited = self.quota is not None and math.isfinite(self.quota)
        parts = ["in a container" if self.container else "", f"{self.quota:g} cores' time only" if limited else ""]
        return ", ".join(part for part in parts if part)


def fingerprint() -> Fingerprint:
    """Ask this host. `lscpu` reads what Python does not know; without it, little is known."""
    usable = len(os.sched_getaffinity(0))
    online = os.cpu_count()
    limits = Limits(quota(_GROUPS, _own_groups()), None if online is None else usable < online, _contained())
    memory, arch = memory_gib(_GROUPS, _own_groups()), platform.machine()
    return read(
        _lscpu(), _lscpu("-C"), usable=usable, kernel=platform.release(), arch=arch, memory_gib=memory, limits=limits
    )  # fmt: skip


def read(
    lscpu: bytes, caches: bytes = b"", *, usable: int | None, kernel: str | None, arch: str | None,
    memory_gib: float | None = None, limits: Limits = Limits(),
) -> Fingerprint:  # fmt: skip
    """The fingerprint in `lscpu -J`'s and `lscpu -J -C`'s words; nonsense is as good as nothing."""
    fields = _fields(lscpu)
    sizes = _cache_sizes(caches)
    flags = fields.get("Flags") or fields.get("Features")
    threads = _number(fields.get("Thread(s) per core"))
    return Fingerprint(
        arch=fields.get("Architecture") or arch,
        vendor=_known(fields.get("Vendor ID")),
        cpu=_known(fields.get("Model name")),
        family=_number(fields.get("CPU family")),
        model=_number(fields.get("Model")),
        flags=frozenset(flags.split()) if flags else None,
        cores=usable,
        smt=None if threads is None or fields.get("Hypervisor vendor") else threads > 1,  # a guest sees what it is shown
        l2_kib=sizes.get("L2") or _kib(fields.get("L2 cache") or fields.get("L2")),
        l3_kib=sizes.get("L3") or _kib(fields.get("L3 cache") or fields.get("L3")),
        memory_gib=memory_gib,
        hypervisor=_known(fields.get("Hypervisor vendor")),
        kernel=kernel,
        limits=limits,
    )


def quota(root: Path, groups: str) -> float | None:
    """Cores' worth of CPU time that the control groups (`/proc/self/cgroup`'s text) allow; infinite where none limits it."""
    found = [_one_quota(place) for place in _places(root, groups, "cpu")]
    known = [each for each in found if each is not None]
    return min(known, default=None)


def _places(root: Path, groups: str, controller: str) -> Iterator[Path]:
    """The folders of our groups and of all above them, of both versions."""
    for line in groups.splitlines():
        _, controllers, path = [*line.split(":", 2), "", ""][:3]
        if controllers and controller not in controllers.split(","):
            continue
        base = root / controller if controllers else root
        parts = [part for part in path.split("/") if part not in ("", "..")]
        yield from (base.joinpath(*parts[:depth]) for depth in range(len(parts), -1, -1))


def _one_quota(place: Path) -> float | None:
    new = _words(place / "cpu.max")
    if len(new) == 2:
        return math.inf if new[0] == "max" else _share(new[0], new[1])
    old = _words(place / "cpu.cfs_quota_us") + _words(place / "cpu.cfs_period_us")
    if len(old) == 2:
        return math.inf if old[0].startswith("-") else _share(old[0], old[1])
    return None


def _share(spent: str, period: str) -> float | None:
    try:
        return int(spent) / int(period)
    except (ValueError, ZeroDivisionError):
        return None


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []


def _own_groups() -> str:
    return _text(Path("/proc/self/cgroup"))


def _contained() -> bool:
    return any(mark.exists() for mark in _MARKS) or bool(re.search(r"docker|kubepods|containerd|libpod", _own_groups()))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def memory_gib(root: Path, groups: str, meminfo: Path = Path("/proc/meminfo")) -> float | None:
    """What the host has, or what the control groups leave of it."""
    found = re.search(r"^MemTotal:\s*(\d+) kB", _text(meminfo), re.MULTILINE)
    whole = [int(found[1]) << 10] if found else []
    limits = [number for place in _places(root, groups, "memory") for number in _memory_limit(place)]
    least = min(whole + limits, default=None)
    return None if least is None else round(least / (1 << 30), 1)


def _memory_limit(place: Path) -> list[int]:
    words = [word for name in ("max", "limit_in_bytes") for word in _words(place / f"memory.{name}")]
    return [int(word) for word in words if word.isdecimal()]


def _lscpu(*options: str) -> bytes:
    try:
        variables = {**os.environ, "LC_ALL": "C"}  # field names are translated otherwise
        return subprocess.run(
            ["lscpu", "-J", *options], capture_output=True, timeout=_LSCPU_SECONDS, check=True, env=variables
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return b""


def _fields(lscpu: bytes) -> Mapping[str, str]:
    """All fields, nested ones too: newer versions of lscpu group them."""
    pending = _entries(lscpu, "lscpu")
    fields: dict[str, str] = {}
    while pending:
        entry = pending.pop(0)
        if isinstance(entry, dict):
            fields.setdefault(str(entry.get("field", "")).rstrip(":"), str(entry.get("data") or ""))
            pending.extend(entry.get("children") or ())
    return fields


def _cache_sizes(caches: bytes) -> Mapping[str, float]:
    entries = [entry for entry in _entries(caches, "caches") if isinstance(entry, dict)]
    found = {str(entry.get("name")): _kib(str(entry.get("one-size"))) for entry in entries}
    return {name: kib for name, kib in found.items() if kib is not None}


def _entries(answer: bytes, name: str) -> list[Any]:
    try:
        return list(json.loads(answer)[name])
    except (ValueError, KeyError, TypeError):
        return []


def _known(text: str | None) -> str | None:
    return text if text and text.strip("-") else None


def _number(text: str | None) -> int | None:
    try:
        return int(text or "", 0)
    except ValueError:
        return None


def _kib(text: str | None) -> float | None:
    """The size of one cache: `2 MiB (2 instances)` are two of 1 MiB, `32K` is one."""
    found = _CACHE.match(text or "")
    return float(found[1]) * _UNITS[found[2]] / int(found[3] or 1) if found and found[2] in _UNITS else None


def _size(kib: float) -> str:
    return f"{kib / 1024:g} MiB" if kib >= 1024 else f"{kib:g} KiB"
