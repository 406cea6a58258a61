"""Archives as a search leaves them."""

from bot.selection.allowance import Spent
from bot.selection.archive import Archive, Entry, Pull
from bot.selection.plan import Arm, Choice, Plan
from evaluation.scorecard import Outcome

RECIPES = Arm("recipes")
PLAIN, DATA, LIBRARY = (Arm("native", hint=hint) for hint in ("", "data", "library"))
PLAN = Plan(agents=("recipes", "native"), rounds=3, parallel=4)
MODEL_ONLY = Plan(agents=("native",), rounds=9, parallel=2, variants=(PLAIN, DATA, LIBRARY))


def entry(
    n: int,
    *,
    agent: str = "recipes",
    round_: int = 1,
    outcome: Outcome = Outcome.INCONCLUSIVE,
    ratio: float | None = 1.5,
    parent: str | None = None,
    lane: int = 1,
) -> Entry:
    return Entry(f"c{n}", agent, round_, outcome, ratio, parent=parent, lane=lane)


def archive(*entries: Entry) -> Archive:
    """These candidates, judged in this order."""
    found = Archive()
    for each in entries:
        found = found.add(each)
    return found


def pulled(
    arm: Arm, *ratios: float | None, round_: int, parent: str | None = None, seconds: float = 1.0, onto: Archive
) -> Archive:
    """One choice carried out in lane 1 of a round, with a candidate for each ratio."""
    choice = Choice(round_, arm, max(1, len(ratios)), parent)
    for number, ratio in enumerate(ratios, 1):
        name = f"{round_}.{number}"
        onto = onto.add(Entry(name, arm.agent, round_, Outcome.INCONCLUSIVE, ratio, parent=parent))
    return onto.record(Pull(choice, len(ratios), Spent(seconds)))
