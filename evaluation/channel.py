"""The only line between the referee and a process in a sandbox: one unix socket, one accepted connection, bounded frames.

The worker's pid comes from the kernel (`SO_PEERCRED`) before the worker has imported anything foreign, and its CPU clock is
then read from here: nothing that runs in the sandbox has a say in what time it is.
"""

import json
import os
import secrets
import shutil
import socket
import struct
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from evaluation.probe import wire
from evaluation.probe.loading import SIDES
from evaluation.speed.process import scheduled_ns
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Limits, Mount, Result, Spec
from sandbox.tier import Running, Sandbox

PROBE = Path(__file__).parent / "probe"
PATIENT = 3.0  # times the seconds for an answer, where the other end gets no core
GREETING_SECONDS = 20.0  # an interpreter's start on a crowded machine
_CREDENTIALS = struct.Struct("3i")
_POLL_SECONDS = 0.25

Loss = Literal["crashed", "timed_out", "oom", "garbage"]
Header = dict[str, Any]
Buffers = Sequence[bytes | bytearray | memoryview]


class ChannelLost(Exception):
    """The process at the other end is of no more use: `reason` is how it ended, `detail` what is known about it."""

    def __init__(self, reason: Loss, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(slots=True)
class Channel:
    """A connected process. Leaving the `with` block ends it."""

    running: Running
    pid: int | None
    hello: Header
    folders: Mapping[str, str]  # where each side lies in there, under a name that tells nobody which one it is
    _line: "DeadlineSocket"
    _stack: ExitStack = field(default_factory=ExitStack)

    def ask(self, header: Header, buffers: Buffers = (), *, seconds: float, most: int) -> tuple[Header, list[bytearray]]:
        """Send one request and receive its answer of at most `most` bytes within `seconds`. Raises ChannelLost."""
        try:
            self._line.within(seconds)
            wire.send(self._line, header, buffers)
            answer: tuple[Header, list[bytearray]] = wire.receive(self._line, most)
            return answer
        except TimeoutError as error:
            raise self._lost("timed_out", f"no answer to `{header.get('op')}` within {seconds:.0f} s") from error
        except (wire.WireClosed, ConnectionError) as error:
            raise self._ended() from error
        except wire.WireError as error:
            raise self._lost("garbage", str(error)) from error

    def clock_ns(self) -> tuple[int, int]:
        """(CPU time of the process in ns, wall clock in ns), both read here. Raises ChannelLost when it is gone."""
        if self.pid is None:
            return 0, time.monotonic_ns()
        try:
            return time.clock_gettime_ns((~self.pid << 3) | 2), time.monotonic_ns()
        except OSError as error:
            raise self._ended() from error

    def farewell(self, seconds: float) -> Result:
        """Let the process end by itself, within so many seconds, and tell how it went and what it printed."""
        with suppress(OSError):  # it may be gone already
            self._line.within(seconds)
            wire.send(self._line, {"op": "bye"})
        return self.running.wait(seconds)

    def close(self) -> None:
        """Hang up and end whatever is left of the sandbox."""
        self._stack.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _lost(self, reason: Loss, detail: str) -> ChannelLost:
        self.running.kill()
        return ChannelLost(reason, detail)

    def _ended(self) -> ChannelLost:
        return _how_it_ended(self.running.wait(1.0))


class DeadlineSocket:
    """A socket whose every operation counts against one deadline, so that dripping bytes buys nobody time.

    What the other end queued for a core meanwhile is given back, up to PATIENT times the deadline: a crowded host is no hang.
    """

    def __init__(self, sock: socket.socket, queued_s: Callable[[], float], clock: Callable[[], float] = time.monotonic) -> None:
        self._sock = sock
        self._queued_s = queued_s
        self._clock = clock
        self._deadline = self._latest = self._counted = 0.0

    def within(self, seconds: float) -> None:
        now = self._clock()
        self._deadline, self._latest = now + seconds, now + PATIENT * seconds
        self._counted = self._queued_s()

    def sendall(self, data: bytes | memoryview) -> None:
        rest = memoryview(data).cast("B")
        while rest:
            self._arm()
            try:
                rest = rest[self._sock.send(rest) :]
            except TimeoutError:
                continue  # whether there is more time is settled above

    def recv_into(self, buffer: memoryview) -> int:
        while True:
            self._arm()
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue  # whether there is more time is settled above

    def close(self) -> None:
        self._sock.close()

    def _arm(self) -> None:
        if self._deadline <= self._clock():
            self._extend()
        left = self._deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)

    def _extend(self) -> None:
        queued = self._queued_s()
        self._deadline = min(self._latest, self._deadline + queued - self._counted)
        self._counted = queued


