"""What may run in a sandbox, within which bounds, and what came of it. Plain values; no tier is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


class SandboxError(Exception):
    """The sandbox itself failed (not the command in it). `str(error)` names the cure where there is one."""


@dataclass(frozen=True, slots=True)
class Mount:
    """A host path shown inside the sandbox at `target`, read-only unless `writable`."""

    source: Path
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold from outside, whatever the command does."""

    seconds: float = 60.0  # wall clock, then everything in the sandbox is killed
    memory_mib: int = 2048
    processes: int = 64
    output_bytes: int = 1 << 20  # kept of stdout and of stderr, each; the rest is read, counted and dropped
    disk_mib: int = 256  # size of the writable /tmp (a tmpfs: counts as memory)


@dataclass(frozen=True, slots=True)
class Spec:
    """One command in one fresh sandbox: nothing of the host's environment or files beyond what is listed here."""

    argv: tuple[str, ...]
    mounts: tuple[Mount, ...] = ()
    workdir: str = "/tmp"
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    limits: Limits = Limits()
    owner: str = "hasten"  # who sweeps it after a crash: a run's id
    proxy: Path | None = None  # unix socket of a filtering HTTP proxy; None: no network at all


@dataclass(frozen=True, slots=True)
class Usage:
    """What the whole sandbox used: CPU of every process in it, peak memory where the tier can tell."""

    wall_s: float
    cpu_s: float | None
    peak_mib: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """How the command ended. `exit` is None when it was killed by us; `oom` is told apart from a plain kill."""

    exit: int | None
    oom: bool
    timed_out: bool
    stdout: bytes
    stderr: bytes
    truncated: bool
    usage: Usage
    tier: str

    @property
    def ok(self) -> bool:
        """Exit code 0, in time and within memory. Says nothing about whether the command did its work."""
        return self.exit == 0 and not self.timed_out and not self.oom


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a tier works here; where it doesn't, `reason` says why and `cure` what to do about it."""

    ready: bool
    reason: str = ""
    cure: str = ""
    notes: tuple[str, ...] = ()  # e.g. "memory and process limits are best effort: no writable cgroup"
