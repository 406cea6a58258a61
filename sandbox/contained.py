"""A command in a Docker container: one thread reads what the engine sends of its output and ends it in time."""

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import requests
from docker.errors import APIError, NotFound

from sandbox.cgroup import Account, account_of
from sandbox.growth import PERIOD, Growth
from sandbox.output import Output
from sandbox.spec import Result, SandboxError, Spec, Usage

TIER = "docker"
_STDOUT, _STDERR = 1, 2
_HEAD = 8  # bytes before each frame: stream, three zeros, length
_CHUNK = 1 << 16
_GONE = 2.0  # seconds within which a killed container must be gone
_NANOSECONDS = 1e9


class Frames:
    """The engine's multiplexed stream, taken apart as it comes."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._stream, self._left = 0, 0

    def feed(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """(stream, bytes) of whatever can be told by now."""
        self._buffer += chunk
        while self._buffer:
            if self._left == 0:
                if len(self._buffer) < _HEAD:
                    return
                self._stream, self._left = self._buffer[0], int.from_bytes(self._buffer[4:_HEAD], "big")
                del self._buffer[:_HEAD]
            piece = bytes(self._buffer[: self._left])
            del self._buffer[: len(piece)]
            self._left -= len(piece)
            if piece:
                yield self._stream, piece


class Contained:
    """`sandbox.tier.Running` for Docker."""

    def __init__(self, container: Any, stream: socket.socket, spec: Spec, ended: Callable[[], None]) -> None:
        self._container = container
        self._socket = stream
        self._stdin = spec.stdin
        self._limits = limits = spec.limits
        self._growth = Growth(spec.mounts, limits.disk_mib)
        self._ended = ended
        self._started = time.monotonic()
        self._outputs = {_STDOUT: Output(limits.output_bytes), _STDERR: Output(limits.output_bytes)}
        self._killing = threading.Lock()
        self._asked = self._killed = self._timed_out = self._overgrown = False
        self._result: Result | None = None
        self._failure: SandboxError | None = None
        self._watch = threading.Thread(target=self._attend, name="sandbox-watch", daemon=True)
        self._watch.start()

    def wait(self, seconds: float | None = None) -> Result:
        """Wait for the end (at most `seconds`, then kill) and tell how it went."""
        self._watch.join(seconds)
        if self._watch.is_alive():
            self._timed_out = True
            self.kill()
            self._watch.join()
        if self._result is None:
            raise self._failure or SandboxError("the container vanished")
        return self._result

    def kill(self) -> None:
        """End every process of the container."""
        with self._killing:
            if self._asked or not self._watch.is_alive():
                return
            self._asked = True
            try:
                self._container.kill()
                self._killed = True
            except APIError:  # it had ended by itself
                return
            except requests.RequestException:  # the engine is gone or stuck: removing it by force is tried later
                self._killed = True

    def over(self) -> bool:
        """Whether everything in the sandbox has ended."""
        return not self._watch.is_alive()

    def pids(self) -> Sequence[int] | None:
        """Live processes in the container but Docker's own init, as the engine's host numbers them."""
        try:
            top = self._container.top(ps_args="-eo pid")
            init = self._container.client.api.inspect_container(self._container.id)["State"]["Pid"]
        except (APIError, requests.RequestException):
            return () if not self._watch.is_alive() else None
        return [int(row[0]) for row in top["Processes"] if int(row[0]) != init]

    def cpu_s(self) -> float | None:
        """CPU seconds so far; None once it has ended: the engine forgets them with the control group."""
        if self._result is not None:
            return None
        account = self._account
        if account is not None:
            return account.cpu_s()
        try:
            stats = self._container.client.api.stats(self._container.id, stream=False, one_shot=True)
            return float(stats["cpu_stats"]["cpu_usage"]["total_usage"]) / _NANOSECONDS
        except (APIError, requests.RequestException, KeyError):
            return None

    @cached_property
    def _account(self) -> Account | None:
        """The kernel's own account, where the engine's host is ours: the file answers a hundred times faster than the engine."""
        try:
            state = self._container.client.api.inspect_container(self._container.id)["State"]
        except (APIError, requests.RequestException):
            return None
        found = account_of(state["Pid"]) if state["Pid"] else None
        return found if found and self._container.id in str(found.folder) else None  # the pid may be of another host

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        self._watch.join()

    def _attend(self) -> None:
        try:
            self._talk()
            state = self._final_state()
            wall = time.monotonic() - self._started
            self._result = self._told(state, wall)
        except (APIError, requests.RequestException, OSError) as error:
            self._failure = SandboxError(f"the engine lost the container: {error}")
        finally:
            self._remove()

    def _talk(self) -> None:
        """Write stdin, read output, until the streams end; when the time is up, kill and read on."""
        frames, rest = Frames(), memoryview(self._stdin)
        self._socket.setblocking(False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ | selectors.EVENT_WRITE)
            while self._left() > -_GONE:
                self._enforce()
                for key, events in selector.select(PERIOD if self._timed_out else min(PERIOD, max(0.0, self._left()))):
                    if events & selectors.EVENT_WRITE:
                        rest = self._write(rest)
                        if not rest:
                            selector.modify(key.fileobj, selectors.EVENT_READ)
                    if events & selectors.EVENT_READ and not self._read(frames):
                        return

    def _write(self, rest: memoryview) -> memoryview:
        """Send a part of stdin, and after the last one its end; a command that doesn't read is no error."""
        try:
            rest = rest[self._socket.send(rest[:_CHUNK]) :] if rest else rest
            if not rest:
                self._socket.shutdown(socket.SHUT_WR)
        except BlockingIOError:
            return rest
        except OSError:
            return rest[:0]
        return rest

    def _read(self, frames: Frames) -> bool:
        try:
            chunk = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return True
        except ConnectionError:
            return False
        for stream, piece in frames.feed(chunk):
            if stream in self._outputs:
                self._outputs[stream].take(piece)
        return bool(chunk)

    def _left(self) -> float:
        return self._started + self._limits.seconds - time.monotonic()

    def _enforce(self) -> None:
        """Look at the bounds. The engine kills only while somebody reads the streams, so another thread asks for it."""
        if self._left() <= 0 and not self._timed_out:
            self._timed_out = True
            self._kill_aside()
        if not self._overgrown and self._growth.beyond():
            self._overgrown = True
            self._outputs[_STDERR].take(b"\nended: wrote more to its writable folders than it may\n")
            self._kill_aside()

    def _kill_aside(self) -> None:
        threading.Thread(target=self.kill, name="sandbox-kill", daemon=True).start()

    def _final_state(self) -> dict[str, Any]:
        """The state after the end; a command that closed its streams may still be running."""
        try:
            self._container.wait(timeout=max(1.0, self._left()))
        except requests.RequestException:
            self._timed_out = True
            self.kill()
            self._container.wait(timeout=10)
        state: dict[str, Any] = self._container.client.api.inspect_container(self._container.id)["State"]
        return state

    def _told(self, state: dict[str, Any], wall: float) -> Result:
        out, err = self._outputs[_STDOUT], self._outputs[_STDERR]
        with self._killing:  # whoever kills has the engine's answer by now
            killed = self._killed
        return Result(
            exit=None if killed else int(state["ExitCode"]),
            oom=bool(state["OOMKilled"]),  # set even where the command itself went on and ended well
            timed_out=self._timed_out,
            stdout=out.kept,
            stderr=err.kept,
            truncated=out.truncated or err.truncated,
            usage=Usage(wall, None, None),
            tier=TIER,
        )

    def _remove(self) -> None:
        try:
            self._container.remove(force=True)
        except NotFound:
            pass
        except (APIError, requests.RequestException) as error:
            self._failure = self._failure or SandboxError(f"the container could not be removed: {error}")
        finally:
            self._socket.close()
            self._ended()
