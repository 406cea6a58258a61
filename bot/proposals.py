"""Those who propose: the agents of a round work side by side, each at its own place, and what is new of their ideas is kept."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from bot import planning
from bot.agents import record
from bot.agents.contract import Agent, Attempt, Draft, Lessons, Task
from bot.agents.foreign import fenced, shortened
from bot.agents.recipes.composer import digest
from bot.editor.forms import FORMS
from bot.evaluator import MEASURING, Changes, Evaluator
from bot.gateway.lease import Budget, Lease
from bot.iteration import Iteration
from bot.lane import Lane, limits
from bot.ledger import total
from bot.localization import surroundings
from bot.localization.profile import Profile
from bot.lookout import Lookout
from bot.notebook import Notebook
from bot.planning import HostLimits
from bot.quiet import Workbay
from bot.report import replies
from bot.report.facts import Stage
from bot.search import Brought
from bot.selection.allowance import Spent
from bot.selection.plan import Choice, Round
from bot.selection.trigger import Trigger, Watch
from bot.store import CandidateRow
from bot.worktree import Worktree
from evaluation.fence import closed
from evaluation.machine.hardware import fingerprint
from evaluation.scorecard import Scorecard
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import SandboxError
from sandbox.tier import Sandbox

MOST_LOOKS = 8  # at one agent's tree while it works
_GLANCE_S = 1.0  # of profiled calls where an agent asks


@dataclass(frozen=True, slots=True)
class Workplace:
    """What an agent is made for: one iteration's files and environment, and a way to ask the judge for a quick look."""

    iteration: Iteration
    tree: Path
    environment: Environment
    sandbox: Sandbox
    glance: Callable[[Changes], Scorecard]  # raises NoMoreLooks
    profile: Callable[[Path], Profile]  # of the target as it is in a tree; raises Unprofiled
    cancelled: Callable[[], bool]
    lease: Lease  # this attempt's share of what models may cost
    notebook: Notebook  # where its exchanges with a model are kept, and found again after a restart
    heard: Callable[[], str]  # what the judge saw meanwhile, without being asked


class NoMoreLooks(SandboxError):
    """The judge may not be asked again in this attempt."""


Hire = Callable[[Workplace], Agent]


