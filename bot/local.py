"""Judging and searching without GitLab: on a checkout, from the command line. The same ground and the same lab as the bot's."""

import hashlib
import json
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from bot.agents.contract import Attempt
from bot.ending import BadInput, Transient, Unanswerable
from bot.ground import CONFIG, Ground, Origin
from bot.hiring import agents, limits
from bot.iteration import Iteration
from bot.lab import Lab
from bot.report import evidence, replies
from bot.report.facts import Stage
from bot.search import search
from bot.settings import Settings
from bot.stopping import Stopped, stoppable
from bot.store import CandidateRow, Store
from bot.story import Archivist
from bot.traces.command import sender
from evaluation.judge import CannotJudge
from evaluation.project import Project
from evaluation.scorecard import Outcome, Reason, Scorecard
from evaluation.target import BadTarget, Target
from sandbox.choose import choose
from sandbox.git import MalformedPatch, PatchConflict

MISTAKES = ("inputs",)  # codes of CannotJudge that the project's own files can mend
EXIT = {Outcome.ACCEPTED: 0, Outcome.REJECTED: 1, Outcome.INCONCLUSIVE: 3}
HEAD = "refs/heads/hasten/head"
_DIFF = "git add -N . && git diff HEAD"  # with new files, and with what is staged


@dataclass(frozen=True, slots=True)
class Output:
    """Where results go: a path, `-` for standard output, or nowhere. Checked before any work is done."""

    path: Path | None

    def check(self, option: str) -> None:
        """Raises BadInput where nothing could be written later."""
        if self.path and str(self.path) != "-" and not self.path.absolute().parent.is_dir():
            raise BadInput(f"`{option} {self.path}`: there is no folder `{self.path.parent}`; make it first")

    def write(self, content: bytes) -> None:
        """Write everything at once."""
        if self.path is None:
            return
        if str(self.path) == "-":
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            self.path.write_bytes(content)


@dataclass(slots=True)
class Terminal:
    """Progress for a person who waits: on standard error, so that results can be piped."""

    console: Console
    last: str = ""

    def say(self, _run: str, stage: Stage, text: str) -> None:
        """One line per thing that happens."""
        line = f"{stage}: {text}" if text else str(stage)
        if line != self.last:
            self.last = line
            self.console.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)


def evaluate(
    settings: Settings, project: Path, target: str, candidate: Path, *, sandbox: str | None, out: Output, seed: int | None
) -> int:
    """Judge one patch against HEAD; the exit code. Where somebody stops it, that of the signal."""
    checked = _target(target)
    patch = _read(candidate)
    out.check("--json")
    lab = _lab(settings, sandbox)
    iteration = _snapshot(lab, project, checked)
    try:
        changes = lab.ground.repository(iteration.project).apply(iteration.sha, patch)
    except PatchConflict as error:
        card = Scorecard(str(checked), Outcome.REJECTED, (Reason("patch.conflict", str(error)),))
        return _told(card, out)
    except MalformedPatch as error:
        raise BadInput(
            f"`--candidate {candidate}` is no patch that can be used: {error}; make one with `{_DIFF} > {candidate}`"
        ) from error
    try:
        with stoppable() as asked:
            lab.heed(lambda _: asked.is_set())
            card = lab.measure(lab.baseline(iteration), changes, seed=seed)
        return _told(card, out)
    except Stopped as stopped:
        sys.stderr.write("hasten: stopped: nothing was judged, nothing was changed\n")
        return stopped.code
    except Unanswerable as error:
        raise _whose(error) from error


def _whose(error: Unanswerable) -> Exception:
    """Inputs that the project describes wrongly are a mistake to be put right, like one in the command line."""
    cause = error.__cause__
    return BadInput(str(cause)) if isinstance(cause, CannotJudge) and cause.code in MISTAKES else error


def optimize(
    settings: Settings, project: Path, target: str, *, sandbox: str | None, options: dict[str, Any], out: Output, patch: Output
) -> int:
    """Search for a proven improvement of a checkout; the exit code, that of the signal where somebody stops it."""
    checked = _target(target)
    out.check("--json")
    patch.check("--patch")
    _known(options.get("agents") or (), settings)
    lab = _lab(settings, sandbox)
    iteration = replace(_snapshot(lab, project, checked), options=options)
    try:
        with stoppable() as asked:
            lab.heed(lambda _: asked.is_set())
            iteration = lab.baseline(lab.localize(iteration))
            finding = search(_now, lab, iteration, lab.plan(iteration))
    except Stopped as stopped:
        judged = [row for row in lab.store.candidates(iteration.run, iteration.id) if row.outcome]
        Console().print(Markdown(replies.interrupted(_attempts(lab, judged))))
        return stopped.code
    rows = lab.store.candidates(iteration.run, iteration.id)
    if finding.winner is None:
        end = lab.store.ledger.fates(iteration.id).get("")
        cost = replies.search_ended(end.fate, end.data) if end else ""
        Console().print(Markdown(replies.nothing_found(str(checked), _attempts(lab, rows), cost)))
        return 1
    winner = next(row for row in rows if row.id == finding.winner)
    repository = lab.ground.repository(iteration.project)
    patch.write(repository.diff(iteration.sha, repository.tree(iteration.sha, lab.changes(winner))))
    return _told(lab.scorecard(winner.scorecard or ""), out, title=winner.title)


