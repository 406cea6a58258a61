"""Work inside a loop whose answer is the same in every turn, done once above it."""

import ast

import libcst as cst

from bot.agents.recipes.effects import changed
from bot.agents.recipes.flow import names, suspends
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import (
    Loop,
    Statement,
    code,
    each_block,
    find,
    name_of,
    plain,
    positional,
    subscript,
    swap,
    text_of,
    walk,
    with_lead,
)

_WHOLE = {"sum": "total", "sorted": "ordered", "set": "members", "frozenset": "members", "len": "count"}


def rewrite(scene: Scene) -> Fit:
    found: dict[str, str] = {}

    def change(statements: list[Statement]) -> list[Statement] | None:
        made: list[Statement] = []
        for statement in statements:
            made += _hoisted(statement, scene, found)
        return made

    function = each_block(scene.function, change)
    if not found:
        raise Misfit("no loop repeats a costly step that does not depend on its turn")
    return Fit(function, note="repeated in each turn: " + ", ".join(f"`{each}`" for each in found))


def _hoisted(statement: Statement, scene: Scene, found: dict[str, str]) -> list[Statement]:
    """The statement with what its loop repeats moved above it."""
    repeats = _repeated(statement, scene)
    if not repeats:
        return [statement]
    lines: list[Statement] = []
    for text, node in repeats.items():
        name = scene.fresh(_stem(node), *found.values())
        found[text] = name
        lines += [*_line(name, text)]
        statement = swap(statement, lambda each: cst.Name(name) if _matches(each, text) else None)  # noqa: B023
    return with_lead([*lines, statement.with_changes(leading_lines=[])], statement)


def _line(name: str, text: str) -> list[Statement]:
    line = cst.parse_module(f"{name} = {text}\n").body[0]
    assert isinstance(line, cst.SimpleStatementLine)
    return [line]


def _matches(node: cst.CSTNode, text: str) -> bool:
    return isinstance(node, cst.BaseExpression) and code(node) == text


def _stem(node: cst.BaseExpression) -> str:
    match node:
        case cst.Call(func=cst.Name(value=function), args=[cst.Arg(value=cst.Name(value=name))]):
            return f"{name}_{_WHOLE.get(function, function)}"
        case cst.Call(func=cst.Attribute(attr=cst.Name("compile"))):
            return "pattern"
    place = subscript(node)
    label = text_of(place[1]) if place else None
    return f"{label}_column" if label and label.isidentifier() else "column"


def _repeated(statement: Statement, scene: Scene) -> dict[str, cst.BaseExpression]:
    """Costly steps by text that each turn of this loop (or of the comprehension in this line) does again."""
    bodies = _bodies(statement)
    if not bodies or suspends(statement):
        return {}
    moving = changed(statement, scene)
    found: dict[str, cst.BaseExpression] = {}
    for body in bodies:
        for node in walk(body):
            if isinstance(node, cst.BaseExpression) and _is_costly(node, statement, scene) and not names(node) & moving:
                found.setdefault(code(node), node)
    return found


def _bodies(statement: Statement) -> list[cst.CSTNode]:
    """What is done in each turn without any condition: of a loop, or of a comprehension in a plain line."""
    if isinstance(statement, Loop):
        return [*_certain(statement)]
    if not isinstance(statement, cst.SimpleStatementLine):
        return []
    made = [
        each for each in walk(statement) if isinstance(each, cst.ListComp | cst.SetComp | cst.DictComp) and not each.for_in.ifs
    ]
    return [part for each in made for part in ((each.key, each.value) if isinstance(each, cst.DictComp) else (each.elt,))]


def _certain(loop: Loop) -> list[cst.CSTNode]:
    """The statements of a loop's body up to the first one that may leave the turn."""
    certain: list[cst.CSTNode] = []
    for each in loop.body.body:
        if isinstance(each, cst.If):
            certain.append(each.test)
        elif isinstance(each, cst.For):
            certain.append(each.iter)
            certain += [each] if not _leaves(each) else []
        elif isinstance(each, cst.SimpleStatementLine):
            certain.append(each)
        if _leaves(each):
            break
    return certain


