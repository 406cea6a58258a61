"""The tier `docker`: a fresh, hardened container for each command. The engine's socket is ours alone and never goes inside."""

import json
import os
import socket
import time
import uuid
from contextlib import ExitStack
from functools import cached_property
from typing import Any

import docker
import requests
from docker.errors import DockerException, ImageNotFound
from docker.types import LogConfig, Mount, Ulimit

from sandbox.confinement import ENVIRONMENT
from sandbox.contained import TIER, Contained
from sandbox.ownership import grant, user_for
from sandbox.proxy import mounted
from sandbox.spec import Limits, Readiness, Result, SandboxError, Spec
from sandbox.tier import Interpreter

_OWNER, _DEADLINE = "hasten.owner", "hasten.deadline"
_GRACE = 60.0
_CURE_ENGINE = "start the Docker engine and give this user access to its socket, or use the bubblewrap tier"
_ASK = "import json, sys; print(json.dumps([sys.executable, sys.version_info[:3], sys.implementation.name]))"


class Docker:
    """`sandbox.tier.Sandbox` on a Docker engine; every command runs in `image`, on the cores `cpuset` if given."""

    tier = TIER

    def __init__(self, image: str, *, cpuset: str | None = None) -> None:
        self.image = image
        self._cpuset = cpuset
        self._mine: set[str] = set()

    def probe(self) -> Readiness:
        """Ask the engine, look for the image, run `true`."""
        try:
            self._client.images.get(self.image)
            result = self.run(Spec(("true",), limits=Limits(seconds=30)))
        except ImageNotFound:
            return Readiness(False, f"the engine has no image {self.image}", f"docker pull {self.image}, or name another image")
        except (SandboxError, DockerException, requests.RequestException) as error:
            return Readiness(False, f"no Docker engine answers: {error}", _CURE_ENGINE)
        if not result.ok:
            return Readiness(
                False, f"`true` ended with {result.exit} in {self.image}", "name an image with a shell and coreutils"
            )
        return Readiness(True)

    def run(self, spec: Spec) -> Result:
        """Start, wait, clean up."""
        with self.start(spec) as running:
            return running.wait()

    def start(self, spec: Spec) -> Contained:
        """Start the command in a fresh container."""
        uid = os.getuid() or user_for(spec.owner)
        name = f"hasten-{uuid.uuid4().hex[:16]}"
        try:
            if os.getuid() == 0:
                for mount in mounted(spec):
                    grant(mount, uid)
            self._mine.add(name)
            container = self._client.containers.create(self.image, name=name, **_profile(spec, uid, self._cpuset))
            return self._started(container, spec, name)
        except (DockerException, requests.RequestException, OSError) as error:
            self._mine.discard(name)
            raise SandboxError(f"the container could not be made: {error}") from error

    def interpreter(self, wanted: str | None = None) -> Interpreter:
        """The image's own python3."""
        there = self._interpreter
        text = ".".join(map(str, there.version))
        if wanted is not None and not f"{text}.".startswith(f"{wanted}."):
            raise SandboxError(
                f"no CPython {wanted} in the image {self.image} (found: {text}): name another image, or ask for this one"
            )
        return there

    def sweep(self, owner: str | None = None) -> int:
        """Remove containers of `owner`, or all whose deadline passed; never those that this object runs itself."""
        label = _OWNER if owner is None else f"{_OWNER}={owner}"
        try:
            found = self._client.containers.list(all=True, filters={"label": label}, ignore_removed=True)
            stale = [each for each in found if each.name not in self._mine and (owner is not None or _late(each.labels))]
            for container in stale:
                container.remove(force=True)
        except (DockerException, requests.RequestException) as error:
            raise SandboxError(f"the engine could not sweep: {error}") from error
        return len(stale)

    def _started(self, container: Any, spec: Spec, name: str) -> Contained:
        """Attach first, then start: not a byte of output is missed."""
        with ExitStack() as undo:
            undo.callback(container.remove, force=True)
            stream = undo.enter_context(self._attach(container))
            container.start()
            undo.pop_all()
        return Contained(container, stream, spec, lambda: self._mine.discard(name))

    def _attach(self, container: Any) -> socket.socket:
        """The container's streams as a socket that is ours: the library's own would stay open behind its back."""
        attached = self._client.api.attach_socket(container.id, {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        stream = socket.socket(fileno=os.dup(attached.fileno()))
        attached._sock.close()
        attached.close()
        return stream

    @cached_property
    def _client(self) -> Any:
        return docker.from_env(timeout=60, max_pool_size=64)

    @cached_property
    def _interpreter(self) -> Interpreter:
        result = self.run(Spec(("python3", "-I", "-c", _ASK)))
        try:
            path, version, name = json.loads(result.stdout)
            if name != "cpython":
                raise ValueError(f"it is {name}")
            major, minor, patch = version
            return Interpreter(str(path), (int(major), int(minor), int(patch)))
        except (ValueError, TypeError) as error:
            raise SandboxError(f"the image {self.image} has no usable python3: {error}") from error


def _profile(spec: Spec, uid: int, cpuset: str | None) -> dict[str, Any]:
    """The hardened way to run one command: no network, no privileges, nothing writable but a bounded /tmp and given mounts."""
    limits, disk = spec.limits, f"{spec.limits.disk_mib}m"
    return {
        "command": list(spec.argv),
        "entrypoint": "",
        "user": f"{uid}:{uid}",
        "working_dir": spec.workdir,
        "environment": {**ENVIRONMENT, **spec.environment},
        "labels": {_OWNER: spec.owner, _DEADLINE: str(int(time.time() + limits.seconds + _GRACE))},
        "mounts": [
            Mount(each.target, str(each.source.absolute()), type="bind", read_only=not each.writable) for each in mounted(spec)
        ],
        "tmpfs": {"/tmp": f"rw,exec,nosuid,nodev,size={disk},mode=1777"},
        "shm_size": disk,
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges"],
        "pids_limit": limits.processes + 1,  # Docker's init counts
        "mem_limit": f"{limits.memory_mib}m",
        "memswap_limit": f"{limits.memory_mib}m",
        "ulimits": [Ulimit(name="nofile", soft=4096, hard=4096), Ulimit(name="core", soft=0, hard=0)],
        "log_config": LogConfig(type="none"),  # we read the streams ourselves; a log file would be the flood's way to the disk
        "init": True,
        "stdin_open": True,
        "hostname": "sandbox",
        "cpuset_cpus": cpuset,
    }


def _late(labels: dict[str, str]) -> bool:
    deadline = labels.get(_DEADLINE, "")
    return not deadline.isdigit() or int(deadline) < time.time()
