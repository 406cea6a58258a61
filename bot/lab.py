"""Where candidates are made and judged: baseline, proposals, evaluations, confirmation. Knows nothing of conversations.

Each public method is one durable step: its arguments and its answer are small values that can be stored, and doing it again
after a crash finds what is already there.
"""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

from bot import aim
from bot.agents import record
from bot.agents.contract import Agent, Attempt, Draft, Event, Lessons, Task
from bot.agents.native.foreign import fenced, shortened
from bot.agents.recipes.composer import digest
from bot.asked import least
from bot.ending import Cancelled, Misconfigured, Unanswerable
from bot.gateway.lease import Budget, Lease
from bot.ground import Ground, turn
from bot.iteration import Iteration
from bot.lane import Lane, changed_in, limits
from bot.ledger import FateRow, total
from bot.localization import flame, hotspots, profiler, study, surroundings
from bot.localization.profile import Profile, Unprofiled
from bot.lookout import Lookout
from bot.notebook import Notebook
from bot.quiet import Workbay
from bot.report import replies
from bot.report.facts import Stage
from bot.search import Brought, Told
from bot.selection.allowance import Allowance, Spent
from bot.selection.plan import THOROUGH, Arm, Choice, Plan, Round
from bot.selection.trigger import Trigger, Watch
from bot.store import CandidateRow, Store
from evaluation.judge import Baseline, CannotJudge, Depth, Judge
from evaluation.judge import Cancelled as JudgingCancelled
from evaluation.machine.hardware import fingerprint
from evaluation.scorecard import Scorecard
from evaluation.site import Site
from evaluation.target import Target
from sandbox import workspace
from sandbox.environment import Environment
from sandbox.spec import SandboxError
from sandbox.tier import Sandbox

MEASURING = "measuring.lock"
DEFAULT_MINUTES = 30.0
MOST_LOOKS = 8  # at one agent's tree while it works
HINTS = ("", "algorithm", "data", "library")  # directions that an agent with a model can be given
ALWAYS = "native"  # a model takes part wherever its key is set, also where the project names other agents
MOST_RANKED = 8  # functions that are proposed to somebody who named none
_GLANCE_S = 1.0  # of profiled calls where an agent asks
Changes = Mapping[str, bytes | None]  # the changed files, with their new content (None: deleted)


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
    arm: Arm  # which model, edit form and direction
    lease: Lease  # this attempt's share of what models may cost
    notebook: Notebook  # where its exchanges with a model are kept, and found again after a restart
    heard: Callable[[], str]  # what the judge saw meanwhile, without being asked


class NoMoreLooks(SandboxError):
    """The judge may not be asked again in this attempt."""


@dataclass(frozen=True, slots=True)
class HostLimits:
    """What this host lets one run cost."""

    minutes: float = 30.0
    usd: float | None = None


Hire = Callable[[Workplace], Agent]


def called(name: str, word: str) -> bool:
    """Whether `word` means this agent: by its name, or by its family's (`native` means each of its models)."""
    return name == word or name.startswith(f"{word}:")