def _leaves(node: cst.CSTNode) -> bool:
    kinds = (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.Try)
    return any(isinstance(each, kinds) for each in ast.walk(plain(node)))


def _is_costly(node: cst.BaseExpression, statement: Statement, scene: Scene) -> bool:
    match node:
        case cst.Call(
            func=cst.Name("sum" | "sorted" | "set" | "frozenset" as function),
            args=[cst.Arg(value=cst.Name(value=name), keyword=None, star="")],
        ):
            known = function not in scene.functions and name in _sized(scene)
            return known and (function in ("sum", "frozenset") or _is_only_read(node, statement))
        case cst.Call(func=cst.Name("min" | "max"), args=[cst.Arg(value=cst.Name(value=name), keyword=None, star="")]):
            return name in _sized(scene) and _goes_through(statement, name)
        case cst.Call(func=func, args=[cst.Arg(value=pattern), *_]) if scene.means(func, "re.compile"):
            return text_of(pattern) is not None and positional(node) is not None
    place = subscript(node)
    return (
        place is not None and text_of(place[1]) is not None and name_of(place[0]) in _frames(scene) and _is_read(node, statement)
    )


def _is_only_read(node: cst.BaseExpression, statement: Statement) -> bool:
    """A fresh set or list may be shared where nobody keeps or changes it: beside `in`, or gone through."""
    text = code(node)
    for each in walk(statement):
        match each:
            case cst.Comparison(comparisons=[cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=other)]) if (
                code(other) == text
            ):
                return True
            case cst.For(iter=other) if code(other) == text:
                return True
    return False


def _is_read(node: cst.BaseExpression, statement: Statement) -> bool:
    """Whether the column is only looked at: `frame["a"].iloc[i]`, never stored into or handed on."""
    text = code(node)
    owners = sum(isinstance(each, cst.Attribute) and code(each.value) == text for each in walk(statement))
    return owners == sum(_matches(each, text) for each in walk(statement))


def _sized(scene: Scene) -> set[str]:
    """Variables that hold a list, tuple or the like, as far as annotations and assignments tell."""
    found = set()
    for each in (*scene.function.params.params, *scene.function.params.kwonly_params):
        if each.annotation is not None and code(each.annotation.annotation).startswith(
            ("list", "List", "tuple", "Sequence", "set", "dict")
        ):
            found.add(each.name.value)
    for line in find(scene.function, cst.Assign):
        match line:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=cst.List() | cst.ListComp()):
                found.add(name)
            case cst.Assign(
                targets=[cst.AssignTarget(target=cst.Name(value=name))], value=cst.Call(func=cst.Name("list" | "sorted"))
            ):
                found.add(name)
    return found


def _goes_through(statement: Statement, name: str) -> bool:
    """A loop over these very values has a turn only when there is one: then their extreme exists, too."""
    iterables = [each.iter for each in find(statement, cst.For)[:1]] + [each.iter for each in find(statement, cst.CompFor)[:1]]
    return bool(iterables) and code(iterables[0]) in (name, f"range(len({name}))", f"enumerate({name})")


def _frames(scene: Scene) -> set[str]:
    """Variables that are used as only a frame can be."""
    found = set()
    for node in walk(scene.function):
        match node:
            case cst.Attribute(value=cst.Name(value=name), attr=cst.Name("iloc" | "loc" | "columns" | "iterrows" | "shape")):
                found.add(name)
            case cst.Attribute(
                value=cst.Subscript(value=cst.Name(value=name)), attr=cst.Name("iloc" | "iat" | "to_numpy" | "values")
            ):
                found.add(name)
    return found


RECIPE = Recipe(
    name="hoist",
    title="Do once what a loop repeats",
    mechanism="What does not depend on the turn of a loop is computed once above it instead of in every turn.",
    precondition="Every turn certainly evaluates a sum, an extreme, a sorted copy, a set, a compiled pattern or a frame's"
    " column that nothing in the loop changes.",
    rewrite=rewrite,
    aliases=("invariant", "column-lookup", "loop-invariant"),
)
