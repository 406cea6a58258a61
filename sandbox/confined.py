"""A command in a bubblewrap sandbox: one thread reads its output, watches the clock and, without control groups, the bounds."""

import os
import select
import selectors
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from sandbox.cgroup import Group
from sandbox.growth import PERIOD, Growth
from sandbox.launcher import Launched
from sandbox.output import Output
from sandbox.spec import Result, Spec, Usage
from sandbox.supervision import Tally, descendants, take

TIER = "bubblewrap"
_TICK = 0.05  # seconds between looks at the bounds where no control group holds them
_GONE = 2.0  # seconds within which a killed sandbox must be gone
_CHUNK = 1 << 16


class Confined:
    """`sandbox.tier.Running` for bubblewrap. Reading, deadline and kill need nobody to call `wait`."""

    def __init__(self, launched: Launched, group: Group | None, spec: Spec, ended: Callable[[], None]) -> None:
        self._launched = launched
        self._group = group
        self._limits = limits = spec.limits
        self._growth = Growth(spec.mounts, limits.disk_mib)
        self._ended = ended
        self._started = time.monotonic()
        self._outputs = (Output(limits.output_bytes), Output(limits.output_bytes))
        self._killing = threading.RLock()
        self._alive = True
        self._killed = self._timed_out = self._suspect = self._over_memory = False
        self._result: Result | None = None
        self._watch = threading.Thread(target=self._attend, name="sandbox-watch", daemon=True)
        self._watch.start()

    def wait(self, seconds: float | None = None) -> Result:
        """Wait for the end (at most `seconds`, then kill) and tell how it went."""
        self._watch.join(seconds)
        if self._watch.is_alive():
            self._stop_late()
            self._watch.join()
        if self._result is None:
            raise RuntimeError("the sandbox's watching thread died")
        return self._result

    def kill(self) -> None:
        """End every process of the sandbox: its first process takes all others with it."""
        with self._killing:
            if self._alive:
                self._killed = self._killed or self._launched.process.poll() is None
                self._end_namespace()

    def over(self) -> bool:
        """Whether everything in the sandbox has ended."""
        return not self._watch.is_alive()

    def pids(self) -> Sequence[int] | None:
        """Live processes in the sandbox but bubblewrap's own."""
        if not self._alive:
            return ()
        found = descendants(self._launched.init) if self._group is None else self._group.pids()
        return [pid for pid in found if pid != self._launched.init]

    def cpu_s(self) -> float | None:
        """CPU seconds of every process that ever lived in the sandbox; None without a control group."""
        if self._result is not None:
            return self._result.usage.cpu_s
        return self._group.cpu_s() if self._group else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        self._watch.join()

    def _attend(self) -> None:
        end = os.pidfd_open(self._launched.process.pid)
        with selectors.DefaultSelector() as selector:
            selector.register(end, selectors.EVENT_READ)
            for stream, output in zip(self._launched.streams, self._outputs, strict=True):
                selector.register(stream, selectors.EVENT_READ, output)
            while self._step(selector, self._patience()):
                self._enforce()
            selector.unregister(end)
            wall = time.monotonic() - self._started
            with self._killing:
                self._end_namespace()
            self._drain(selector)
        os.close(end)
        self._finish(wall)

    def _patience(self) -> float:
        """How long nothing needs to be looked at."""
        if self._timed_out or not self._group:
            return _TICK
        return min(max(0.0, self._left()), PERIOD) if self._growth else max(0.0, self._left())

    def _step(self, selector: selectors.BaseSelector, seconds: float) -> bool:
        """Take what can be read; False when bwrap has ended."""
        running = True
        for key, _ in selector.select(seconds):
            if key.data is None:
                running = False
            elif not _feed(key.data, key.fd):
                selector.unregister(key.fileobj)
        return running

    def _drain(self, selector: selectors.BaseSelector) -> None:
        """All writers are dead: what is in the pipes is all there will be."""
        end = time.monotonic() + _GONE
        while selector.get_map() and time.monotonic() < end:
            self._step(selector, _TICK)

    def _left(self) -> float:
        return self._started + self._limits.seconds - time.monotonic()

    def _enforce(self) -> None:
        if self._left() <= 0 and not self._timed_out:
            self._stop_late()
        if self._group is None and not self._killed:
            self._supervise(take(self._launched.init, self._limits.memory_mib))
        if not self._killed and self._growth.beyond():
            self._outputs[1].take(b"\nended: wrote more to its writable folders than it may\n")
            self.kill()

    def _stop_late(self) -> None:
        self._timed_out = True
        self.kill()

    def _supervise(self, tally: Tally) -> None:
        """Believe in too much memory when it is seen twice: while processes end, one look may count their pages twice."""
        before, self._suspect = self._suspect, tally.memory_mib > self._limits.memory_mib
        self._over_memory = before and self._suspect
        if self._over_memory or tally.processes > 2 * self._limits.processes:
            self.kill()

    def _end_namespace(self) -> None:
        self._launched.process.kill()
        _kill(self._launched.init_fd)
        select.select([self._launched.init_fd], [], [], _GONE)

    def _finish(self, wall: float) -> None:
        exit_code = self._launched.process.wait()
        out, err = self._outputs
        self._result = Result(
            exit=None if self._killed else exit_code,
            oom=self._over_memory or bool(self._group and self._group.oom()),
            timed_out=self._timed_out,
            stdout=out.kept,
            stderr=err.kept,
            truncated=out.truncated or err.truncated,
            usage=Usage(wall, *((self._group.cpu_s(), self._group.peak_mib()) if self._group else (None, None))),
            tier=TIER,
        )
        with self._killing:
            self._alive = False
            self._release()

    def _release(self) -> None:
        if self._group:
            self._group.remove()
        for stream in self._launched.streams:
            stream.close()
        os.close(self._launched.init_fd)
        self._ended()


def _feed(output: Output, fd: int) -> bool:
    """Take the next bytes; False at the end of the stream."""
    chunk = os.read(fd, _CHUNK)
    output.take(chunk)
    return bool(chunk)


def _kill(pidfd: int) -> None:
    try:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    except ProcessLookupError:
        return
