"""Which names of a file mean something of its own where they stand, although a builtin or an import has the same name.

Only what can't mean those counts: parameters and other names bound in an enclosing function (unless it imports them itself),
and, inside functions, what the module defines unconditionally. Walks without recursion, since a file may nest as deep as it
likes.
"""

import ast
from collections.abc import Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Work = tuple[ast.AST, frozenset[str]]  # a node still to look at, and the names that are its own there


def own(tree: ast.Module) -> frozenset[int]:
    """The ids of all name nodes that stand for something of the file's own."""
    defined = frozenset(node.name for node in tree.body if isinstance(node, _NAMED)) - _unbound(tree)
    found: set[int] = set()
    todo: list[_Work] = [(tree, frozenset())]
    while todo:
        node, names = todo.pop()
        if isinstance(node, ast.Name) and node.id in names:
            found.add(id(node))
        todo.extend(_inside(node, names, defined))
    return frozenset(found)


def _inside(node: ast.AST, names: frozenset[str], defined: frozenset[str]) -> Iterator[_Work]:
    """What a node holds, each with the names that are its own there."""
    if isinstance(node, _FUNCTIONS):
        body = node.body if isinstance(node.body, list) else [node.body]
        inner = (names | defined | _parameters(node.args) | _bound(body)) - _elsewhere(body) - _handed(node.args)
        yield from ((each, inner) for each in body)
        yield from ((each, names) for each in _around(node))
    elif isinstance(node, _COMPREHENSIONS):
        inner = names | _bound([generator.target for generator in node.generators])
        first = node.generators[0].iter
        yield first, names
        yield from ((each, inner) for each in _comprehended(node) if each is not first)
    else:
        yield from ((each, names) for each in ast.iter_child_nodes(node))


def _around(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[ast.AST]:
    """What is evaluated where a function is defined: decorators, defaults, annotations."""
    yield node.args
    if not isinstance(node, ast.Lambda):
        yield from node.decorator_list
        yield from [node.returns] if node.returns else []


def _comprehended(node: ast.AST) -> Iterator[ast.AST]:
    for each in ast.iter_child_nodes(node):
        yield from ast.iter_child_nodes(each) if isinstance(each, ast.comprehension) else [each]


def _parameters(arguments: ast.arguments) -> frozenset[str]:
    extra = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return frozenset(each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra))


def _handed(arguments: ast.arguments) -> frozenset[str]:
    """Parameters that stand for what the module knows by some name, unless a caller gives something else: `f(x, time=time)`."""
    given = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(given), reversed(arguments.defaults), strict=False)]
    pairs += [(each, value) for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value is not None]
    return frozenset(each.arg for each, value in pairs if isinstance(value, ast.Name | ast.Attribute))


def _bound(body: list[ast.stmt] | list[ast.expr]) -> frozenset[str]:
    """What some statements bind in the scope that they stand in."""
    return frozenset(name for node in _of_scope(body) for name in _binds(node))


def _elsewhere(body: list[ast.stmt] | list[ast.expr]) -> frozenset[str]:
    """What some statements declare to be the module's, or import."""
    declared = {name for node in _of_scope(body) if isinstance(node, ast.Global) for name in node.names}
    imports = [node for node in _of_scope(body) if isinstance(node, ast.Import | ast.ImportFrom)]
    return frozenset(declared | {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names})


def _of_scope(body: list[ast.stmt] | list[ast.expr]) -> Iterator[ast.AST]:
    """All nodes of one scope, with the definitions in it but nothing of their insides."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, (*_NAMED, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
        yield node.name


def _unbound(tree: ast.Module) -> frozenset[str]:
    """Names that some statement deletes, so that the builtin is back."""
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del))