def open(  # noqa: A001  (read as `channel.open`)
    sandbox: Sandbox,
    *,
    environment: Environment,
    trees: Mapping[str, Path],
    target: Target,
    scratch: Path,
    owner: str,
    limits: Limits,
    program: str = "worker.py",
    extra_mounts: Sequence[Mount] = (),
    over: Mapping[str, Path] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Channel:
    """Start `program` of the probe in a fresh sandbox and connect to it. Raises ChannelLost, or SandboxError from the tier.

    `over` are files that stand in for the target's, by side.
    """
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="line-", dir=scratch))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # the sandbox runs as another user
        nonce = secrets.token_hex(16)
        folders = {side: f"{SIDES}/{secrets.token_hex(8)}" for side in trees}
        replaced = [Mount(file, f"{folders[side]}/{target.path}") for side, file in (over or {}).items()]
        with _listen(folder) as listener:
            spec = Spec(
                argv=(environment.python, "-I", "-B", f"/probe/{program}", "/io/line"),
                mounts=(*_mounts(environment, folder, trees, folders), *extra_mounts, *replaced),
                environment={**environment.variables, **(variables or {})},
                stdin=_introduction(nonce, target, folders),
                limits=limits,
                owner=owner,
            )
            running = stack.enter_context(sandbox.start(spec))
            sock = _accept(listener, running, min(GREETING_SECONDS, limits.seconds))
        pid = _peer(sock)
        line = DeadlineSocket(sock, lambda: scheduled_ns(pid)[1] / 1e9 if pid else 0.0)
        stack.callback(line.close)
        channel = Channel(running, pid, {}, folders, line)
        channel.hello = _greeted(channel, nonce)
        channel._stack = stack.pop_all()
        return channel


def _introduction(nonce: str, target: Target, folders: Mapping[str, str]) -> bytes:
    words = {"nonce": nonce, "target": {"path": target.path, "name": target.name, "folders": dict(folders)}}
    return json.dumps(words).encode() + b"\n"


def _listen(folder: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        listener.bind(f"/proc/self/fd/{descriptor}/line")  # an address may have 107 bytes only, a path of ours more
    finally:
        os.close(descriptor)
    (folder / "line").chmod(0o666)
    listener.listen(1)
    return listener


def _mounts(environment: Environment, folder: Path, trees: Mapping[str, Path], folders: Mapping[str, str]) -> tuple[Mount, ...]:
    sides = tuple(Mount(tree, folders[side]) for side, tree in trees.items())
    return (*environment.mounts, Mount(PROBE, "/probe"), Mount(folder, "/io"), *sides)


def _accept(listener: socket.socket, running: Running, seconds: float) -> socket.socket:
    deadline = time.monotonic() + seconds
    listener.settimeout(_POLL_SECONDS)
    while time.monotonic() < deadline:
        try:
            return listener.accept()[0]
        except TimeoutError:
            if running.over():
                break
    raise _how_it_ended(running.wait(0.0))


def _peer(sock: socket.socket) -> int | None:
    data = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    pid: int = _CREDENTIALS.unpack(data)[0]
    return pid or None  # 0: a process our kernel namespace does not see


def _greeted(channel: Channel, nonce: str) -> Header:
    header: Header
    channel._line.within(GREETING_SECONDS)
    try:
        header, _ = wire.receive(channel._line, 4096)
    except (wire.WireError, OSError) as error:
        raise channel._ended() from error
    if not secrets.compare_digest(str(header.get("hello")), nonce):
        raise channel._lost("garbage", "somebody else answered")
    return header


def _how_it_ended(result: Result) -> ChannelLost:
    if result.oom:
        return ChannelLost("oom", "it used more memory than it may")
    if result.timed_out or result.exit is None:
        return ChannelLost("timed_out", "it was stopped at its time limit")
    said = result.stderr[-500:].decode("utf-8", "replace").strip()
    return ChannelLost("crashed", f"it ended with exit code {result.exit}" + (f": {said}" if said else ""))
