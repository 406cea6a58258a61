"""How many wrong versions the judge's own inputs notice: twenty functions of different fields, each with mistakes made by hand.

Every mistake counted here is one: its witness, an input under which the two versions differ, is run first. The inputs that must
find it are made as for any candidate; they know nothing of the witness. Proportions carry exact 95 % binomial intervals.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.project import written
from bench.proportion import proportion
from evaluation import stages
from evaluation.correctness import strength
from evaluation.correctness.mutants import Mutant
from evaluation.inputs import Source
from evaluation.project import Project
from evaluation.scorecard import Mutants
from evaluation.site import Site
from evaluation.target import Target
from sandbox import environment as environments
from sandbox.bubblewrap import Bubblewrap
from sandbox.environment import Environment
from sandbox.indexes import configured
from sandbox.spec import Mount, Spec

EXAMPLES = Path(__file__).parent / "examples"
PLACE = Path(__file__).parent
COUNT = stages.COMPARED["confirm"]
UNHURRIED = 300.0  # seconds: what inputs notice must not depend on how busy this host is


@dataclass(frozen=True)
class Example:
    """One function with its wrong versions."""

    name: str
    source: str
    function: str
    wrong: Sequence[tuple[Mutant, str]]  # with the witness
    inputs: str = ""
    sizes: dict[str, list[int]] = field(default_factory=dict)
    needs: str = ""  # numpy, pandas: a package beyond the standard library

    @classmethod
    def read(cls, path: Path) -> "Example":
        """`wrap.py` with `wrap.yml` beside it."""
        source, told = path.read_text(), yaml.safe_load(path.with_suffix(".yml").read_text())
        wrong = [(_mutant(source, each), each["witness"]) for each in told["mutants"]]
        rest = {name: told[name] for name in ("inputs", "sizes", "needs") if name in told}
        return cls(path.stem, source, told["function"], wrong, **rest)

    @property
    def files(self) -> dict[str, str]:
        """A project that holds nothing but this function."""
        target: dict[str, Any] = {"function": f"m.py::{self.function}"}
        if self.inputs:
            target |= {"inputs": "inputs.py::inputs", "sizes": self.sizes}
        settings = {"version": 1, "tests": {"command": "none"}, "targets": [target]}
        return {".hasten.yml": yaml.safe_dump(settings), "inputs.py": self.inputs, "m.py": self.source}


def _mutant(source: str, told: dict[str, str]) -> Mutant:
    if told["was"] not in source:
        raise ValueError(f"{told['was']!r} is not there")
    return Mutant(f"`{told['was']}` became `{told['now']}`", source.replace(told["was"], told["now"], 1))


@dataclass(frozen=True)
class Found:
    """What the judge's inputs noticed of one example, of the mistakes made by hand and of those it makes itself."""

    example: Example
    unproven: Sequence[str]  # whose witness shows no difference: a mistake of ours
    by_hand: Mutants
    by_itself: Mutants | None  # None: not asked
    seconds: float  # for its own


def examples(needs: Sequence[str] = ("", "numpy", "pandas")) -> list[Example]:
    """All of them, or those that need no more than that."""
    found = [Example.read(path) for path in sorted(EXAMPLES.glob("*.py"))]
    return [each for each in found if each.needs in needs]


def unproven(example: Example, environment: Environment, box: Bubblewrap) -> list[str]:
    """Wrong versions whose witness shows no difference, found out in a sandbox."""
    asked = {
        "source": example.source,
        "function": example.function,
        "mutants": [[mutant.source, arguments] for mutant, arguments in example.wrong],
    }
    mounts = (*environment.mounts, Mount(PLACE, "/bench"))
    argv = (environment.python, "-I", "-B", "/bench/witness.py")
    done = box.run(Spec(argv, mounts, stdin=json.dumps(asked).encode(), owner="bench"))
    if not done.ok:
        raise RuntimeError(f"{example.name}: {done.stderr.decode(errors='replace')[-500:]}")
    return [mutant.text for (mutant, _), differs in zip(example.wrong, json.loads(done.stdout), strict=True) if not differs]


