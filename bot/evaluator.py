"""The judge over one host's ground: one set of changed files after the other, alone on the clocks; what it found is kept."""

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from bot.ending import Cancelled, Misconfigured, Unanswerable
from bot.ground import Ground
from bot.iteration import Iteration
from bot.localization import profiler, study
from bot.localization.profile import Profile, Unprofiled
from bot.report import replies
from bot.report.facts import Stage
from bot.store import CandidateRow, Store
from bot.turns import turn
from evaluation.building import BuildFailed, built
from evaluation.judge import Baseline, CannotJudge, Depth, Judge
from evaluation.judge import Cancelled as JudgingCancelled
from evaluation.scorecard import Scorecard
from evaluation.site import Site
from evaluation.speed.measurement import BaselineFailed
from evaluation.target import Target
from sandbox import workspace

MEASURING = "measuring.lock"
_NONE = Target("", "")  # where it is the tests that are looked at
Changes = Mapping[str, bytes | None]  # the changed files, with their new content (None: deleted)


class Evaluator:
    """Asks the judge, and keeps patches and scorecards under their digests."""

    def __init__(self, ground: Ground, store: Store) -> None:
        self.ground, self.store = ground, store
        self.cancelled: Callable[[str], bool] = lambda _: False

    def until(self, over: threading.Event) -> "Evaluator":
        """The same, for work that this event calls off, too."""
        other = Evaluator(self.ground, self.store)
        other.cancelled = lambda run: over.is_set() or self.cancelled(run)
        return other

    def baseline(self, iteration: Iteration) -> str:
        """Run the tests twice and look for inputs, all at the base commit; blob of what was found."""
        with self._judging(iteration, Stage.BASELINE) as judge:
            return self.ground.blobs.put_json(judge.baseline().to_json())

    def look(self, iteration: Iteration, changes: Changes, kept: str) -> str:
        """A first look at changed files, kept under a digest; blob of the scorecard. What was seen is not measured again."""
        seen = self.store.ledger.glance(iteration.id, kept)
        if seen is None:
            seen = self.keep_card(self.measure(iteration, changes, depth=Depth.QUICK))
            self.store.ledger.add_glance(iteration.id, kept, seen)
        return seen

    def race(self, iteration: Iteration, candidates: list[str]) -> list[str]:
        """The same candidates, fastest first: for those that a first look does not tell apart."""
        baseline = Baseline.from_json(self.ground.blobs.get_json(iteration.baseline))
        with ExitStack() as stack:
            trees = {each: stack.enter_context(self.changed(iteration, self.changes_of(each))) for each in candidates}
            with self._judging(iteration, Stage.SEARCHING) as judge:
                return judge.race(trees, baseline)

    def measure(self, iteration: Iteration, changes: Changes, *, depth: Depth, seed: int | None = None) -> Scorecard:
        """Judge one set of changed files against the base."""
        baseline = Baseline.from_json(self.ground.blobs.get_json(iteration.baseline))
        stage = Stage.CONFIRMING if depth is Depth.CONFIRM else Stage.SEARCHING
        with self.changed(iteration, changes) as tree, self._judging(iteration, stage) as judge:
            return judge.evaluate(tree, changes, baseline, depth=depth, seed=seed)

    def scorecard(self, blob: str) -> Scorecard:
        """The scorecard kept under this digest."""
        return Scorecard.from_json(self.ground.blobs.get_json(blob))

    def changes(self, row: CandidateRow) -> Changes:
        """The files a candidate changes."""
        kept = self.ground.blobs.get_json(row.changes)
        return {path: None if text is None else text.encode("latin-1") for path, text in kept.items()}

    def changes_of(self, candidate: str | None) -> Changes:
        """What a candidate changes; nothing for the base."""
        return self.changes(self.store.candidate(candidate)) if candidate else {}

    def begun(self, iteration: Iteration, candidate: str | None) -> Changes:
        """What an agent begins with, against the base: a candidate's changes, or what people have made of our branch."""
        if candidate or not iteration.start:
            return self.changes_of(candidate)
        repository = self.ground.repository(iteration.project)
        patch = repository.diff(iteration.sha, iteration.start)
        return repository.apply(iteration.sha, patch) if patch else {}

    def keep(self, files: Changes) -> str:
        """Put changed files into the blobs; their digest."""
        # latin-1 maps every byte to one character and back: files that are no UTF-8 survive in JSON
        texts = {path: None if content is None else content.decode("latin-1") for path, content in files.items()}
        return self.ground.blobs.put_json(texts)

    def keep_card(self, card: Scorecard) -> str:
        """Put a scorecard into the blobs; its digest."""
        return self.ground.blobs.put_json(card.to_json())

    def enter(self, candidate: str, blob: str) -> str:
        """Write a scorecard into a candidate's row."""
        card = self.scorecard(blob)
        reasons = [{"code": reason.code, "text": reason.text} for reason in card.reasons]
        ratio = card.speedup.ratio if card.speedup else None
        self.store.judge_candidate(candidate, outcome=card.outcome, ratio=ratio, reasons=reasons, scorecard=blob)
        return blob

    def site(self, iteration: Iteration, target: Target | None = None) -> Site:
        """Where the target of an iteration is run, or another one."""
        ground = self.ground
        return Site(
            ground.sandbox,
            environment=ground.environment(iteration),
            tree=ground.tree(iteration),
            project=ground.project(iteration),
            target=target or Target.parse(iteration.target),
            scratch=ground.scratch(),
            owner=iteration.run,
            tools=ground.tools(iteration),
        )

    def profile(self, iteration: Iteration, tree: Path | None = None, *, seconds: float = profiler.SECONDS) -> Profile:
        """The target at the base, or as it is in a tree. Raises Unprofiled."""
        site = self.site(iteration)
        with self._alone(iteration.run), _building(site, *([tree] if tree else [])) as (site, trees):
            return study.of_target(site.source(), trees[0] if trees else None, seconds=seconds)

    def profile_tests(self, iteration: Iteration, command: str) -> Profile:
        """What a test command of the project does, at the base. Raises Unprofiled."""
        site = self.site(iteration, _NONE)
        with self._alone(iteration.run), _building(site) as (site, _):
            return profiler.profile_tests(site.sandbox, site.limited, site.tree, command, tools=site.tools, owner=iteration.run)

    def _alone(self, run: str) -> AbstractContextManager[None]:
        """This host's clocks for oneself: whatever takes times neither disturbs another nor is disturbed. Not to be nested.

        Raises Cancelled, also while it waits for its turn.
        """
        return turn(self.ground.folder / MEASURING, lambda: self.cancelled(run))

    @contextmanager
    def changed(self, iteration: Iteration, changes: Changes) -> Iterator[Path]:
        """The project's tree with some files changed, for as long as it is looked at."""
        with tempfile.TemporaryDirectory(dir=self.ground.scratch(), ignore_cleanup_errors=True) as folder:
            tree = workspace.copy(self.ground.tree(iteration), Path(folder) / "tree")
            workspace.write(tree, changes)
            yield tree

    @contextmanager
    def _judging(self, iteration: Iteration, stage: Stage) -> Iterator[Judge]:
        """A judge, alone on this host's clocks. What cannot be judged ends the run with its sentence."""
        ground = self.ground
        if self.cancelled(iteration.run):
            raise Cancelled
        site = self.site(iteration)
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
        with self._alone(iteration.run):
            try:
                yield judge
            except CannotJudge as error:
                kind = Misconfigured if error.code == "inputs" else Unanswerable
                raise kind(replies.cannot_judge(error)) from error
            except JudgingCancelled as error:
                raise Cancelled from error


@contextmanager
def _building(site: Site, *trees: Path) -> Iterator[tuple[Site, list[Path]]]:
    """The trees as built, for a profile. Raises Unprofiled where they can't be."""
    try:
        with built(site, *trees) as found:
            yield found
    except (BuildFailed, BaselineFailed) as error:
        raise Unprofiled(str(error)) from error
