"""How much the inputs can tell: wrong versions of the target on inputs made like a candidate's, and which come out different.

All mutants share one process with a pristine control, each with an import graph of its own. A difference counts only while the
control, in the same process, still answers as before; otherwise a fresh process decides. So no mutant speaks for another one.
The project's tests are left out: they would cost one run a mutant, and what they call the function with is among the inputs.
"""

import itertools
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from evaluation.channel import Channel, ChannelLost
from evaluation.compare.plain import Value
from evaluation.correctness import mutants
from evaluation.correctness.equivalence import DOUBTFUL, Inputs, by_size, differing
from evaluation.correctness.mutants import Mutant
from evaluation.correctness.observer import LOAD_SECONDS, Lost, Restartable
from evaluation.inputs import Input
from evaluation.policy import Policy
from evaluation.scorecard import Mutants, Reason
from evaluation.speed.referee import Launcher

SECONDS = 15.0  # for all mutants together; what was not told apart by then is reported as such
LONGER_S = 60.0  # the same, while too few are told apart to say anything
CALL_SECONDS = 5.0  # for the pristine code, on one input
HANG_SECONDS, PATIENCE = 1.0, 10.0  # for a mutant: so many seconds, or so many times the pristine code's
LOSSES = 4  # inputs on which the pristine code gives no answer, after which we stop
LEAST_TOLD_APART = 0.5  # of the mutants. Some can't be told apart by anybody, hence not more
LEAST_MUTANTS = 4  # of fewer, no share can be formed
CONTROL = "control"


def objection(found: Mutants | None) -> Reason | None:
    """Why agreement on such inputs would say too little; None where it says enough, or where nobody can tell."""
    if found is None or enough(found.killed, found.made):
        return None
    unnoticed = f"{len(found.survived)} of {found.made} changes went unnoticed"
    slow = " in the time there was" if found.cut else ""
    said = f"the checks could not tell broken code from good{slow}: {unnoticed}, e.g. {found.survived[0]}"
    return Reason("equivalence.weak", said)


def enough(killed: int, made: int) -> bool:
    """Whether agreement on inputs that tell so many mutants apart says something."""
    return made < LEAST_MUTANTS or killed >= LEAST_TOLD_APART * made


def measure(
    launcher: Launcher, base: Path, inputs: Inputs, policy: Policy, *, seed: int, count: int, seconds: float = SECONDS
) -> Mutants | None:
    """Run mutants of the launcher's target; None where there are none or no process holds them. Raises InputsFailed."""
    path = base / launcher.target.path
    if path.is_symlink() or not path.is_file():
        return None
    made = mutants.make(path.read_text("utf-8", "replace"), launcher.target.name, seed=seed)
    return told_apart(launcher, base, made, inputs, policy, inputs.varied(seed, count), seconds) if made else None


def told_apart(
    launcher: Launcher, base: Path, made: Sequence[Mutant], inputs: Inputs, policy: Policy, samples: Sequence[Input],
    seconds: float = SECONDS,
) -> Mutants | None:  # fmt: skip
    """Which of these mutants the samples tell from the pristine code, in so many seconds."""
    folder = Path(tempfile.mkdtemp(prefix="mutants-", dir=launcher.scratch))
    try:
        with _Panel(launcher, base, _written(folder, made)) as panel:
            return _Trial(panel, inputs, policy, seconds).run(made, _mixed(samples))
    except ChannelLost:
        return None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(folder: Path, made: Sequence[Mutant]) -> dict[str, Path]:
    """Each mutant's file, by the name of its side."""
    folder.chmod(0o755)  # the sandbox runs as another user
    files = {f"m{at}": folder / f"m{at}.py" for at in range(len(made))}
    for path, mutant in zip(files.values(), made, strict=True):
        path.write_text(mutant.source, "utf-8")
        path.chmod(0o644)
    return files


