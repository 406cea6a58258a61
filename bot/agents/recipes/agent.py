"""The agent that needs no model: it looks for known slow shapes and proposes the rewrites that fit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.agents.contract import Draft, Emit, Ended, Event, Task
from bot.agents.recipes import cook
from bot.agents.recipes.composer import choose, combinations, digest
from bot.agents.recipes.cook import Dish, Unreadable
from bot.agents.recipes.registry import CATALOGUE
from bot.agents.recipes.scene import Misfit, Recipe
from bot.editor.scope import Scope


@dataclass(frozen=True, slots=True)
class Recipes:
    """Proposes rewrites from the catalogue, alone and together. Deterministic: the same task gives the same drafts."""

    catalogue: Sequence[Recipe] = CATALOGUE
    name: str = "recipes"

    def preflight(self) -> str | None:
        return None

    def propose(self, task: Task, tree: Path, emit: Emit) -> Ended:
        emit(Event("started", f"Looking through {len(self.catalogue)} recipes for `{task.target}`."))
        ended = self._proposed(task, tree, emit)
        emit(Event("ended", ended.detail, {"reason": ended.reason, "drafts": len(ended.drafts)}))
        return ended

    def _proposed(self, task: Task, tree: Path, emit: Emit) -> Ended:
        if not editable(task.target.path, task):
            return Ended("nothing", detail=f"`{task.target.path}` may not be edited here")
        try:
            dish = cook.read(_bytes(tree, task.target.path), task.target.name, task.environment)
        except Unreadable as error:
            return Ended("nothing", detail=f"`{task.target}`: {error}")
        fitting = self._fitting(task, dish, emit)
        drafts = list(_drafts(task, dish, fitting, emit))
        if not drafts:
            return Ended("nothing", detail="No recipe fits that was not tried before.")
        return Ended("completed", tuple(drafts), f"{len(drafts)} drafts from {len(fitting)} fitting recipes.")

    def _fitting(self, task: Task, dish: Dish, emit: Emit) -> list[Recipe]:
        choice = choose(self.catalogue, task.lessons, task.tried)
        for name, reason in choice.barred.items():
            emit(Event("reasoning", f"`{name}` is left out: {reason}.", {"recipe": name, "fits": False}))
        return [recipe for recipe in choice.allowed if _fits(recipe, dish, emit)]


def editable(path: str, task: Task) -> bool:
    """Whether the project lets us change this file."""
    return Scope(task.editable, task.fenced).refusal(path) is None


def _bytes(tree: Path, path: str) -> bytes:
    """The file's content. Raises Unreadable for a missing one and for a link that leads out of the tree."""
    place = (tree / PurePosixPath(path)).resolve()
    if not place.is_relative_to(tree.resolve()) or not place.is_file():
        raise Unreadable("there is no such file")
    return place.read_bytes()


def _fits(recipe: Recipe, dish: Dish, emit: Emit) -> bool:
    try:
        cooked = cook.add(recipe, dish)
    except Misfit as misfit:
        emit(Event("reasoning", f"`{recipe.name}` does not fit: {misfit}.", {"recipe": recipe.name, "fits": False}))
        return False
    text = f"`{recipe.name}` fits {cooked.notes[-1]}. {recipe.mechanism}"
    emit(Event("reasoning", text, {"recipe": recipe.name, "fits": True}))
    return True


def _drafts(task: Task, dish: Dish, fitting: Sequence[Recipe], emit: Emit) -> Iterator[Draft]:
    """Up to as many drafts as are wanted, each with new content."""
    by_name = {recipe.name: recipe for recipe in fitting}
    seen = {attempt.digest for attempt in task.tried}
    for names in combinations(list(by_name)):
        cooked = together([by_name[name] for name in names], dish)
        files = {task.target.path: cooked.source}
        if not cooked.ingredients or (mark := digest(files)) in seen:
            continue
        seen.add(mark)
        draft = _draft(cooked, by_name, files)
        emit(Event("message", f"Draft: {draft.title}", {"ingredients": list(draft.ingredients), "digest": mark}))
        yield draft
        if len(seen) - len({attempt.digest for attempt in task.tried}) >= task.drafts:
            return


def together(recipes: Sequence[Recipe], dish: Dish) -> Dish:
    """One after the other; what no longer fits after the earlier ones is left out."""
    for recipe in recipes:
        try:
            dish = cook.add(recipe, dish)
        except Misfit:
            continue
    return dish


def _draft(dish: Dish, known: dict[str, Recipe], files: dict[str, bytes]) -> Draft:
    used = [known[name] for name in dish.ingredients]
    why = [f"{recipe.mechanism} (`{recipe.name}`, in {note})" for recipe, note in zip(used, dish.notes, strict=True)]
    rationale = why[0] if len(why) == 1 else "\n".join(f"- {each}" for each in why)
    return Draft(_title(used), rationale, dict(files), dish.ingredients)


def _title(used: Sequence[Recipe]) -> str:
    """Names one or two; of more it says how many."""
    first, *more = (recipe.title for recipe in used)
    if len(more) == 1:
        return f"{first}, and {more[0][0].lower()}{more[0][1:]}"
    return f"{first}, and {len(more)} more" if more else first
