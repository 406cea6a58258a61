"""Loops within loops: which inner loops go through the same things again for every turn of an outer one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import names
from bot.agents.recipes.guards import Guarded, guarded
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import Loop, Statement, assignment, body_of, code, find


@dataclass(frozen=True, slots=True)
class Nest:
    """A `for` that starts over in each turn of an outer loop, and what is known of it."""

    outer: Loop
    inner: cst.For
    item: frozenset[str]  # variables of the inner loop's target
    moving: frozenset[str]  # variables that turns of the inner loop may change
    outer_moving: frozenset[str]  # variables that turns of the outer loop may change
    guarded: Guarded

    def steady(self, node: cst.CSTNode) -> bool:
        """The same for all turns of the inner loop."""
        return not names(node) & self.moving

    def fixed(self, node: cst.CSTNode) -> bool:
        """The same for all turns of the outer loop."""
        return not names(node) & self.outer_moving

    def of_item(self, node: cst.CSTNode) -> bool:
        """A property of the item alone: the same whenever one asks."""
        used = names(node)
        return bool(used & self.item) and not (used - self.item) & (self.outer_moving | self.moving)


def nests(scene: Scene, also_lookups: bool = False) -> Iterator[Nest]:
    """Inner `for` loops over what no turn of the outermost loop around them changes; or over a bucket of such a thing."""
    for outer in scene.function.body.body:
        for around in _outermost(outer):
            for inner in find(around.body, cst.For):
                if inner.orelse is None and (nest := _nest(around, inner, scene, also_lookups)) is not None:
                    yield nest


def _outermost(statement: cst.CSTNode) -> list[Loop]:
    if isinstance(statement, cst.For | cst.While):
        return [statement]
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return []
    return [loop for each in statement.children for loop in _outermost(each)]


def _nest(outer: Loop, inner: cst.For, scene: Scene, also_lookups: bool) -> Nest | None:
    outer_moving = changed(outer.body, scene) | (names(outer.target) if isinstance(outer, cst.For) else set())
    source = _bucket(inner.iter) if also_lookups else None
    if names(source or inner.iter) & outer_moving:
        return None
    item = names(inner.target)
    moving = changed(inner.body, scene) | item

    def only_here(name: str) -> bool:
        return _mentions(scene.function, name) == _mentions(inner, name)

    parts = guarded(body_of(inner), scene.imports, only_here)
    return Nest(outer, inner, frozenset(item), frozenset(moving), frozenset(outer_moving), parts)


def _bucket(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The dict in `dict.get(key, ())`."""
    match node:
        case cst.Call(
            func=cst.Attribute(value=cst.Name() as source, attr=cst.Name("get")), args=[_, cst.Arg(value=cst.Tuple(elements=[]))]
        ):
            return source
    return None


def _mentions(node: cst.CSTNode, name: str) -> int:
    return sum(each.value == name for each in find(node, cst.Name))


def sorted_by(nest: Nest, key: cst.BaseExpression, scene: Scene) -> bool:
    """Whether the code itself sorts, ascending, what the inner loop goes through by this key of its items."""
    wanted = next((code(each) for each in find(key, cst.SimpleString)), code(key))
    stem = re.sub(r"_(by_key|cells|rows)(_\d+)?$", "", bare(nest.inner.iter))
    values = [pair[1] for each in find(scene.function, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == stem]
    return len(values) == 1 and _sorts_by(code(values[0]), wanted)


def _sorts_by(text: str, wanted: str) -> bool:
    plain_sort = re.search(rf"\.sort_values\(\s*(?:by=)?\[?{re.escape(wanted)}\]?\s*[,)]", text)
    key_sort = re.search(rf"\bsorted\(.*key=.*\[{re.escape(wanted)}\]\s*\)", text)
    return bool(plain_sort or key_sort) and "ascending" not in text and "reverse" not in text


class Rebuild(cst.CSTTransformer):
    """Puts statements above the outer loop and another iterable into the inner one."""

    def __init__(self, nest: Nest, above: list[Statement], iterable: cst.BaseExpression) -> None:
        super().__init__()
        self.nest = nest
        self.above = above
        self.iterable = iterable

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.FlattenSentinel:  # type: ignore[override,type-arg]
        if original is self.nest.inner and isinstance(updated, cst.For):
            updated = updated.with_changes(iter=self.iterable)
        if original is self.nest.outer and isinstance(updated, cst.For | cst.While):
            lead = updated.leading_lines
            first = self.above[0].with_changes(leading_lines=lead)
            return cst.FlattenSentinel([first, *self.above[1:], updated.with_changes(leading_lines=[])])
        return updated


def rebuilt(function: cst.FunctionDef, nest: Nest, above: list[Statement], iterable: cst.BaseExpression) -> cst.FunctionDef:
    changed_function = function.visit(Rebuild(nest, above, iterable))
    assert isinstance(changed_function, cst.FunctionDef)
    return changed_function


def bare(node: cst.BaseExpression) -> str:
    """The last word of what is gone through, as a stem for names: `quotes` of `self.quotes`, `frame` of `range(len(frame))`."""
    node = _bucket(node) or node
    words = [
        each.value
        for each in find(node, cst.Name)
        if each.value not in ("range", "len", "list", "enumerate", "zip", "iterrows", "get")
    ]
    return words[-1] if words else "items"


def target_text(loop: cst.For) -> str:
    return code(loop.target)
