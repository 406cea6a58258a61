"""Where candidates are made and judged: baseline, proposals, evaluations, confirmation. Knows nothing of conversations.

Each public method is one durable step: its arguments and its answer are small values that can be stored, and doing it again
after a crash finds what is already there.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from bot import aim
from bot.agents import record
from bot.agents.contract import Agent, Attempt, Draft, Ended, Event, Lessons, Task
from bot.agents.recipes.composer import digest
from bot.asked import least
from bot.ending import Cancelled, Misconfigured, Transient, Unanswerable
from bot.ground import Ground, turn
from bot.iteration import Iteration
from bot.localization import flame, hotspots, profiler, study, surroundings
from bot.localization.profile import Profile, Unprofiled
from bot.report import replies
from bot.report.facts import Stage
from bot.selection.policy import Choice, Plan
from bot.store import CandidateRow, Store
from evaluation.judge import Baseline, CannotJudge, Depth, Judge
from evaluation.judge import Cancelled as JudgingCancelled
from evaluation.machine.hardware import fingerprint
from evaluation.scorecard import Scorecard
from evaluation.site import Site
from evaluation.target import Target
from sandbox import workspace
from sandbox.environment import Environment
from sandbox.tier import Sandbox

ALWAYS = "native"  # a model takes part wherever its key is set, also where the project names other agents
MOST_RANKED = 8  # functions that are proposed to somebody who named none
_GLANCE_S = 1.0  # of profiled calls where an agent asks
log = structlog.get_logger()
Changes = Mapping[str, bytes | None]  # the changed files, with their new content (None: deleted)


@dataclass(frozen=True, slots=True)
class Workplace:
    """What an agent is made for: one iteration's files and environment, and a way to ask the judge for a quick look."""

    iteration: Iteration
    tree: Path
    environment: Environment
    sandbox: Sandbox
    glance: Callable[[Changes], Scorecard]
    profile: Callable[[Path], Profile]  # of the target as it is in a tree; raises Unprofiled
    cancelled: Callable[[], bool]
    usd: float | None = None  # what the command and the project let a model cost, if they say so


Hire = Callable[[Workplace], Agent]


def called(name: str, word: str) -> bool:
    """Whether `word` means this agent: by its name, or by its family's (`native` means each of its models)."""
    return name == word or name.startswith(f"{word}:")


