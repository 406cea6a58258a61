"""What a command without a target is about: the function at a line of a diff, or the functions that a merge request touches."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from bot.ending import Unanswerable
from bot.ground import Ground
from bot.iteration import Iteration
from bot.localization import outline
from bot.report import replies
from bot.request import Request, Spot
from evaluation.fence import editable
from evaluation.project import Project
from sandbox.git import GitError

Ranked = tuple[tuple[str, float], ...]  # functions with their share of the time
Choose = Callable[[str, Sequence[str]], str | None]  # (somebody's words, names): the name that is meant
MOST_CHOICES = 30
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(?P<line>\d+)(?:,\d+)? @@")
_MOST_LINES = 3_000  # of a diff that are looked at
_ALIKE = 0.75  # from here on a word of a hint and a part of a function's name are the same


def at_what(ground: Ground, iteration: Iteration, request: Request, beside: str) -> Iteration:
    """With a target, or the functions to choose from; `beside` is the branch that a merge request goes to."""
    if iteration.target:
        return iteration if "::" in iteration.target else within(ground, iteration)
    if request.at is not None:
        return at(ground, iteration, request.at)
    return touched(ground, iteration, beside) if request.thread.kind == "merge_request" else iteration


def at(ground: Ground, iteration: Iteration, spot: Spot) -> Iteration:
    """With the function at a line of a diff as the target. Raises Unanswerable where there is none (any more)."""
    try:
        there = ground.tree(replace(iteration, sha=ground.repository(iteration.project).resolve(spot.sha)))
    except GitError:
        there = ground.tree(iteration)  # the version that was commented on is gone
    target = outline.enclosing(spot.path, spot.line, there)
    if target is None or not outline.exists(target, ground.tree(iteration)):
        raise Unanswerable(replies.no_function_here(spot.path, spot.line))
    return replace(iteration, target=str(target))


def within(ground: Ground, iteration: Iteration) -> Iteration:
    """About the functions of a file or a folder, which is what the target names. Raises Unanswerable where there are none."""
    path, tree, project = iteration.target.rstrip("/"), ground.tree(iteration), ground.project(replace(iteration, target=""))
    inside = outline.functions(tree, path).targets  # only these are parsed: a project may have thousands of files
    names = tuple(str(each) for each in inside if _open(each.path, project))
    if inside and not names:
        raise Unanswerable(replies.nothing_to_optimize())
    return replace(iteration, target="", among=names) if names else iteration  # what is wrong with it is said by its check


def touched(ground: Ground, iteration: Iteration, into: str) -> Iteration:
    """About the functions that lead from branch `into` to the iteration's commit. Raises Unanswerable where there are none."""
    repository = ground.repository(iteration.project)
    try:
        start = repository.fork_point(repository.resolve(into), iteration.sha)
    except GitError as error:
        raise Unanswerable(replies.nothing_touched()) from error
    patch, tree = repository.diff(start, iteration.sha).decode("utf-8", "replace"), ground.tree(iteration)
    found = (outline.enclosing(path, line, tree) for path, line in _lines(patch) if path.endswith(".py"))
    project = ground.project(iteration)
    names = tuple(dict.fromkeys(str(target) for target in found if target and _open(target.path, project)))
    if not names:
        raise Unanswerable(replies.nothing_touched())
    return replace(iteration, target=names[0]) if len(names) == 1 else replace(iteration, among=names)


def order(iteration: Iteration, found: Sequence[tuple[str, float]]) -> Ranked:
    """The profile's functions that the iteration is about, those first that the hint names; then those it never saw run."""
    about = [each for each in found if not iteration.among or each[0] in iteration.among]
    unseen = [(name, 0.0) for name in iteration.among if name not in dict(about)]
    words = re.findall(r"[a-z]{4,}", iteration.hint.lower())[:40]
    return tuple(sorted([*about, *unseen], key=lambda each: not _named(each[0], words)))


def chosen(iteration: Iteration, ranked: Ranked, choose: Choose | None) -> Ranked:
    """With the function in front that the hint is about, as somebody says who understands it."""
    if choose is None or not iteration.hint or len(ranked) < 2:
        return ranked
    name = choose(iteration.hint, [each for each, _ in ranked[:MOST_CHOICES]])
    return tuple(sorted(ranked, key=lambda each: each[0] != name)) if name else ranked


def _open(path: str, project: Project) -> bool:
    """Whether a candidate may write there, and people would want it to."""
    name = path.rpartition("/")[2]
    return editable(path, project) and not (name.startswith("test_") or name.endswith("_test.py") or "tests/" in path)


def _named(target: str, words: Sequence[str]) -> bool:
    parts = [part for part in re.split(r"[^a-z]+", target.rpartition("::")[2].lower()) if len(part) > 2]
    return any(_alike(word, part) for word in words for part in parts)


def _alike(word: str, part: str) -> bool:
    return word.startswith(part) or SequenceMatcher(None, word, part).ratio() >= _ALIKE


def _lines(patch: str) -> Iterator[tuple[str, int]]:
    """(path, line) of what a patch adds, and of what follows after something it removes."""
    path, line, inside = "", 0, False
    for text in patch.splitlines()[:_MOST_LINES]:
        if text.startswith("diff "):
            inside = False
        elif not inside and text.startswith("+++ b/"):
            path = text[6:]
        elif hunk := _HUNK.match(text):
            line, inside = int(hunk["line"]), True
        elif inside and text[:1] in ("+", "-"):
            yield path, line
            line += text[0] == "+"
        elif inside:
            line += 1
