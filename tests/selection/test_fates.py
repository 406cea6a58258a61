"""Why not candidate 4?"""

from bot.selection.fates import fates
from bot.selection.plan import Plan
from evaluation.scorecard import Outcome
from tests.selection.worlds import archive, entry

TRIED = archive(
    entry(1, ratio=1.2),
    entry(2, ratio=9.0, outcome=Outcome.REJECTED),
    entry(3, ratio=1.01),
    entry(4, ratio=1.3),
    entry(5, ratio=1.9),
    entry(6, ratio=2.5, parent="c5"),
    entry(7, ratio=None),
    entry(8, ratio=1.1),
)


def told(confirmed, winner):
    return {each.candidate: each for each in fates(TRIED, Plan(("recipes",)), confirmed, winner)}


def test_each_candidate_has_one_reason():
    kinds = {name: fate.kind for name, fate in told(["c6", "c5"], "c5").items()}

    assert kinds == {
        "c1": "behind",
        "c2": "rejected",
        "c3": "slow",
        "c4": "spared",
        "c5": "won",
        "c6": "unconfirmed",
        "c7": "unmeasured",
        "c8": "behind",
    }


def test_the_figures_that_decided_stand_beside_it():
    fate = told(["c6"], "c6")["c4"]

    assert (fate.data["rank"], fate.data["of"], fate.data["ratio"], fate.data["ahead"]) == (3, 5, 1.3, "c6")


def test_a_candidate_knows_from_whom_it_came():
    assert told([], None)["c6"].parent == "c5"
