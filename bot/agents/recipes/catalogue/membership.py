"""`in` on a list that a loop asks again and again, as `in` on a set."""

from collections.abc import Iterator

import libcst as cst

from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import is_pure, occurrences, suspends
from bot.agents.recipes.hashable import hashable, hashable_items
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.splice import Change, repeating, spliced
from bot.agents.recipes.syntax import (
    Function,
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
    small,
    swap,
    with_lead,
)


def rewrite(scene: Scene) -> Fit:
    notes: list[str] = []

    def change(statements: list[Statement]) -> list[Statement] | None:
        made: list[Statement] = []
        for statement in statements:
            made += _with_seen(statement, made, scene, notes) or [statement]
        return made

    function = each_block(_with_sets(scene, notes), change)
    if not notes:
        raise Misfit("no loop looks things up in a list of values that are surely hashable")
    return Fit(function, note="; ".join(notes))


def _asked(node: cst.CSTNode) -> list[tuple[cst.BaseExpression, str]]:
    """What is looked for in which variable, for each `x in name` and `x not in name`."""
    found = []
    for each in find(node, cst.Comparison):
        match each:
            case cst.Comparison(
                left=left, comparisons=[cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=name))]
            ):
                found.append((left, name))
    return found


def _with_sets(scene: Scene, notes: list[str]) -> Function:
    """Lists that a loop leaves alone: a set of their items is made above it, above the outermost such loop."""
    above: dict[cst.CSTNode, list[Statement]] = {}
    changes: dict[cst.CSTNode, Change] = {}
    fast: dict[str, str] = {}
    for statement in _outer_first(scene.function):
        for name, places in _steady(statement, scene).items():
            if not changes.keys() & set(places):
                notes.append(f"`in {name}` asked in a loop")
                fast.setdefault(name, scene.fresh(f"{name}_set", *fast.values()))
                above.setdefault(statement, []).extend(block(f"{fast[name]} = set({name})"))
                changes |= dict.fromkeys(places, _named(fast[name]))
    return spliced(scene.function, above, changes)


def _outer_first(node: cst.CSTNode) -> Iterator[Statement]:
    for statement in repeating(node):
        yield statement
        yield from _outer_first(statement)


def _steady(statement: Statement, scene: Scene) -> dict[str, list[cst.CSTNode]]:
    """Lists of hashables that the statement asks and leaves alone, and where it asks them."""
    found: dict[str, list[cst.CSTNode]] = {}
    if suspends(statement):
        return found
    moving = changed(statement, scene)
    for name in dict.fromkeys(name for _, name in _asked(statement)):
        items = hashable_items(name, scene)
        if name not in moving and items and all(hashable(left, scene) for left, other in _asked(statement) if other == name):
            found[name] = [each.comparisons[0].comparator for each in find(statement, cst.Comparison) if _asks(each, name)]
    return found


def _asks(node: cst.Comparison, name: str) -> bool:
    match node.comparisons:
        case [cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=asked))]:
            return asked == name
    return False


def _named(name: str) -> Change:
    return lambda node: node.with_changes(value=name)


def _asking(statement: Statement, name: str, fast: str) -> Statement:
    """The statement asking the set instead of the list."""

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        match node:
            case cst.Comparison(
                comparisons=[cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=asked)) as target]
            ):
                if asked == name:
                    return node.with_changes(comparisons=[target.with_changes(comparator=cst.Name(fast))])
        return None

    return swap(statement, change)


def _with_seen(statement: Statement, before: list[Statement], scene: Scene, notes: list[str]) -> list[Statement] | None:
    """A list that starts empty above the loop and grows in it: a set grows beside it."""
    if not isinstance(statement, Loop) or suspends(statement):
        return None
    for name in dict.fromkeys(name for _, name in _asked(statement)):
        grows = [each for each in find(statement, cst.SimpleStatementLine) if _added(each, name) is not None]
        uses = len(grows) + sum(other == name for _, other in _asked(statement))
        starts = any(_starts_empty(each, name) for each in before[-4:])
        kinds = [left for left, other in _asked(statement) if other == name] + [_added(each, name) for each in grows]
        once = all(is_pure(item, dict(scene.imports)) for each in grows if (item := _added(each, name)) is not None)
        whole = starts and grows and once and uses == occurrences(statement, name)
        if whole and all(each and hashable(each, scene) for each in kinds):
            fast = scene.fresh(f"{name}_set")
            notes.append(f"`in {name}` asked while the list grows")
            growing = _asking(statement, name, fast).visit(_Beside(name, fast))
            assert isinstance(growing, Statement)
            return with_lead([*block(f"{fast} = set()"), growing.with_changes(leading_lines=[])], statement)
    return None


def _starts_empty(statement: Statement, name: str) -> bool:
    match assignment(statement):
        case (other, cst.List(elements=[])):
            return other == name
    return False


def _added(statement: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    match small(statement):
        case cst.Expr(value=value):
            match method(value, "append"):
                case (receiver, [item]) if name_of(receiver) == name:
                    return item
    return None


class _Beside(cst.CSTTransformer):
    """Adds to the set wherever something is appended to the list."""

    def __init__(self, name: str, fast: str) -> None:
        super().__init__()
        self.name = name
        self.fast = fast

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.FlattenSentinel:  # type: ignore[override,type-arg]
        item = _added(original, self.name)
        if item is None or not isinstance(updated, cst.SimpleStatementLine):
            return updated
        beside = cst.SimpleStatementLine([cst.Expr(expr(f"{self.fast}.add({code(item)})"))])
        return cst.FlattenSentinel([updated, beside])


RECIPE = Recipe(
    name="membership",
    title="Look up members in a set instead of a list",
    mechanism="A set finds a member in constant time, where a list compares one element after the other.",
    precondition="A loop asks `x in items` of a list that it does not change, or only appends to; items and `x` are"
    " surely hashable.",
    rewrite=rewrite,
    aliases=("set", "list-membership"),
)
