"""Where candidates are made and judged: baseline, proposals, evaluations, confirmation. Knows nothing of conversations.

Each public method is one durable step: its arguments and its answer are small values that can be stored, and doing it again
after a crash finds what is already there.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from bot import aim, planning
from bot.agents.contract import Event
from bot.ending import Unanswerable
from bot.evaluator import Changes, Evaluator
from bot.ground import Ground
from bot.iteration import Iteration
from bot.ledger import FateRow
from bot.localization import benchmarks, flame, hotspots
from bot.localization.profile import Unprofiled
from bot.localization.source import content
from bot.notebook import Notebook
from bot.planning import ORDINARY, HostLimits
from bot.proposals import Hire, Proposals
from bot.report import replies
from bot.report.facts import Stage
from bot.search import Brought, Told
from bot.selection.allowance import Spent
from bot.selection.plan import Plan, Round
from bot.store import CandidateRow, Store
from evaluation.judge import Depth
from evaluation.scorecard import Scorecard
from evaluation.target import Target

if TYPE_CHECKING:
    from bot.reading import Chooser  # with the model's SDK, which is slow to load and often not needed

MOST_RANKED = 8  # functions that are proposed to somebody who named none


class Lab:
    """One host's workshop over its ground: the judge, and the agents that may propose."""

    def __init__(self, ground: Ground, store: Store, agents: Mapping[str, Hire], limits: HostLimits = ORDINARY) -> None:
        self.ground, self.store, self.agents, self._limits = ground, store, tuple(agents), limits
        self._evaluator = Evaluator(ground, store)
        self._proposals = Proposals(self._evaluator, agents, limits)
        self.chooser: Chooser | None = None  # which function somebody's words are about; None without a model
        self.traced: Callable[[str], None] = lambda _: None  # told of each run whose search has ended

    def heed(self, cancelled: Callable[[str], bool]) -> None:
        """Ask this before and during each measurement whether a run was cancelled."""
        self._evaluator.cancelled = cancelled

    def prepare(self, iteration: Iteration) -> str:
        """Build the environment; its key."""
        return self.ground.environment(iteration).key

    def localize(self, iteration: Iteration) -> Iteration:
        """Find where the time goes: in the named target, or, where none is named, in the project's benchmarks or its tests."""
        self.ground.say(iteration.run, Stage.LOCALIZING, "")
        found = iteration if iteration.target else self._hottest(iteration)
        self.ground.check_target(found)
        try:
            seen = self._evaluator.profile(found)
        except Unprofiled as error:
            profile, picture = f"The target could not be profiled: {error}", ""
        else:
            profile, picture = hotspots.as_text(seen, self.ground.tree(found)), flame.svg(seen)
        data = {"flame": self.ground.blobs.put(picture.encode())} if picture else {}  # a blob: pictures are large
        self.store.add_events(iteration.id, "localize", [Event("message", profile, data)])
        return replace(found, profile=profile)

    def baseline(self, iteration: Iteration) -> Iteration:
        """Run the tests twice and look for inputs, all at the base commit."""
        self.ground.say(iteration.run, Stage.BASELINE, "")
        self.announce(iteration)
        return replace(iteration, baseline=self._evaluator.baseline(iteration))

    def announce(self, iteration: Iteration) -> None:
        """Have the status note say what is planned; it tells of a run's first pass, and stays so in later ones."""
        if iteration.id != iteration.run:
            return
        plan = self.plan(iteration)
        abreast, seconds = 1 if plan.strategy == "sequential" else plan.parallel, plan.budget.seconds
        self.store.update_run(iteration.run, planned=plan.rounds * abreast, minutes=seconds / 60 if seconds else None)

    def plan(self, iteration: Iteration) -> Plan:
        """How to search."""
        prefer = self.store.lessons(iteration.run).prefer
        lines = content(self.ground.tree(iteration), Target.parse(iteration.target).path).count(b"\n")
        return planning.plan(iteration, self.ground.project(iteration), self.agents, prefer, self._limits, lines)

    def meter(self, iteration: Iteration) -> Spent:
        """The time by our clock, and what the run has used up to now."""
        paid = self.store.ledger.spent(iteration.run)
        looks = self.store.ledger.looks(iteration.run)
        return Spent(time.time(), paid.tokens, paid.known_usd, paid.calls, looks, paid.unpriced)

    def propose(self, iteration: Iteration, chosen: Round) -> list[Brought]:
        """Let the agents of a round propose; the ids of what is new, and what it cost."""
        return self._proposals.propose(iteration, chosen)

    def account(self, iteration: Iteration, told: list[Told], stop: str, spent: Spent) -> None:
        """Remember what became of each candidate, why the search ended, and what it cost."""
        rows = [FateRow(*each) for each in told]
        self.store.ledger.tell_fates(iteration.id, [*rows, FateRow("", None, stop, {**asdict(spent), "usd": spent.usd})])
        self.traced(iteration.run)

    def evaluate(self, iteration: Iteration, candidate: str) -> str:
        """The quick look that steers the search; blob of the scorecard. A tree that was seen on the way is seen already."""
        row = self.store.candidate(candidate)
        self.ground.say(iteration.run, Stage.SEARCHING, row.title)
        return self._evaluator.enter(candidate, self._evaluator.look(iteration, self.changes(row), row.changes))

    def race(self, iteration: Iteration, candidates: list[str]) -> list[str]:
        """The same candidates, fastest first: for those that a first look does not tell apart."""
        self.ground.say(iteration.run, Stage.SEARCHING, "")
        return self._evaluator.race(iteration, candidates)

    def confirm(self, iteration: Iteration, candidate: str) -> str:
        """The measurement whose number is published: fresh processes, inputs made after the candidate was frozen."""
        row = self.store.candidate(candidate)
        self.ground.say(iteration.run, Stage.CONFIRMING, row.title)
        card = self.measure(iteration, self.changes(row))
        return self._evaluator.enter(candidate, self._evaluator.keep_card(card))

    def measure(self, iteration: Iteration, changes: Changes, *, seed: int | None = None) -> Scorecard:
        """Judge one set of changed files against the base, with all that a confirmation takes."""
        return self._evaluator.measure(iteration, changes, depth=Depth.CONFIRM, seed=seed)

    def scorecard(self, blob: str) -> Scorecard:
        """The scorecard kept under this digest."""
        return self._evaluator.scorecard(blob)

    def ingredients(self, candidate: str) -> Sequence[str]:
        """The recipes a candidate is made of."""
        return self.store.candidate(candidate).ingredients

    def changes(self, row: CandidateRow) -> Changes:
        """The files a candidate changes."""
        return self._evaluator.changes(row)

    def _choose(self, iteration: Iteration) -> aim.Choose | None:
        """By a model, on the run's record and within its budget."""
        if (chooser := self.chooser) is None:
            return None
        book = Notebook(self.store.ledger, self.ground.blobs, iteration.id, "localize")
        purse = self._proposals.purse(iteration, [book])
        return lambda words, names: chooser.choose(words, names, book, purse)

    def _hottest(self, iteration: Iteration) -> Iteration:
        """With the function that most of the time goes to. Raises Unanswerable where there is none."""
        found = self._seen(iteration)
        ranked = aim.chosen(iteration, aim.order(iteration, found), self._choose(iteration))
        if not ranked:
            raise Unanswerable(replies.nothing_to_optimize())
        self.store.update_run(iteration.run, target=ranked[0][0])
        return replace(iteration, target=ranked[0][0], ranked=ranked[:MOST_RANKED])

    def _seen(self, iteration: Iteration) -> list[tuple[str, float]]:
        """The functions that the project's benchmarks, or else its tests, spend their time in, with their shares of it."""
        tree, project = self.ground.tree(iteration), self.ground.project(iteration)
        paths = benchmarks.found(tree, self.ground.environment(iteration).versions)
        for command in (*([benchmarks.command(paths)] if paths else []), project.tests.command):
            try:
                profile = self._evaluator.profile_tests(iteration, command)
            except Unprofiled:
                continue
            if named := hotspots.suggest(profile, tree, (*project.paths.fenced, *paths)):
                return [(str(each.target), each.share) for each in named]
        return []
