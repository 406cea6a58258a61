"""One Python file as the map sees it: what it defines, what each definition uses, what it imports. Read, never imported."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.localization.outline import Function, first_line

MOST_USES = 400  # of one definition; generated code can name thousands of things
Kind = Literal["function", "class", "value"]


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a name comes from: `name` of a module, or the module itself; `level` counts the dots before it."""

    module: str
    name: str | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class or module-level value: its lines (decorators included) and the dotted names it uses, in order."""

    kind: Kind
    first: int
    last: int
    uses: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)  # of a class: the type of each attribute that says it
    body: int = 0  # of a class: the line its first method begins at; 0 without one


@dataclass(frozen=True, slots=True)
class Module:
    """A file's definitions by dotted name, its imports by the name they are used under."""

    definitions: Mapping[str, Definition]
    imports: Mapping[str, Imported]
    stars: tuple[Imported, ...] = ()
    head: tuple[int, int] = (0, 0)  # first and last line of the imports at its top level


def summarize(tree: ast.Module) -> Module:
    """What the map needs to know of a parsed file."""
    imports: dict[str, Imported] = {}
    stars: list[Imported] = []
    for node in ast.walk(tree):
        for name, imported in _imported(node):
            if name == "*":
                stars.append(imported)
            else:
                imports.setdefault(name, imported)
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    head = (top[0].lineno, top[-1].end_lineno or top[-1].lineno) if top else (0, 0)
    return Module(dict(_definitions(tree)), imports, tuple(stars), head)


def _imported(node: ast.AST) -> Iterator[tuple[str, Imported]]:
    match node:
        case ast.Import():
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                yield bound, Imported(alias.name if alias.asname else bound)
        case ast.ImportFrom():
            for alias in node.names:
                yield alias.asname or alias.name, Imported(node.module or "", alias.name, node.level)


def _definitions(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    """Top-level names and methods, also those below `if` and `try`; of two definitions the last one holds."""
    waiting: list[tuple[str, ast.stmt]] = [("", node) for node in reversed(tree.body)]
    while waiting:
        prefix, node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + node.name, _function(node, prefix.rstrip("."))
            case ast.ClassDef():
                name = prefix + node.name
                yield name, _class(node)
                waiting.extend((f"{name}.", child) for child in reversed(node.body))
            case ast.Assign() | ast.AnnAssign() if not prefix:
                yield from _values(node)
            case ast.If() | ast.Try() | ast.With():
                waiting.extend((prefix, child) for child in reversed(_statements(node)))


def _statements(node: ast.If | ast.Try | ast.With) -> list[ast.stmt]:
    below = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
    handlers = node.handlers if isinstance(node, ast.Try) else []
    return below + [child for handler in handlers for child in handler.body]


def _function(node: Function, owner: str) -> Definition:
    types, plain = _types(node, owner)
    uses = dict.fromkeys(name for used in _names(node) if (name := _typed(used, types, plain)))
    return Definition("function", first_line(node), node.end_lineno or node.lineno, tuple(uses)[:MOST_USES])


def _types(node: Function, owner: str) -> tuple[dict[str, str], set[str]]:
    """What is known of a function's names: the class each is an instance of, and parameters nothing is known of."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    types = {each.arg: name for each in arguments if (name := _annotated(each.annotation))}
    if owner and node.args.args and node.args.args[0].arg in ("self", "cls"):
        types[node.args.args[0].arg] = owner
    for child in ast.walk(node):
        match child:
            case ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call(func=called)) if made := dotted(called):
                types.setdefault(variable, made)
            case ast.AnnAssign(target=ast.Name(id=variable)) if said := _annotated(child.annotation):
                types.setdefault(variable, said)
    return types, {each.arg for each in arguments} - types.keys()


def _typed(used: str, types: Mapping[str, str], plain: set[str]) -> str:
    """A name as the module would write it; "" for what hangs on an argument of which nothing is known."""
    first, _, rest = used.partition(".")
    if first in types and rest:
        return f"{types[first]}.{rest}"
    return "" if first in plain or first in types else used


def _class(node: ast.ClassDef) -> Definition:
    methods = [each for each in node.body if isinstance(each, Function)]
    outside = [child for child in node.body if not isinstance(child, Function | ast.ClassDef)]
    uses = dict.fromkeys(name for part in [*node.bases, *node.decorator_list, *node.keywords, *outside] for name in _names(part))
    fields = {name: kind for child in node.body for name, kind in _fields(child)}
    return Definition(
        "class",
        first_line(node),
        node.end_lineno or node.lineno,
        tuple(uses)[:MOST_USES],
        tuple(name for base in node.bases if (name := dotted(base))),
        fields,
        first_line(methods[0]) if methods else 0,
    )


def _fields(node: ast.stmt) -> Iterator[tuple[str, str]]:
    """Attributes whose class can be read: `price: Price` in the body, `self.price = Price(...)` in a method."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and (said := _annotated(node.annotation)):
        yield node.target.id, said
    if isinstance(node, Function):
        for child in ast.walk(node):
            match child:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=ast.Call(func=called)):
                    if made := dotted(called):
                        yield name, made


def _values(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[str, Definition]]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    uses = tuple(dict.fromkeys(_names(node.value)))[:MOST_USES] if node.value else ()
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id, Definition("value", node.lineno, node.end_lineno or node.lineno, uses)


def _names(node: ast.AST) -> Iterator[str]:
    """The dotted names below a node, from first to last, annotations in quotes included."""
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if name := dotted(each):
            yield name
            continue
        if isinstance(each, ast.arg | ast.AnnAssign) and (said := _annotated(each.annotation)):
            yield said
        waiting.extend(reversed(list(ast.iter_child_nodes(each))))


def dotted(node: ast.AST) -> str:
    """`a.b.c` as it is written; "" for anything that does not begin with a plain name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def _annotated(node: ast.expr | None) -> str:
    """The class an annotation names, also in quotes; "" for anything more involved."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = node.value.strip()
        return words if all(part.isidentifier() for part in words.split(".")) else ""
    return dotted(node) if node else ""