def _attempts(lab: Lab, rows: Sequence[CandidateRow]) -> Sequence[Attempt]:
    return Archivist(lab.store, lab.ground.blobs, "").attempts(rows)


def _told(card: Scorecard, out: Output, *, title: str = "") -> int:
    out.write((json.dumps(card.to_json(), indent=1) + "\n").encode())
    if str(out.path) != "-":
        Console().print(Markdown(summary(card, title)))
    return EXIT[card.outcome]


def summary(card: Scorecard, title: str = "") -> str:
    """A scorecard as a person reads it in a terminal."""
    name = card.target.rpartition("::")[2]
    reasons = "\n".join(f"- `{reason.code}` {reason.text}" for reason in card.reasons)
    head = evidence.result(card, name) if card.outcome is Outcome.ACCEPTED else f"**{card.outcome}**"
    parts = [title and f"**{title}**", head, reasons, evidence.benchmark(card), evidence.figures(card)]
    return "\n\n".join(part for part in parts if part)


def _snapshot(lab: Lab, project: Path, target: Target) -> Iteration:
    if not (project / ".git").exists():
        raise BadInput(f"`{project}` is no git checkout; give the folder that holds `.git`")
    name = "local-" + hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:12]
    run = f"{name}-{secrets.token_hex(4)}"
    iteration = Iteration(name, run, run, "", str(target))
    try:
        iteration = lab.ground.fetch(iteration, Origin(str(project.resolve())), HEAD, HEAD, refs=(f"+HEAD:{HEAD}",))
        lab.ground.check_target(iteration)
        settings = lab.ground.project(iteration)
    except Unanswerable as error:
        raise BadInput(str(error)) from error
    except Transient as error:
        if "promisor" in str(error):
            raise BadInput(f"`{project}` is a partial clone, which lacks files of HEAD; clone it without `--filter`") from error
        raise
    repository = lab.ground.repository(iteration.project)
    differing = [name for name in _judged_by(settings, target) if _differs(project / name, repository.read(iteration.sha, name))]
    if differing:
        Console(stderr=True).print(replies.not_committed(differing), style="bold", markup=False, highlight=False, soft_wrap=True)
    lab.store.start_run(id=iteration.run, project_id=0, project_path=str(project), thread={}, requester="", target=str(target))
    lab.store.start_iteration(iteration.id, iteration.run)
    return iteration


def _judged_by(project: Project, target: Target) -> Sequence[str]:
    """Files from which the judge takes more than the function itself."""
    said = project.target_settings(target)
    functions = (said.inputs, said.instance, said.reference, project.objective.score, said.equivalence.check)
    named = [str(each).partition("::")[0] for each in functions if each is not None and "::" in str(each)]
    return [CONFIG, *(name for name in dict.fromkeys(named) if name != target.path)]


def _differs(path: Path, committed: bytes | None) -> bool:
    """Whether a file of the checkout is another one than at HEAD; how its lines end does not count."""
    there = path.read_bytes() if path.is_file() else None
    if there is None or committed is None:
        return there != committed
    return there.replace(b"\r\n", b"\n") != committed.replace(b"\r\n", b"\n")


def _lab(settings: Settings, sandbox: str | None) -> Lab:
    folder = settings.folder()
    tier = choose(sandbox or settings.sandbox, image=settings.docker_image)
    ground = Ground(folder, tier, ca=settings.gitlab_ca, python=settings.python)
    ground.say = Terminal(Console(stderr=True)).say
    lab = Lab(ground, Store.open(folder), agents(settings), limits(settings))
    if settings.otlp_endpoint:
        lab.traced = sender(lab.store, ground.blobs, str(settings.otlp_endpoint))
    return lab


def _target(text: str) -> Target:
    try:
        return Target.parse(text)
    except BadTarget as error:
        raise BadInput(f"--target: {error}") from error


def _read(candidate: Path) -> bytes:
    if str(candidate) == "-":
        return sys.stdin.buffer.read()
    if not candidate.is_file():
        raise BadInput(f"`--candidate {candidate}`: there is no such file; make one with `{_DIFF} > {candidate}`")
    return candidate.read_bytes()


def _known(wanted: Sequence[str], settings: Settings) -> None:
    there = tuple(agents(settings))
    for name in wanted:
        if name not in there:
            raise BadInput(f"`--agent {name}` is not known here; there are: {', '.join(there)}")


def _now(name: str, function: Callable[..., Any], /, *args: Any) -> Any:
    """A step without a record: the command line starts over instead of going on."""
    del name
    return function(*args)
