"""The seam every kind of sandbox fills: bubblewrap, docker, later kubernetes. One contract suite runs over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from sandbox.spec import Mount, Readiness, Result, Spec


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A CPython that exists inside the sandbox: its path there, its version, and what must be mounted for it."""

    path: str
    version: tuple[int, int, int]
    mounts: tuple[Mount, ...] = ()


class Running(Protocol):
    """A command that is still running in its sandbox. Leaving the `with` block kills whatever is left of it."""

    def wait(self, seconds: float | None = None) -> Result:
        """Wait for the end (at most `seconds`, then kill) and tell how it went. Idempotent."""

    def kill(self) -> None:
        """End every process of the sandbox; gone within 2 s. Idempotent."""

    def over(self) -> bool:
        """Whether everything in the sandbox has ended. A sandbox whose command has not started yet is not over."""

    def pids(self) -> Sequence[int] | None:
        """Pids (as the caller's kernel namespace sees them) of all live processes in the sandbox; None if the tier can't tell."""

    def cpu_s(self) -> float | None:
        """CPU seconds used so far by every process that ever lived in the sandbox (cgroup); None without accounting."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...


class Sandbox(Protocol):
    """A way to run foreign code without trusting it."""

    tier: str  # "bubblewrap", "docker"

    def probe(self) -> Readiness:
        """Run something in it and say whether it works here."""

    def start(self, spec: Spec) -> Running:
        """Start the command. Raises SandboxError when the sandbox (not the command) can't be made."""

    def run(self, spec: Spec) -> Result:
        """Start, wait, clean up."""

    def interpreter(self, wanted: str | None = None) -> Interpreter:
        """The CPython for `wanted` ("3.12"; None: the default one). Raises SandboxError naming the versions that are there."""

    def sweep(self, owner: str | None = None) -> int:
        """Remove what a dead process left behind (of `owner`, or of any owner whose deadline passed); how many were removed."""
