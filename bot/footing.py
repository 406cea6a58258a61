"""What a later iteration stands on where people have pushed to our branch: their commits stay, what is measured is our change.

Where our own change can be taken out from under theirs, what is left is the base: agents start there, and everything is
measured against it. Where people have rewritten our very lines, agents go on from what they wrote, and it is measured against
the base that was there before, with only those of their files in it that no candidate may touch (tests, settings).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.ground import Ground
from bot.iteration import Iteration
from evaluation.fence import editable
from sandbox.git import GitError, Repository

_NOBODY = "nobody@localhost"  # the author of a commit that never leaves this host


def footing(ground: Ground, iteration: Iteration, ours: Sequence[str], head: str, created: float) -> Iteration:
    """The iteration as it stands on `head`; `ours` are the commits that we pushed, oldest first, its base is the run's.

    The same arguments give the same commits, so that a repeated step finds what is there.
    """
    try:
        return replace(iteration, sha=_below(ground.repository(iteration.project), iteration.sha, ours, head, created))
    except GitError:  # they rewrote our lines, or the history
        return replace(iteration, sha=with_theirs(ground, iteration, head, created), start=head)


def _below(repository: Repository, base: str, ours: Sequence[str], head: str, created: float) -> str:
    """What the branch would be without our change, but with all that people pushed. Raises GitError where nobody can tell."""
    before = ours[0]
    for each in (*ours[1:], *([] if head in ours else [head])):
        stood = repository.resolve(f"{each}^") if each in ours else each
        if stood != before:  # people were here
            base = taken_out(repository, stood, repository.diff(before, base), created)
        before = each
    return base


def taken_out(repository: Repository, sha: str, undo: bytes, created: float) -> str:
    """A commit, here only: `sha` without our change. Raises GitError where `undo` does not fit any more."""
    return _made(repository, sha, repository.apply(sha, undo), created) if undo else sha


def with_theirs(ground: Ground, iteration: Iteration, head: str, created: float) -> str:
    """A commit, here only: the base with those files of `head` in it that no candidate may touch."""
    repository, project = ground.repository(iteration.project), ground.project(iteration)
    patch = repository.diff(iteration.sha, head)
    changed = repository.apply(iteration.sha, patch) if patch else {}
    kept = {path: content for path, content in changed.items() if not editable(path, project)}
    return _made(repository, iteration.sha, kept, created) if kept else iteration.sha


def _made(repository: Repository, parent: str, changes: Mapping[str, bytes | None], created: float) -> str:
    when = datetime.fromtimestamp(int(created), UTC)
    return repository.commit(parent, changes, message="Without it", author_name="hasten", author_email=_NOBODY, date=when)
