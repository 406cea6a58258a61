"""Which recipes go together: all that fit, then single ones, then pairs; nothing twice, nothing that was ruled out."""

import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.agents.contract import Attempt, Lessons
from bot.agents.recipes.scene import Recipe

_BROKEN = ("equivalence", "tests", "guard")


@dataclass(frozen=True, slots=True)
class Choice:
    """The recipes that may be used, best first, and those that may not, with the reason."""

    allowed: tuple[Recipe, ...]
    barred: Mapping[str, str]


def digest(files: Mapping[str, bytes | None]) -> str:
    """A name for the content of the changed files."""
    whole = hashlib.sha256()
    for path, content in sorted(files.items()):
        for part in (path.encode(), b"-" if content is None else b"+" + content):
            whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def called(recipe: Recipe, words: Sequence[str]) -> bool:
    """Whether one of these words names the recipe, by its name or an alias."""
    known = {recipe.name, *recipe.aliases}
    return any(word.strip().strip("`").casefold().replace("_", "-") in known for word in words)


def choose(catalogue: Sequence[Recipe], lessons: Lessons, tried: Sequence[Attempt]) -> Choice:
    """Sort out what reviewers don't want and what broke the behaviour on its own; what they prefer comes first."""
    barred: dict[str, str] = {}
    for recipe in catalogue:
        if called(recipe, lessons.avoid):
            barred[recipe.name] = "a reviewer asked to avoid it"
        elif (reason := _broke(recipe.name, tried)) is not None:
            barred[recipe.name] = f"on its own it was rejected: {reason}"
    allowed = [recipe for recipe in catalogue if recipe.name not in barred]
    allowed.sort(key=lambda recipe: not called(recipe, lessons.prefer))
    return Choice(tuple(allowed), barred)


def _broke(name: str, tried: Sequence[Attempt]) -> str | None:
    alone = [each for each in tried if each.ingredients == (name,) and each.outcome == "rejected"]
    return next((reason for each in alone for reason in each.reasons if reason.startswith(_BROKEN)), None)


def combinations(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All together, then each on its own, then all but one, then pairs; each set once."""
    whole = tuple(names)
    ways = itertools.chain(
        [whole],
        ((name,) for name in whole),
        (tuple(each for each in whole if each != left) for left in reversed(whole)),
        itertools.combinations(whole, 2),
    )
    return (each for each in dict.fromkeys(ways) if each)