def judged(example: Example, environment: Environment, box: Bubblewrap, place: Path, seed: int, *, own: bool = True) -> Found:
    """Run one example's wrong versions on the judge's own inputs; `own`: the mutants that the judge makes itself, too."""
    tree = written(place / f"{example.name}-{seed}", example.files)
    target = Target("m.py", example.function)
    site = Site(box, environment, tree, Project.load(tree), target, place, "bench")
    policy = site.settings.equivalence
    with site.source() as source:
        by_hand = _told_apart(site, source, [mutant for mutant, _ in example.wrong], seed)
        began = time.monotonic()
        by_itself = None
        if own:
            by_itself = strength.measure(site.launcher(), tree, source, policy, seed=seed, count=COUNT, seconds=UNHURRIED)
        seconds = time.monotonic() - began
    if own and by_itself is None:
        raise RuntimeError(f"{example.name}: no mutants could be run")
    return Found(example, unproven(example, environment, box), by_hand, by_itself, seconds)


def _told_apart(site: Site, source: Source, wrong: Sequence[Mutant], seed: int) -> Mutants:
    samples = source.varied(seed, COUNT)
    found = strength.told_apart(site.launcher(), site.tree, wrong, source, site.settings.equivalence, samples, seconds=UNHURRIED)
    if found is None or found.made != len(wrong):
        raise RuntimeError(f"{site.target}: not all wrong versions could be run")
    return found


def plain(box: Bubblewrap) -> Environment:
    """The host's interpreter with nothing but its standard library."""
    interpreter = box.interpreter()
    return Environment("bench", interpreter.path, interpreter.mounts)


def stocked(box: Bubblewrap, place: Path, packages: str) -> Environment:
    """An environment with these packages, made as a project's is."""
    (place / "empty").mkdir()
    return environments.build(
        box, source=place / "empty", setup=[f"pip install -q {packages}"], python=None, root=place / "envs", salt="bench",
        owner="bench", on_line=lambda line: print(f"  {line}", file=sys.stderr), indexes=configured(),
    )  # fmt: skip


def rows(found: Sequence[Found]) -> Iterator[str]:
    """The table, and what was overlooked."""
    for one in found:
        hand, own = one.by_hand, one.by_itself or Mutants(0, 0)
        made = f"by hand {hand.killed:2} of {hand.made:2}" + (f"   its own {own.killed:2} of {own.made:2}" if own.made else "")
        yield f"{one.example.name:14} {one.example.needs or 'plain':7} {made}   {one.seconds:4.1f} s"
        yield from (f"{'':14} overlooked: {text}" for text in hand.survived)
        yield from (f"{'':14} its own, unnoticed (perhaps the same function): {text}" for text in own.survived)
        yield from (f"{'':14} NO DIFFERENCE SHOWN by the witness of {text}" for text in one.unproven)
    functions = len({one.example.name for one in found})
    yield f"noticed of those made by hand: {_share([one.by_hand for one in found])} in {functions} functions"
    itself = [one.by_itself for one in found if one.by_itself is not None]
    if itself:
        yield f"noticed of the judge's own, some of which differ in nothing: {_share(itself)}"


def _share(found: Sequence[Mutants]) -> str:
    return proportion(sum(one.killed for one in found), sum(one.made for one in found))


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--plain", action="store_true", help="only functions that need nothing but the standard library")
    options.add_argument("--seed", type=int, action="append", help="of the inputs; given several times, all are counted together")
    options.add_argument("--by-hand", action="store_true", help="leave out the mutants that the judge makes itself")
    options.add_argument("--only", action="append", help="the name of an example; may be given several times")
    asked = options.parse_args()
    box = Bubblewrap()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        wanted = [
            each
            for each in examples(("",) if asked.plain else ("", "numpy", "pandas"))
            if each.name in (asked.only or [each.name])
        ]
        bare = plain(box)
        full = stocked(box, place, "pandas") if any(each.needs for each in wanted) else bare
        found = [
            judged(each, full if each.needs else bare, box, place, seed, own=not asked.by_hand)
            for seed in asked.seed or [1]
            for each in wanted
        ]
    print("\n".join(rows(found)))
    if any(one.unproven for one in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
