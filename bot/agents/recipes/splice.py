"""Put statements above what repeats, and other expressions into it; and which statements those are."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import libcst as cst

from bot.agents.recipes.effects import changed, parameters
from bot.agents.recipes.flow import suspends
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import Function, Loop, Statement, assignment, body_of, name_of, small, walk, with_lead

Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
Change = Callable[[cst.BaseExpression], cst.BaseExpression]
Part = Callable[[cst.CSTNode], bool]

_NO_CODE_OF_THIS_BLOCK = (cst.FunctionDef, cst.ClassDef)


def repeating(around: cst.CSTNode) -> Iterator[Statement]:
    """The outermost statements of a function or loop that run some code again and again: loops, and lines with comprehensions."""
    for statement in body_of(around):
        yield from _outermost(statement)


def _outermost(statement: cst.CSTNode) -> Iterator[Statement]:
    if isinstance(statement, Loop):
        yield statement
    elif isinstance(statement, cst.SimpleStatementLine):
        if any(isinstance(each, Comprehension) for each in walk(statement)):
            yield statement
    elif not isinstance(statement, _NO_CODE_OF_THIS_BLOCK):
        for child in statement.children:
            yield from _outermost(child)


def repeated(statement: Statement) -> Iterator[cst.CSTNode]:
    """What runs again and again when the statement runs once: not what a loop goes through, nor inner functions."""
    if isinstance(statement, cst.For):
        yield from walk(statement.body)
    elif isinstance(statement, cst.While):
        yield from walk(statement)
    else:
        for each in walk(statement):
            if isinstance(each, Comprehension):
                yield from _repeated_in(each)


def _repeated_in(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """All of a comprehension but the iterable of its first `for`."""
    assert isinstance(node, Comprehension)
    first = node.for_in.iter
    skipped = set(walk(first))
    yield from (each for each in walk(node) if each not in skipped)


def settled(name: str, statement: Statement, scene: Scene, *, apart_from: Part | None = None) -> bool:
    """Whether the variable surely has its value above the statement and keeps it, unchanged inside, while the statement runs.

    `apart_from` knows expressions that may be arguments of anything without giving the variable's object away.
    """
    if suspends(statement) or _has_another_name(name, scene.function):
        return False
    rest = statement if apart_from is None else without_arguments(statement, apart_from)
    if name in changed(rest, scene):
        return False
    return name in parameters(scene.function) or _assigned_above(name, statement, scene.function)


class _Withheld(cst.CSTTransformer):
    def __init__(self, part: Part) -> None:
        super().__init__()
        self.part = part

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        if isinstance(updated, cst.Arg) and isinstance(original, cst.Arg) and self.part(original.value):
            return updated.with_changes(value=cst.Name("None"))
        return updated


def without_arguments(statement: Statement, part: Part) -> Statement:
    """The statement with None in place of such arguments: to see what it changes otherwise."""
    withheld = statement.visit(_Withheld(part))
    assert isinstance(withheld, Statement)
    return withheld


def _assigned_above(name: str, statement: Statement, around: cst.CSTNode) -> bool:
    above: list[cst.CSTNode] = []
    for each in body_of(around):
        if any(inner is statement for inner in walk(each)):
            known = any((pair := assignment(one)) is not None and pair[0] == name for one in above)
            return known or any(_assigned_above(name, statement, inner) for inner in walk(each) if body_of(inner))
        above.append(each)
    return False


def _has_another_name(name: str, function: Function) -> bool:
    """Whether `other = name` makes changes by way of another variable possible."""
    for each in walk(function):
        match each:
            case cst.Assign(value=cst.Name(value=value)) | cst.NamedExpr(value=cst.Name(value=value)) if value == name:
                return True
            case cst.Global(names=names) | cst.Nonlocal(names=names) if any(item.name.value == name for item in names):
                return True
    return False


class _Splice(cst.CSTTransformer):
    def __init__(self, above: Mapping[cst.CSTNode, Sequence[Statement]], changes: Mapping[cst.CSTNode, Change]) -> None:
        super().__init__()
        self.above = above
        self.changes = changes

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode | cst.FlattenSentinel:  # type: ignore[override,type-arg]
        if (change := self.changes.get(original)) is not None:
            assert isinstance(updated, cst.BaseExpression)
            return change(updated)
        if lines := self.above.get(original):
            rest = updated.with_changes(leading_lines=[])
            return cst.FlattenSentinel(with_lead([*lines, rest], updated))  # type: ignore[list-item]
        return updated


def spliced(
    function: Function, above: Mapping[cst.CSTNode, Sequence[Statement]], changes: Mapping[cst.CSTNode, Change]
) -> Function:
    """The function with these statements above those, and with these (of its own) expressions changed."""
    changed_function = function.visit(_Splice(above, changes))
    assert isinstance(changed_function, cst.FunctionDef)
    return changed_function


def appended(statement: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    """The item of `name.append(item)`."""
    match small(statement):
        case cst.Expr(
            value=cst.Call(
                func=cst.Attribute(value=receiver, attr=cst.Name("append")), args=[cst.Arg(value=item, keyword=None, star="")]
            )
        ):
            return item if name_of(receiver) == name else None
    return None
