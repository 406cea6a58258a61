"""Every cheat of the museum is rejected for its own reason, as far into the judge as it gets, and where nobody reads its code."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from evaluation import stages, timing
from evaluation.guard import guards
from evaluation.judge import Depth
from evaluation.scorecard import Cell, Interval, Outcome, Scorecard
from evaluation.settling import Settled
from evaluation.site import Site
from evaluation.speed.checked import Outcomes
from evaluation.speed.match import play
from evaluation.speed.measurement import Sides
from evaluation.speed.preparation import Prepared
from sandbox import cgroup
from sandbox.bubblewrap import is_stale
from tests.museum import exhibits, projects
from tests.museum.exhibits import Exhibit

ALL = exhibits.all_of()
ELSEWHERE = {7}  # rows that README.md says why they can't occur
HOSTILE_S = 150  # the patience of the stage that meets it and what comes before, on a machine that has other things to do, too
WHOLE = ("r01_quiet_stops_the_clocks",)  # of those that only the last look sees, the one that goes all the way
UNLIKE = ("words", "pairs", "survey")  # answers vary: by the process's order, by what a check accepts, by chance
CATALOGUE = set(range(1, 47))
NOISE = {
    "speed.control",
    "speed.undecided",
    "speed.clock",
    "speed.samples",
    "speed.solo",
    "speed.unconfirmed",
}  # the host had its say, not the cheat
MOST_ASKED = 3
SEED = 11  # of the inputs for comparing: which of them show a difference should not vary from day to day


def named(some):
    return pytest.mark.parametrize("exhibit", some, ids=[exhibit.name for exhibit in some])


def codes(card: Scorecard) -> set[str]:
    return {reason.code for reason in card.reasons}


def test_the_museum_covers_the_catalogue():
    rows = Counter(row for exhibit in ALL for row in exhibit.rows)

    assert set(rows) | ELSEWHERE == CATALOGUE
    assert len(ALL) >= 60
    assert all(exhibit.sentence.endswith(".") and exhibit.source and exhibit.expected for exhibit in ALL)


@named([exhibit for exhibit in ALL if exhibit.quiet])
def test_a_quiet_cheats_code_shows_nothing(exhibit: Exhibit):
    before = projects.files(exhibit.project)
    changed = [
        guards.Change(path, before.get(path, "").encode() or None, text.encode()) for path, text in exhibit.changed.items()
    ]

    assert guards.scan(changed, projects.settings(exhibit.project)).reasons == ()


@pytest.mark.slow
@named([exhibit for exhibit in ALL if not exhibit.late or exhibit.name in WHOLE])
def test_a_cheat_is_rejected_for_its_own_reason(exhibit: Exhibit, site):
    place = site(exhibit.project)
    depth = Depth.QUICK if exhibit.fast else Depth.CONFIRM
    changed = {path: text.encode() for path, text in exhibit.changed.items()}

    tree = place.tree(exhibit.name, exhibit.changed)
    card = settled(lambda deep: place.judge.evaluate(tree, changed, place.baseline, depth=deep, seed=SEED), depth)

    assert card.outcome is not Outcome.ACCEPTED
    assert codes(card) & exhibit.expected, card.reasons
    assert card.seconds < HOSTILE_S or not exhibit.hostile
    assert left_running(place) == []
    assert left_lying(place) == []


@pytest.mark.slow
@named([exhibit for exhibit in ALL if exhibit.late])
def test_a_cheat_that_would_be_fast_enough_does_not_bear_a_last_look(exhibit: Exhibit, site):
    place = site(exhibit.project)

    tree = place.tree(exhibit.name + "-late", exhibit.changed)
    card = looked_at(place, tree, exhibit.measured)
    if card.outcome is Outcome.INCONCLUSIVE:  # a moody host shows gains of its own
        card = looked_at(place, tree, exhibit.measured)

    assert card.outcome is Outcome.REJECTED
    assert codes(card) & exhibit.expected, card.reasons


@pytest.mark.slow
@pytest.mark.parametrize("name", projects.NAMES)
def test_an_honest_change_bears_a_last_look(name: str, site):
    place = site(name)

    card = looked_at(place, place.tree("honest", {"m.py": projects.HONEST[name]}), played=name in UNLIKE)

    assert card.outcome is Outcome.INCONCLUSIVE
    assert (card.reasons, card.guards) == ((), ())


@pytest.mark.slow
@named([exhibit for exhibit in ALL if exhibit.behind])
def test_a_cheat_whose_code_nobody_reads_gains_nothing_either(exhibit: Exhibit, site):
    place = site(exhibit.project)

    tree = place.tree(exhibit.name + "-unread", exhibit.changed)
    card = settled(lambda deep: unread(place, tree, deep), Depth.QUICK if exhibit.fast_behind else Depth.CONFIRM)

    assert card.outcome is not Outcome.ACCEPTED
    assert codes(card) & exhibit.behind, card.reasons


def settled(judge: Callable[[Depth], Scorecard], depth: Depth) -> Scorecard:
    """What the judge says; asked again, with all the processes it may want, while the host is too noisy to tell."""
    card, asked = judge(depth), 1
    while codes(card) and codes(card) <= NOISE and asked < MOST_ASKED:
        card, asked = judge(Depth.CONFIRM), asked + 1
    return card


def looked_at(place: projects.Site, tree: Path, measured: Sequence[float] = (), *, played: bool = False) -> Scorecard:
    """All stages, with a last look in place of the clock; inconclusive where nothing was found.

    A last look is told the sizes' gains as `measured`; where the game is `played`, timed calls of one process are compared, too.
    """
    judging, random = place.judge.site, Random(SEED)
    card = Scorecard("m.py::work", Outcome.INCONCLUSIVE, (), depth="quick")
    try:
        card = stages.tested(judging, stages.guarded(judging, card, tree), tree, place.baseline)
        with judging.source() as source:
            card = stages.equal(judging, card, tree, place.baseline, source, random)
            prepared = timing.prepare(judging, card, source, place.baseline.sizes, random)
            sides = Sides(judging.tree, tree)
            if played:
                play_once(judging, sides, prepared, random)
            if not measured:
                return timing.looked_at(judging, card, sides, prepared, source, random)
            told = zip(place.baseline.sizes, measured, strict=True)
            cells = tuple(Cell(size, 1.0, 1 / gain, Interval(gain, gain, gain)) for size, gain in told)
            return timing.looked_at(judging, replace(card, cells=cells), sides, prepared, source, random, "cpu")
    except Settled as settled:
        return settled.card


def play_once(judging: Site, sides: Sides, prepared: Prepared, random: Random) -> None:
    """One process that holds all sides, its outcomes held against the pristine code's. Raises WrongOutcome."""
    outcomes = Outcomes(prepared.expected, random)
    play(judging.launcher(), "joint", sides.trees(), prepared.plans, prepared.pools, random, outcomes.check, prepared.patience)
    outcomes.settle()