class Lab:
    """One host's workshop over its ground: the judge, and the agents that may propose."""

    def __init__(self, ground: Ground, store: Store, agents: Mapping[str, Hire], limits: HostLimits = HostLimits()) -> None:
        self.ground, self.store, self._agents, self._limits = ground, store, agents, limits
        self.cancelled: Callable[[str], bool] = lambda _: False
        self.choose: aim.Choose | None = None  # which function somebody's words are about; None without a model
        self.traced: Callable[[str], None] = lambda _: None  # told of each run whose search has ended

    @property
    def agents(self) -> tuple[str, ...]:
        """The names of those who may propose here."""
        return tuple(self._agents)

    def prepare(self, iteration: Iteration) -> str:
        """Build the environment; its key."""
        return self.ground.environment(iteration).key

    def localize(self, iteration: Iteration) -> Iteration:
        """Find where the time goes: in the named target, or, where none is named, in the project's own tests."""
        self.ground.say(iteration.run, Stage.LOCALIZING, "")
        found = iteration if iteration.target else self._hottest(iteration)
        self.ground.check_target(found)
        try:
            seen = study.of_target(self._site(found).source())
        except Unprofiled as error:
            profile, picture = f"The target could not be profiled: {error}", ""
        else:
            profile, picture = hotspots.as_text(seen), flame.svg(seen)
        data = {"flame": self.ground.blobs.put(picture.encode())} if picture else {}  # a blob: pictures are large
        self.store.add_events(iteration.id, "localize", [Event("message", profile, data)])
        return replace(found, profile=profile)

    def baseline(self, iteration: Iteration) -> Iteration:
        """Run the tests twice and look for inputs, all at the base commit."""
        self.ground.say(iteration.run, Stage.BASELINE, "")
        plan = self.plan(iteration)
        abreast = 1 if plan.strategy == "sequential" else plan.parallel
        seconds = plan.budget.seconds
        self.store.update_run(iteration.run, planned=plan.rounds * abreast, minutes=seconds / 60 if seconds else None)
        with self._judging(iteration, Stage.BASELINE) as judge:
            found = judge.baseline()
        return replace(iteration, baseline=self.ground.blobs.put_json(found.to_json()))

    def plan(self, iteration: Iteration) -> Plan:
        """How to search: as the command says, else as the project says, within what this host allows."""
        project, asked = self.ground.project(iteration), iteration.options
        named = asked.get("agents")  # who names agents wants these and no other
        wanted = dict.fromkeys(named or (*(project.search.agents or self._agents), ALWAYS))
        agents = tuple(dict.fromkeys(name for word in wanted for name in self._agents if called(name, word)))
        return Plan(
            agents=agents,
            strategy=asked.get("strategy") or project.search.strategy,
            rounds=project.search.rounds,
            parallel=project.search.parallel,
            claim=self._claim(iteration),
            prefer=frozenset(self.store.lessons(iteration.run).prefer),
            budget=self._budget(iteration),
            variants=self._variants(agents, project.search.edit),
        )

    def _variants(self, agents: Sequence[str], edit: str) -> tuple[Arm, ...]:
        """The directions among which an agent with a model can choose."""
        asks = [agent for agent in agents if agent not in THOROUGH]
        return tuple(Arm(agent, "", edit, hint) for agent in asks for hint in HINTS)

    def _claim(self, iteration: Iteration) -> float:
        return float(iteration.options.get("claim") or self.ground.project(iteration).objective.claim)

    def _budget(self, iteration: Iteration) -> Allowance:
        """The least of what the command, the project and this host allow."""
        asked, project = iteration.options, self.ground.project(iteration).budget
        minutes = least(asked.get("minutes"), project.minutes, self._limits.minutes) or DEFAULT_MINUTES
        usd = least(asked.get("usd"), project.usd, self._limits.usd)
        return Allowance(60 * minutes, project.tokens, usd, project.calls, project.evaluations)

    def meter(self, iteration: Iteration) -> Spent:
        """The time by our clock, and what the run has used up to now."""
        paid = self.store.ledger.spent(iteration.run)
        return Spent(time.time(), paid.tokens, paid.usd, paid.calls, self.store.ledger.looks(iteration.run))

    def propose(self, iteration: Iteration, chosen: Round) -> list[Brought]:
        """Let the agents of a round propose, side by side; the ids of what is new. Their events are the reasoning trace."""
        names = dict.fromkeys(choice.agent for choice in chosen.choices)
        self.ground.say(iteration.run, Stage.SEARCHING, f"{' and '.join(names)} looks for ideas (round {chosen.number})")
        self.ground.environment(iteration), self.ground.tree(iteration)  # here, before several need them at once
        books = [self._notebook(iteration, choice) for choice in chosen.choices]
        purse = self._purse(iteration, books)
        with ThreadPoolExecutor(len(books)) as pool:
            work = (pool.submit(self._worked, iteration, *pair, purse) for pair in zip(chosen.choices, books, strict=True))
            lanes = [each.result() for each in list(work)]
        earlier = [row for row in self.store.candidates(iteration.run, iteration.id) if row.round != chosen.number]
        return self._brought(iteration, chosen, lanes, {row.changes for row in earlier})

    def _notebook(self, iteration: Iteration, choice: Choice) -> Notebook:
        return Notebook(self.store.ledger, self.ground.blobs, iteration.id, _step(choice))

    def _purse(self, iteration: Iteration, books: Sequence[Notebook]) -> Lease:
        """What models may still cost in this run. Answers that are only found again are counted when they are."""
        budget, paid = self._budget(iteration), self.store.ledger.spent(iteration.run)
        again = total(book.answered for book in books)
        left = budget.less(Spent(0.0, paid.tokens - again.tokens, paid.known_usd - again.known_usd, paid.calls - again.calls))
        return Lease(Budget(left.tokens, left.usd, left.calls))

    def _worked(self, iteration: Iteration, choice: Choice, book: Notebook, purse: Lease) -> tuple[Lane, list[Draft]]:
        """One agent's work; what it proposes against the base."""
        share, parent = choice.share, self._changes_of(choice.parent)
        part = Lease(Budget(share.tokens, share.usd, share.calls), part_of=purse)
        with self._changed(iteration, parent) as tree:
            task = self._task(iteration, choice)
            lookout = self._lookout(iteration, choice, task, tree)
            place = self._workplace(iteration, choice, tree, lookout, book, part)
            bay = Workbay(self.ground.folder / MEASURING)
            lane = Lane(self._agents[choice.agent](place), task, tree, parent, lookout, bay, part)
            ended = lane.work()
        self.store.add_events(iteration.id, _step(choice), lane.said)
        return lane, lane.drafts(ended, self._claim(iteration))

    def _brought(
        self, iteration: Iteration, chosen: Round, lanes: Sequence[tuple[Lane, list[Draft]]], known: set[str]
    ) -> list[Brought]:
        """Remember what is new of a round, each change once."""
        told, number = [], 0
        for choice, (lane, drafts) in zip(chosen.choices, lanes, strict=True):
            ids = []
            for draft in drafts:
                if (kept := self._keep(draft.files)) not in known:
                    known, number = known | {kept}, number + 1
                    ids.append(self._remember(iteration, choice, number, draft, kept))
            spent = lane.spent
            cost = Spent(lane.seconds, spent.tokens, spent.usd, spent.calls, len(lane.lookout.sights))
            told.append(Brought(tuple(ids), cost, lane.silent))
        return told

    def account(self, iteration: Iteration, told: list[Told], stop: str, spent: Spent) -> None:
        """Remember what became of each candidate, why the search ended, and what it cost."""
        rows = [FateRow(*each) for each in told]
        self.store.ledger.tell_fates(iteration.id, [*rows, FateRow("", None, stop, asdict(spent))])
        self.traced(iteration.run)

    def evaluate(self, iteration: Iteration, candidate: str) -> str:
        """The quick look that steers the search; blob of the scorecard. A tree that was seen on the way is seen already."""
        row = self.store.candidate(candidate)
        seen = self.store.ledger.glance(iteration.id, row.changes)
        if seen is None:
            self.ground.say(iteration.run, Stage.SEARCHING, row.title)
            seen = self._look(iteration, self.changes(row), row.changes)
        return self._enter(candidate, seen)

    def _look(self, iteration: Iteration, changes: Changes, kept: str) -> str:
        card = self.measure(iteration, changes, depth=Depth.QUICK)
        blob = self.ground.blobs.put_json(card.to_json())
        self.store.ledger.add_glance(iteration.id, kept, blob)
        return blob

    def race(self, iteration: Iteration, candidates: list[str]) -> list[str]:
        """The same candidates, fastest first: for those that a first look does not tell apart."""
        self.ground.say(iteration.run, Stage.SEARCHING, "")
        baseline = Baseline.from_json(self.ground.blobs.get_json(iteration.baseline))
        with ExitStack() as stack:
            trees = {each: stack.enter_context(self._changed(iteration, self._changes_of(each))) for each in candidates}
            with self._judging(iteration, Stage.SEARCHING) as judge:
                return judge.race(trees, baseline)

    def confirm(self, iteration: Iteration, candidate: str) -> str:
        """The measurement whose number is published: fresh processes, inputs made after the candidate was frozen."""
        row = self.store.candidate(candidate)
        self.ground.say(iteration.run, Stage.CONFIRMING, row.title)
        card = self.measure(iteration, self.changes(row), depth=Depth.CONFIRM)
        return self._enter(candidate, self.ground.blobs.put_json(card.to_json()))

    def measure(
        self, iteration: Iteration, changes: Changes, *, depth: Depth = Depth.CONFIRM, seed: int | None = None
    ) -> Scorecard:
        """Judge one set of changed files against the base."""
        baseline = Baseline.from_json(self.ground.blobs.get_json(iteration.baseline))
        stage = Stage.CONFIRMING if depth is Depth.CONFIRM else Stage.SEARCHING
        with self._changed(iteration, changes) as tree, self._judging(iteration, stage) as judge:
            return judge.evaluate(tree, changes, baseline, depth=depth, seed=seed)

    def scorecard(self, blob: str) -> Scorecard:
        """The scorecard kept under this digest."""
        return Scorecard.from_json(self.ground.blobs.get_json(blob))

    def ingredients(self, candidate: str) -> Sequence[str]:
        """The recipes a candidate is made of."""
        return self.store.candidate(candidate).ingredients

    def changes(self, row: CandidateRow) -> Changes:
        """The files a candidate changes."""
        kept = self.ground.blobs.get_json(row.changes)
        return {path: None if text is None else text.encode("latin-1") for path, text in kept.items()}

    def _enter(self, candidate: str, blob: str) -> str:
        """Write a scorecard into a candidate's row."""
        card = self.scorecard(blob)
        reasons = [{"code": reason.code, "text": reason.text} for reason in card.reasons]
        ratio = card.speedup.ratio if card.speedup else None
        self.store.judge_candidate(candidate, outcome=card.outcome, ratio=ratio, reasons=reasons, scorecard=blob)
        return blob

    @contextmanager
    def _judging(self, iteration: Iteration, stage: Stage) -> Iterator[Judge]:
        """A judge, alone on this host's clocks. What cannot be judged ends the run with its sentence."""
        ground = self.ground
        if self.cancelled(iteration.run):
            raise Cancelled
        site = self._site(iteration)
        judge = Judge(
            site.sandbox,
            environment=site.environment,
            tree=site.tree,
            project=site.project,
            target=site.target,
            scratch=site.scratch,
            owner=site.owner,
            progress=lambda text: ground.say(iteration.run, stage, text),
            cancelled=lambda: self.cancelled(iteration.run),
            tools=site.tools,
        )
        with turn(ground.folder / MEASURING):
            try:
                yield judge
            except CannotJudge as error:
                kind = Misconfigured if error.code == "inputs" else Unanswerable
                raise kind(replies.cannot_judge(error)) from error
            except JudgingCancelled as error:
                raise Cancelled from error

    def _site(self, iteration: Iteration) -> Site:
        """Where the target of an iteration is run."""
        ground = self.ground
        return Site(
            ground.sandbox,
            environment=ground.environment(iteration),
            tree=ground.tree(iteration),
            project=ground.project(iteration),
            target=Target.parse(iteration.target),
            scratch=ground.scratch(),
            owner=iteration.run,
            tools=ground.tools(iteration),
        )

    def _hottest(self, iteration: Iteration) -> Iteration:
        """With the function that the project's tests spend most of their time in. Raises Unanswerable where there is none."""
        ground, project = self.ground, self.ground.project(iteration)
        environment, tree, tools = ground.environment(iteration), ground.tree(iteration), ground.tools(iteration)
        found: list[tuple[str, float]] = []
        try:
            profile = profiler.profile_tests(
                ground.sandbox, environment, tree, project.tests.command, tools=tools, owner=iteration.run
            )
            found = [(str(each.target), each.share) for each in hotspots.suggest(profile, tree, project.paths.fenced)]
        except Unprofiled as error:
            if not iteration.among:
                raise Unanswerable(replies.nothing_to_optimize()) from error
        ranked = aim.chosen(iteration, aim.order(iteration, found), self.choose)
        if not ranked:
            raise Unanswerable(replies.nothing_to_optimize())
        self.store.update_run(iteration.run, target=ranked[0][0])
        return replace(iteration, target=ranked[0][0], ranked=ranked[:MOST_RANKED])

    def _task(self, iteration: Iteration, choice: Choice) -> Task:
        project, target = self.ground.project(iteration), Target.parse(iteration.target)
        settings = project.target_settings(target)
        return Task(
            target=target,
            editable=project.paths.editable,
            fenced=project.paths.fenced,
            policy=str(settings.equivalence),
            profile=iteration.profile,
            sizes=settings.sizes,
            environment=self.ground.environment(iteration).versions,
            machine=surroundings.in_words(fingerprint(), project.environment.threads),
            inputs=tuple(each for each in (settings.inputs, settings.instance) if each),
            edit=project.search.edit,
            edits=tuple(record.tried(self.store.recent("tool_result"))),
            lessons=self._lessons(iteration),
            tried=tuple(self._attempt(row) for row in self.store.candidates(iteration.run, iteration.id) if row.outcome),
            drafts=choice.drafts,
            limits=limits(choice.share),
            hint=choice.arm.hint,
            mate=self._difference(iteration, choice.mate) if choice.mate else "",
        )

    def _lessons(self, iteration: Iteration) -> Lessons:
        """What the project's reviewers asked for, and what whoever started the run said is slow."""
        known = self.store.lessons(iteration.run)
        return replace(known, remarks=(*known.remarks, iteration.hint)) if iteration.hint else known

    def _difference(self, iteration: Iteration, candidate: str) -> str:
        """What a candidate changes, as a diff."""
        repository = self.ground.repository(iteration.project)
        changes = self.changes(self.store.candidate(candidate))
        return repository.diff(iteration.sha, repository.tree(iteration.sha, changes)).decode("utf-8", "replace")

    def _attempt(self, row: CandidateRow) -> Attempt:
        """A judged candidate under the digest that proposers know it by, with its files."""
        changes = self.changes(row)
        return replace(row.attempt(), digest=digest(changes), files=changes)

    def _keep(self, files: Changes) -> str:
        # latin-1 maps every byte to one character and back: files that are no UTF-8 survive in JSON
        texts = {path: None if content is None else content.decode("latin-1") for path, content in files.items()}
        return self.ground.blobs.put_json(texts)

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
        self, iteration: Iteration, choice: Choice, tree: Path, lookout: Lookout, book: Notebook, lease: Lease
    ) -> Workplace:
        def glance(changes: Changes) -> Scorecard:
            card = lookout.ask({**self._changes_of(choice.parent), **changes})
            if card is None:
                raise NoMoreLooks("this attempt's evaluations are used up")
            return card

        def profile(changed: Path) -> Profile:
            with turn(self.ground.folder / MEASURING):  # neither disturbs a measurement nor is disturbed
                return study.of_target(self._site(iteration).source(), changed, seconds=_GLANCE_S)

        return Workplace(
            iteration,
            tree,
            self.ground.environment(iteration),
            self.ground.sandbox,
            glance,
            profile,
            lambda: self.cancelled(iteration.run),
            choice.arm,
            lease,
            book,
            lookout.heard,
        )

    def _lookout(self, iteration: Iteration, choice: Choice, task: Task, tree: Path) -> Lookout:
        """Who looks at an agent's tree while it works, as often as its share of evaluations allows."""
        share = choice.share.evaluations  # what it proposes in the end is looked at, too
        taken, most = count(1), MOST_LOOKS if share is None else min(MOST_LOOKS, share - choice.drafts)

        def look(changes: Changes) -> Scorecard | None:
            kept = self._keep(changes)
            seen = self.store.ledger.glance(iteration.id, kept)
            if seen is None and next(taken) > most:
                return None
            return self.scorecard(seen or self._look(iteration, changes, kept))

        now = changed_in(tree, self.ground.tree(iteration), task)
        watch = Watch(Trigger.parse(self.ground.project(iteration).search.trigger), {self._keep(now())})
        return Lookout(watch, now, self._keep, look, lambda card: fenced(shortened(replies.glance(card)), "judge"))

    def _changes_of(self, candidate: str | None) -> Changes:
        """What a candidate changes; nothing for the base."""
        return self.changes(self.store.candidate(candidate)) if candidate else {}

    @contextmanager
    def _changed(self, iteration: Iteration, changes: Changes) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.ground.scratch(), ignore_cleanup_errors=True) as folder:
            tree = workspace.copy(self.ground.tree(iteration), Path(folder) / "tree")
            workspace.write(tree, changes)
            yield tree


def _step(choice: Choice) -> str:
    """Names an agent's work within its iteration."""
    return f"propose-{choice.name}-{choice.agent}"
