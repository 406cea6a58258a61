"""Parallel lists that serve as a map (`keys.index(key)`), with a dict of positions beside the list of keys."""

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from bot.agents.recipes.flow import is_pure, occurrences, suspends
from bot.agents.recipes.hashable import hashable
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.splice import appended
from bot.agents.recipes.syntax import (
    Loop,
    Statement,
    assignment,
    block,
    code,
    each_block,
    expr,
    find,
    method,
    name_of,
    swap,
    walk,
    with_lead,
)

POSITIONS = '''class _Positions(dict):
    """Where each value stands in a list; a value that is not there is missed as `list.index` misses it."""

    def __missing__(self, value):
        raise ValueError(f"{value!r} is not in list")
'''


@dataclass(frozen=True, slots=True)
class _Keys:
    """A list that starts empty and only grows by `append`; what is asked of it in the loop, and what is put into it."""

    name: str
    asked: tuple[cst.BaseExpression, ...]
    added: tuple[cst.BaseExpression, ...]
    mentions: int


def rewrite(scene: Scene) -> Fit:
    found: list[str] = []

    def change(statements: list[Statement]) -> list[Statement] | None:
        for position, statement in enumerate(statements):
            if isinstance(statement, Loop) and (name := _keys(statement, statements[:position], scene)) is not None:
                found.append(name)
                made = with_lead(_with_positions(statement, name, scene), statement)
                return [*statements[:position], *made, *statements[position + 1 :]]
        return None

    function = each_block(scene.function, change)
    if not found:
        raise Misfit("no list that only grows is searched with `.index` for values that are surely hashable")
    return Fit(function, companions=(POSITIONS,), note=", ".join(f"`{name}.index(...)` while the list grows" for name in found))


def _keys(loop: Loop, before: Sequence[Statement], scene: Scene) -> str | None:
    if suspends(loop):
        return None
    for name in dict.fromkeys(name for each in walk(loop) if (name := _indexed(each)) is not None):
        keys = _read(loop, name)
        whole = (
            keys.mentions == occurrences(loop, name)
            and keys.added
            and all(is_pure(each, dict(scene.imports)) for each in keys.added)
        )
        if whole and _starts_empty(name, before) and all(hashable(each, scene) for each in (*keys.asked, *keys.added)):
            return name
    return None


def _indexed(node: cst.CSTNode) -> str | None:
    found = method(node, "index")
    return name_of(found[0]) if found is not None and len(found[1]) == 1 else None


def _read(loop: Loop, name: str) -> _Keys:
    asked: list[cst.BaseExpression] = []
    added: list[cst.BaseExpression] = []
    mentions = 0
    for each in walk(loop):
        if isinstance(each, cst.Comparison) and (left := _looked_for(each, name)) is not None:
            asked.append(left)
        elif isinstance(each, cst.Call) and _indexed(each) == name:
            asked.append(each.args[0].value)
        elif isinstance(each, cst.SimpleStatementLine) and (item := appended(each, name)) is not None:
            added.append(item)
        elif not _is_length(each, name):
            continue
        mentions += 1
    return _Keys(name, tuple(asked), tuple(added), mentions)


def _looked_for(node: cst.Comparison, name: str) -> cst.BaseExpression | None:
    match node.comparisons:
        case [cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=asked))] if asked == name:
            return node.left
    return None


def _is_length(node: cst.CSTNode, name: str) -> bool:
    match node:
        case cst.Call(func=cst.Name("len"), args=[cst.Arg(value=cst.Name(value=measured))]):
            return measured == name
    return False


def _starts_empty(name: str, before: Sequence[Statement]) -> bool:
    """Set to `[]` in the same block above the loop, and not mentioned in between."""
    for statement in reversed(before):
        match assignment(statement):
            case (other, cst.List(elements=[])) if other == name:
                return True
        if any(each.value == name for each in find(statement, cst.Name)):
            return False
    return False


def _with_positions(loop: Loop, name: str, scene: Scene) -> list[Statement]:
    positions = scene.fresh(f"{name}_positions")

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        if isinstance(node, cst.Comparison) and _looked_for(node, name) is not None:
            target = node.comparisons[0].with_changes(comparator=cst.Name(positions))
            return node.with_changes(comparisons=[target])
        if isinstance(node, cst.Call) and _indexed(node) == name:
            return expr(f"{positions}[{code(node.args[0].value)}]")
        return None

    changed_loop = swap(loop, change).visit(_Beside(name, positions))
    assert isinstance(changed_loop, cst.For | cst.While)
    return [*block(f"{positions} = _Positions()"), changed_loop.with_changes(leading_lines=[])]


class _Beside(cst.CSTTransformer):
    """Notes the position of whatever is appended to the list; the first one of equal items counts, as it does for `.index`."""

    def __init__(self, name: str, positions: str) -> None:
        super().__init__()
        self.name = name
        self.positions = positions

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.FlattenSentinel:  # type: ignore[override,type-arg]
        item = appended(original, self.name)
        if item is None or not isinstance(updated, cst.SimpleStatementLine):
            return updated
        lines = block(f"{self.positions}.setdefault({code(item)}, len({self.name}))")
        return cst.FlattenSentinel(with_lead([*lines, updated.with_changes(leading_lines=[])], updated))


RECIPE = Recipe(
    name="positions",
    title="Remember where each key stands instead of searching the list for it",
    mechanism="`key in keys` and `keys.index(key)` compare the key with one element after the other, twice; a dict of positions"
    " knows at once.",
    precondition="A loop searches a list, empty before it, that only grows by `append` meanwhile; what is searched and added is"
    " surely hashable.",
    rewrite=rewrite,
    aliases=("parallel-lists", "list-index"),
)