def unread(place: projects.Site, tree: Path, depth: Depth) -> Scorecard:
    """All stages but the one that reads the change."""
    judging, random = place.judge.site, Random(7)
    card = Scorecard("m.py::work", Outcome.INCONCLUSIVE, (), depth=str(depth))
    try:
        card = stages.tested(judging, card, tree, place.baseline)
        with judging.source() as source:
            card = stages.equal(judging, card, tree, place.baseline, source, random)
            return timing.timed(judging, card, tree, place.baseline, source, random)
    except Settled as settled:
        return settled.card


def left_running(place: projects.Site) -> list[int]:
    """Live processes that see the place's scratch folder mounted: whatever is left of its sandboxes."""
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if _lives_in(folder, place.judge.scratch)]


def left_lying(place: projects.Site) -> list[str]:
    """What sandboxes should have taken with them: folders of theirs in the scratch, processes in their control groups."""
    folders = [found.name for found in place.judge.scratch.glob("line-*")]
    where = cgroup.hierarchy() if os.geteuid() == 0 else None
    mine = [group for group in cgroup.groups(where) if is_stale(group.name, place.judge.owner)] if where else []
    return folders + [f"{group.name}: {pid}" for group in mine for pid in group.pids()]


def _lives_in(folder: Path, scratch: Path) -> bool:
    try:
        return f"/{'/'.join(scratch.parts[-3:])}/" in (folder / "mountinfo").read_text()  # /tmp may be a mount of its own
    except OSError:  # it has ended
        return False
