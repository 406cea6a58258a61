"""What is no longer what it was where a candidate was imported and called: clocks, builtins, hooks, where modules come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from evaluation.channel import Channel, ChannelLost
from evaluation.guard.last_look.sitting import ARM, ask, join_s, pristine, witness
from evaluation.scorecard import Reason
from evaluation.speed.referee import Launcher, Pool, Referee, SideFailed

CALLS = 3  # of each side, after which things are looked at again
MODULES = {"time": "guard.timer", "datetime": "guard.timer", "timeit": "guard.timer", "gc": "guard.gc"}
WRITABLE = ("/tmp/", "/dev/", "/io/")  # where code in a sandbox can put files
HOOKS = {"atexit.register": "guard.exit", "signal.signal": "guard.exit"}
STARTUP = ("sys.settrace", "sys.setprofile", "sys.meta_path", "sys.path_hooks", "sys.setrecursionlimit", "sys.setswitchinterval")


@dataclass(frozen=True, slots=True)
class Shared:
    """A process that holds the pristine code and, beside it, another tree."""

    launcher: Launcher
    baseline: Path
    candidate: Path
    pool: Pool
    random: Random
    patience: float

    def reasons(self) -> tuple[Reason, ...]:
        """Reasons for what the candidate replaces in its process, and for modules it brings along.

        What an installed package does when it is first imported (numba asks to be called at exit) is not the candidate's doing.
        Which these are, the pristine code shows; what the candidate did beside them is looked for where they are there already.
        Raises ChannelLost, SideFailed; BaselineFailed where it is the pristine code that does not bear it.
        """
        changed, origins, own = self._witnessed(self.candidate)
        strange = strangers(origins, f"{own}/")
        if not changed:
            return strange
        installed = [name for name, file in origins.items() if not file.startswith(("/sides/", *WRITABLE))]
        theirs = self._imported(installed)
        if theirs & {*changed}:
            again, *_ = self._witnessed(self.candidate, installed)
            changed = sorted({*changed} - theirs | {*again})
        with pristine():
            anyway, *_ = self._witnessed(self.baseline, installed)
        return (*replaced(changed, anyway), *strange)

    def _imported(self, modules: Sequence[str]) -> frozenset[str]:
        """What is replaced when the pristine code's process imports these; nothing where it can't, which excuses nobody."""
        with self.launcher.open({"baseline": self.baseline}) as line:
            try:
                witness(line, ("baseline",))
                ask(line, {"op": "fetch", "modules": list(modules)})
                return frozenset(_changed(line)[0])
            except (SideFailed, ChannelLost):
                return frozenset()

    def _witnessed(self, other: Path, modules: Sequence[str] = ()) -> tuple[list[str], Mapping[str, str], str]:
        """What is replaced by importing a tree and by calling it, where the process's modules come from, and where it lies."""
        with self.launcher.open({"baseline": self.baseline, ARM: other}) as line:
            witness(line, ("baseline", ARM), modules)
            join_s(line, ARM)
            imported, origins = _changed(line)
            referee = Referee(line, self.random, lambda *_: None, self.patience)
            for arm in ("baseline", ARM):
                referee.run(arm, self.pool, range(min(CALLS, len(self.pool.inputs))))
            called, more = _changed(line)
            called = [name for name in called if name != "gc.disable"]  # the worker holds it back itself
            return sorted({*imported, *called}), {**origins, **more}, line.folders[ARM]


def replaced(changed: Sequence[str], anyway: Sequence[str]) -> tuple[Reason, ...]:
    """One reason per kind of shared thing that is no longer what it was, and is with the pristine code."""
    found: dict[str, list[str]] = {}
    for name in changed:
        if name not in anyway:
            found.setdefault(_code(name), []).append(name)
    return tuple(Reason(code, f"replaces or switches {', '.join(names[:5])}") for code, names in sorted(found.items()))


def strangers(origins: Mapping[str, str], own: str) -> tuple[Reason, ...]:
    """A reason where a module came from the other side's folder or from where only the code itself can have put it."""
    odd = [name for name, file in origins.items() if file.startswith(("/sides/", *WRITABLE)) and not file.startswith(own)]
    return (Reason("guard.import-origin", f"imports {', '.join(odd[:5])} from elsewhere"),) if odd else ()


def _changed(line: Channel) -> tuple[list[str], Mapping[str, str]]:
    answer = ask(line, {"op": "changed"})
    changed, origins = answer.get("changed"), answer.get("origins")
    names = [str(name)[:200] for name in changed] if isinstance(changed, list) else []
    return names, {str(name): str(file) for name, file in origins.items()} if isinstance(origins, dict) else {}


def _code(name: str) -> str:
    if name in STARTUP:
        return "guard.startup"
    return HOOKS.get(name) or MODULES.get(name.partition(".")[0], "guard.identity")