class Proposals:
    """The agents of one host, over an evaluator that looks at what they change."""

    def __init__(self, evaluator: Evaluator, hired: Mapping[str, Hire], host: HostLimits) -> None:
        self.evaluator, self.ground, self.store = evaluator, evaluator.ground, evaluator.store
        self._agents, self._limits = hired, host

    def propose(self, iteration: Iteration, chosen: Round) -> list[Brought]:
        """Let the agents of a round propose, side by side; the ids of what is new. Their events are the reasoning trace."""
        names = dict.fromkeys(choice.agent for choice in chosen.choices)
        self.ground.say(iteration.run, Stage.SEARCHING, f"Looking for ideas with {' and '.join(names)} (round {chosen.number})")
        self.ground.environment(iteration), self.ground.tree(iteration)  # here, before several need them at once
        books = [self._notebook(iteration, choice) for choice in chosen.choices]
        purse, over = self.purse(iteration, books), threading.Event()
        judge = self.evaluator.until(over)
        with ThreadPoolExecutor(len(books)) as pool:
            work = [pool.submit(self._worked, iteration, *pair, purse, judge) for pair in zip(chosen.choices, books, strict=True)]
            try:
                for each in as_completed(work):
                    each.result()
            except BaseException:  # Ctrl-C, too: without their result the others' work is not worth paying for
                over.set()
                raise
            lanes = [each.result() for each in work]
        earlier = [row for row in self.store.candidates(iteration.run, iteration.id) if row.round != chosen.number]
        return self._brought(iteration, chosen, lanes, {row.changes for row in earlier})

    def _notebook(self, iteration: Iteration, choice: Choice) -> Notebook:
        return Notebook(self.store.ledger, self.ground.blobs, iteration.id, _step(choice))

    def purse(self, iteration: Iteration, books: Sequence[Notebook]) -> Lease:
        """What models may still cost in this run. Answers that are only found again are counted when they are."""
        budget = planning.budget(iteration, self.ground.project(iteration), self._limits)
        paid = self.store.ledger.spent(iteration.run)
        again = total(book.answered for book in books)
        left = budget.less(Spent(0.0, paid.tokens - again.tokens, paid.known_usd - again.known_usd, paid.calls - again.calls))
        return Lease(Budget(left.tokens, left.usd, left.calls))

    def _worked(
        self, iteration: Iteration, choice: Choice, book: Notebook, purse: Lease, judge: Evaluator
    ) -> tuple[Lane, list[Draft]]:
        """One agent's work; what it proposes against the base."""
        share, parent = choice.share, self.evaluator.begun(iteration, choice.parent)
        part = Lease(Budget(share.tokens, share.usd, share.calls), part_of=purse)
        with self.evaluator.changed(iteration, parent) as tree:
            task = self._task(iteration, choice)
            lookout = self._lookout(iteration, choice, task, tree, judge)
            place = self._workplace(iteration, choice, tree, lookout, book, part, judge)
            bay = Workbay(self.ground.folder / MEASURING, lambda: judge.cancelled(iteration.run))
            lane = Lane(self._agents[choice.agent](place), task, tree, lookout, bay, part)
            try:
                ended = lane.work()
            finally:
                self.store.add_events(iteration.id, _step(choice), lane.said)
        return lane, lane.drafts(ended, self.ground.project(iteration).objective.claim)

    def _brought(
        self, iteration: Iteration, chosen: Round, lanes: Sequence[tuple[Lane, list[Draft]]], known: set[str]
    ) -> list[Brought]:
        """Remember what is new of a round, each change once."""
        told, number = [], 0
        for choice, (lane, drafts) in zip(chosen.choices, lanes, strict=True):
            ids = []
            for draft in drafts:
                if (kept := self.evaluator.keep(draft.files)) not in known:
                    known, number = known | {kept}, number + 1
                    ids.append(self._remember(iteration, choice, number, draft, kept))
            spent = lane.spent
            looks = len(lane.lookout.sights)
            cost = Spent(lane.seconds, spent.tokens, spent.known_usd, spent.calls, looks, spent.unpriced)
            told.append(Brought(tuple(ids), cost, lane.silent, lane.short))
        return told

    def _task(self, iteration: Iteration, choice: Choice) -> Task:
        project, target = self.ground.project(iteration), Target.parse(iteration.target)
        settings = project.target_settings(target)
        return Task(
            target=target,
            editable=project.paths.editable,
            fenced=closed(project),
            policy=str(settings.equivalence),
            profile=iteration.profile,
            sizes=settings.sizes,
            environment=self.ground.environment(iteration).versions,
            machine=surroundings.in_words(fingerprint(), project.environment.threads),
            inputs=tuple(each for each in (settings.inputs, settings.instance) if each),
            edit=next((form for form in FORMS if form == choice.arm.edit), "auto"),
            edits=tuple(record.tried(self.store.recent("tool_result"))),
            lessons=self._lessons(iteration),
            tried=tuple(self._attempt(row) for row in self.store.candidates(iteration.run, iteration.id) if row.outcome),
            drafts=choice.drafts,
            limits=limits(choice.share),
            hint=choice.arm.hint,
            parent=self.evaluator.changes_of(choice.parent),
            mate=self._difference(iteration, choice.mate) if choice.mate else "",
        )

    def _lessons(self, iteration: Iteration) -> Lessons:
        """What the project's reviewers asked for, and what whoever started the run said is slow."""
        known = self.store.lessons(iteration.run)
        return replace(known, remarks=(*known.remarks, iteration.hint)) if iteration.hint else known

    def _difference(self, iteration: Iteration, candidate: str) -> str:
        """What a candidate changes, as a diff."""
        repository = self.ground.repository(iteration.project)
        changes = self.evaluator.changes(self.store.candidate(candidate))
        return repository.diff(iteration.sha, repository.tree(iteration.sha, changes)).decode("utf-8", "replace")

    def _attempt(self, row: CandidateRow) -> Attempt:
        """A judged candidate under the digest that proposers know it by, with its files."""
        changes = self.evaluator.changes(row)
        return replace(row.attempt(), digest=digest(changes), files=changes)

    def _remember(self, iteration: Iteration, choice: Choice, number: int, draft: Draft, digest: str) -> str:
        candidate = f"{iteration.id}:{choice.round}.{number}"
        self.store.save_candidate(
            id=candidate,
            iteration_id=iteration.id,
            agent=choice.agent,
            title=draft.title,
            rationale=draft.rationale,
            ingredients=list(draft.ingredients),
            changes=digest,
        )
        return candidate

    def _workplace(
        self,
        iteration: Iteration,
        choice: Choice,
        tree: Path,
        lookout: Lookout,
        book: Notebook,
        lease: Lease,
        judge: Evaluator,
    ) -> Workplace:
        def glance(changes: Changes) -> Scorecard:
            card = lookout.ask({**self.evaluator.begun(iteration, choice.parent), **changes})
            if card is None:
                raise NoMoreLooks("this attempt's evaluations are used up")
            return card

        def profile(changed: Path) -> Profile:
            return judge.profile(iteration, changed, seconds=_GLANCE_S)

        return Workplace(
            iteration,
            tree,
            self.ground.environment(iteration),
            self.ground.sandbox,
            glance,
            profile,
            lambda: judge.cancelled(iteration.run),
            lease,
            book,
            lookout.heard,
        )

    def _lookout(self, iteration: Iteration, choice: Choice, task: Task, tree: Path, judge: Evaluator) -> Lookout:
        """Who looks at an agent's tree while it works, as often as its share of evaluations allows."""
        share = choice.share.evaluations  # what it proposes in the end is looked at, too
        most = MOST_LOOKS if share is None else min(MOST_LOOKS, share - choice.drafts)

        def look(changes: Changes) -> Scorecard:
            return judge.scorecard(judge.look(iteration, changes, self.evaluator.keep(changes)))

        work = Worktree.of(task, tree, self.ground.tree(iteration))
        watch = Watch(Trigger.parse(self.ground.project(iteration).search.trigger), {self.evaluator.keep(work.changes())})
        return Lookout(watch, work, self.evaluator.keep, look, _told, most)


def _told(card: Scorecard) -> str:
    """A look as the agent reads it."""
    return fenced(shortened(replies.glance(card)), "judge")


def _step(choice: Choice) -> str:
    """Names an agent's work within its iteration."""
    return f"propose-{choice.name}-{choice.agent}"