class Lab:
    """One host's workshop over its ground: the judge, and the agents that may propose."""

    def __init__(self, ground: Ground, store: Store, agents: Mapping[str, Hire], *, minutes: float = 30.0) -> None:
        self.ground, self.store, self._agents, self._minutes = ground, store, agents, minutes
        self.cancelled: Callable[[str], bool] = lambda _: False
        self.choose: aim.Choose | None = None  # which function somebody's words are about; None without a model

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
        self.store.update_run(iteration.run, planned=plan.rounds * abreast, minutes=plan.seconds / 60)
        with self._judging(iteration, Stage.BASELINE) as judge:
            found = judge.baseline()
        return replace(iteration, baseline=self.ground.blobs.put_json(found.to_json()))

    def plan(self, iteration: Iteration) -> Plan:
        """How to search: as the command says, else as the project says, within what this host allows."""
        project, asked = self.ground.project(iteration), iteration.options
        named = asked.get("agents")  # who names agents wants these and no other
        wanted = dict.fromkeys(named or (*(project.search.agents or self._agents), ALWAYS))
        limits = [minutes for minutes in (asked.get("minutes"), project.budget.minutes, self._minutes) if minutes]
        return Plan(
            agents=tuple(dict.fromkeys(name for word in wanted for name in self._agents if called(name, word))),
            strategy=asked.get("strategy") or project.search.strategy,
            rounds=project.search.rounds,
            parallel=project.search.parallel,
            claim=asked.get("claim") or project.objective.claim,
            prefer=frozenset(self.store.lessons(iteration.run).prefer),
            seconds=60 * min(limits),
        )

    def propose(self, iteration: Iteration, choice: Choice) -> list[str]:
        """Let an agent propose; the ids of what is new. Its events are kept as the reasoning trace."""
        self.ground.say(iteration.run, Stage.SEARCHING, f"{choice.agent} looks for ideas (round {choice.round})")
        said: list[Event] = []
        with self._changed(iteration, self._changes_of(choice.parent)) as tree:
            agent = self._agents[choice.agent](self._workplace(iteration, tree))
            ended = self._proposed(agent, iteration, choice, tree, said)
        self.store.add_events(iteration.id, f"propose-{choice.round}-{choice.agent}", said)
        earlier = [row for row in self.store.candidates(iteration.run, iteration.id) if row.round != choice.round]
        known = {row.changes for row in earlier}
        parent = self._changes_of(choice.parent)  # a draft tells what changed since the tree it was given
        fresh = {digest: draft for draft in ended.drafts if (digest := self._keep({**parent, **draft.files})) not in known}
        return [self._remember(iteration, choice, n, draft, digest) for n, (digest, draft) in enumerate(fresh.items(), 1)]

    def _proposed(self, agent: Agent, iteration: Iteration, choice: Choice, tree: Path, said: list[Event]) -> Ended:
        if missing := agent.preflight():
            said.append(Event("ended", missing))
            return Ended("nothing", detail=missing)
        try:
            return agent.propose(self._task(iteration, choice), tree, said.append)
        except (Cancelled, Unanswerable, Transient):
            raise
        except Exception:  # the boundary of an agent: a bug in one costs its ideas, not the run
            log.exception("agent.failed", run=iteration.run, agent=choice.agent)
            said.append(Event("ended", f"{choice.agent} broke off because of an error of its own"))
            return Ended("aborted")

    def evaluate(self, iteration: Iteration, candidate: str) -> str:
        """The quick look that steers the search; blob of the scorecard."""
        return self._judged(iteration, candidate, Depth.QUICK)

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
        return self._judged(iteration, candidate, Depth.CONFIRM)

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

    def _judged(self, iteration: Iteration, candidate: str, depth: Depth) -> str:
        row = self.store.candidate(candidate)
        stage = Stage.CONFIRMING if depth is Depth.CONFIRM else Stage.SEARCHING
        self.ground.say(iteration.run, stage, row.title)
        card = self.measure(iteration, self.changes(row), depth=depth)
        blob = self.ground.blobs.put_json(card.to_json())
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
        with turn(ground.folder / "measuring.lock"):
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
        )

    def _lessons(self, iteration: Iteration) -> Lessons:
        """What the project's reviewers asked for, and what whoever started the run said is slow."""
        known = self.store.lessons(iteration.run)
        return replace(known, remarks=(*known.remarks, iteration.hint)) if iteration.hint else known

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

    def _workplace(self, iteration: Iteration, tree: Path) -> Workplace:
        def glance(changes: Changes) -> Scorecard:
            return self.measure(iteration, changes, depth=Depth.QUICK)

        def profile(changed: Path) -> Profile:
            with turn(self.ground.folder / "measuring.lock"):  # neither disturbs a measurement nor is disturbed
                return study.of_target(self._site(iteration).source(), changed, seconds=_GLANCE_S)

        environment, sandbox = self.ground.environment(iteration), self.ground.sandbox
        usd = least(iteration.options.get("usd"), self.ground.project(iteration).budget.usd)
        return Workplace(iteration, tree, environment, sandbox, glance, profile, lambda: self.cancelled(iteration.run), usd)

    def _changes_of(self, candidate: str | None) -> Changes:
        """What a candidate changes; nothing for the base."""
        return self.changes(self.store.candidate(candidate)) if candidate else {}

    @contextmanager
    def _changed(self, iteration: Iteration, changes: Changes) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self.ground.scratch(), ignore_cleanup_errors=True) as folder:
            tree = workspace.copy(self.ground.tree(iteration), Path(folder) / "tree")
            workspace.write(tree, changes)
            yield tree