def _mixed(samples: Sequence[Input]) -> list[Input]:
    """Small ones first, ordinary and changed ones in turn, so that whatever tells a mutant apart comes early."""
    ordered = by_size(samples)
    kinds = ([each for each in ordered if (each.origin == "edge") is edge] for edge in (False, True))
    return [each for pair in itertools.zip_longest(*kinds) for each in pair if each is not None]


@dataclass(slots=True)
class _Panel:
    """The process that holds the control and all mutants still in question. A context manager."""

    launcher: Launcher
    base: Path
    files: dict[str, Path]  # of the mutants that can be imported and were not told apart yet
    _line: Restartable = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._line = Restartable(self._loaded)

    def __enter__(self) -> Self:
        self._line.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def seconds(self) -> float:
        """What the last call took, all told."""
        return self._line.seconds

    def observe(self, side: str, data: bytes, *, seconds: float) -> Value | Lost:
        """One call on one side. Raises ChannelLost when no process can be started any more."""
        return self._line.observe(side, data, seconds=seconds)

    def close(self) -> None:
        """End the process; the next call starts another one."""
        self._line.close()

    def _loaded(self) -> Channel:
        line = self.launcher.open(dict.fromkeys((CONTROL, *self.files), self.base), self.files)
        try:
            answer, _ = line.ask({"op": "load", "sides": [CONTROL, *self.files]}, seconds=LOAD_SECONDS, most=1 << 20)
        except ChannelLost:
            line.close()
            raise
        loaded = answer.get("loaded")
        failed = {side for side in self.files if not isinstance(loaded, dict) or loaded.get(side) is not None}
        self.files = {side: file for side, file in self.files.items() if side not in failed}
        return line


@dataclass(slots=True)
class _Trial:
    panel: _Panel
    inputs: Inputs
    policy: Policy
    seconds: float
    aside: set[str] = field(default_factory=set)  # codes in which the pristine code differs from itself

    def run(self, made: Sequence[Mutant], samples: Sequence[Input]) -> Mutants:
        texts = {f"m{at}": mutant.text for at, mutant in enumerate(made)}
        ran = set(self.panel.files)
        began, losses, cut = time.monotonic(), 0, False
        for sample in samples:
            told = enough(len(ran) - len(self.panel.files), len(ran))
            cut = bool(self.panel.files) and time.monotonic() - began > (self.seconds if told else max(self.seconds, LONGER_S))
            if cut or losses >= LOSSES or not self.panel.files:
                break
            expected = self.panel.observe(CONTROL, sample.pickle, seconds=CALL_SECONDS)
            if isinstance(expected, Lost):
                losses += 1
                continue
            self._one(sample, expected, max(HANG_SECONDS, PATIENCE * self.panel.seconds))
        survived = [texts[side] for side in texts if side in self.panel.files]
        return Mutants(len(ran), len(ran) - len(survived), tuple(survived), cut)

    def _one(self, sample: Input, expected: Value, seconds: float) -> None:
        if sample.origin in DOUBTFUL and self._codes(CONTROL, sample, expected, CALL_SECONDS):
            return  # it can't be repeated
        for side in list(self.panel.files):
            if side in self.panel.files and self._differs(side, sample, expected, seconds):
                del self.panel.files[side]

    def _differs(self, side: str, sample: Input, expected: Value, seconds: float) -> bool:
        """Whether a mutant is told apart by this input, and not by what others left behind."""
        if not self._codes(side, sample, expected, seconds):
            return False
        if not self._codes(CONTROL, sample, expected, CALL_SECONDS):
            return True
        self.panel.close()
        while more := self._codes(CONTROL, sample, expected, CALL_SECONDS):
            self.aside |= more
        return bool(self._codes(side, sample, expected, seconds))

    def _codes(self, side: str, sample: Input, expected: Value, seconds: float) -> set[str]:
        """What differs, as far as the pristine code was not seen to differ from itself in it."""
        actual = self.panel.observe(side, sample.pickle, seconds=seconds)
        policy = self.policy.setting_aside(self.aside)
        return {each.code for each in differing(self.inputs, policy, sample, expected, actual)} - self.aside
