"""Running the model's commands: each in its own sandbox, on its own copy of the tree, without a network."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from bot.agents.foreign import fenced, shortened
from bot.agents.native.observation import Observation
from sandbox import workspace
from sandbox.environment import WORK, Environment
from sandbox.spec import Limits, Mount, Result, SandboxError, Spec
from sandbox.tier import Sandbox

_OUTPUT = 256 << 10
_LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Commands:
    """Where commands run, and with what."""

    sandbox: Sandbox
    environment: Environment
    owner: str = "hasten"
    cancelled: Callable[[], bool] = bool

    def run(self, tree: Path, command: str, seconds: float) -> Observation:
        """How the command went, in words; a command that fails is an error for the model to look at."""
        with tempfile.TemporaryDirectory(prefix="hasten-run-", ignore_cleanup_errors=True) as folder:
            try:
                copy = workspace.copy(tree, Path(folder) / "tree")
                result = self._ran(self._spec(copy, command, seconds))
            except (SandboxError, OSError) as error:
                return Observation(f"the sandbox failed: {error}", failed=True)
        return Observation("called off" if self.cancelled() else _told(result, seconds), failed=not result.ok)

    def _ran(self, spec: Spec) -> Result:
        """To its end, or until it is called off."""
        pause = Event()
        with self.sandbox.start(spec) as running:
            while not running.over() and not self.cancelled():
                pause.wait(_LOOK_S)
            return running.wait(0.0 if self.cancelled() else None)

    def _spec(self, copy: Path, command: str, seconds: float) -> Spec:
        return Spec(
            argv=("/bin/sh", "-c", command),
            mounts=(*self.environment.mounts, Mount(copy, WORK, writable=True)),
            workdir=WORK,
            environment={"PYTHONDONTWRITEBYTECODE": "1", **self.environment.variables, "PATH": self._path()},
            limits=Limits(seconds=seconds, output_bytes=_OUTPUT),
            owner=self.owner,
        )

    def _path(self) -> str:
        """The project's Python comes first."""
        rest = self.environment.variables.get("PATH", "/usr/local/bin:/usr/bin:/bin")
        return f"{Path(self.environment.python).parent}:{rest}"


def _told(result: Result, seconds: float) -> str:
    how = f"exit code {result.exit}"
    if result.oom:
        how = "killed: out of memory"
    elif result.timed_out:
        how = f"killed: not done after {seconds:.0f} s"
    parts = [f"{how}, {result.usage.wall_s:.1f} s" + (", some output was dropped" if result.truncated else "")]
    for name, output in (("stdout", result.stdout), ("stderr", result.stderr)):
        if output.strip():
            parts.append(fenced(shortened(output.decode("utf-8", "replace")), name))
    if len(parts) == 1:
        parts.append("(no output)")
    return "\n".join(parts)
