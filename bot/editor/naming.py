"""Local variables called by their order, scope by scope: two names become one only where they mean one variable."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True)
class _Scope:
    """What its variables are called from now on; a class does not lend its own to the functions in it."""

    names: dict[str, str]
    above: "_Scope | None" = None
    lends: bool = True

    def called(self, name: str) -> str:
        """The new name of what `name` means here."""
        if name in self.names:
            return self.names[name]
        above = self.above
        while above and not above.lends:
            above = above.above
        return above.called(name) if above else name


def renamed(tree: ast.AST) -> ast.AST:
    """The tree itself, renamed. Parameters keep their names, callers may use them; so does what is bound by more than a name."""
    _Renaming().visit(tree, _Scope({}))
    return tree


class _Renaming:
    """Numbers go on from scope to scope, so that no two variables get the same."""

    def __init__(self) -> None:
        self._numbers = count()

    def visit(self, node: ast.AST, scope: _Scope) -> None:
        """Rename in one node and all below it."""
        match node:
            case ast.Name():
                node.id = scope.called(node.id)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._visit(_around(node), scope)
                body = _body(node)
                self._visit(body, _Scope(self._variables(node, body), scope))
            case ast.ClassDef():
                self._visit(_around(node), scope)
                self._visit(node.body, _Scope({name: name for name, _ in _all_bound(node.body)}, scope, lends=False))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                first, *rest = _parts(node)
                self.visit(first, scope)  # made before the comprehension begins
                self._visit(rest, _Scope(self._targets(node), scope))
            case _:
                self._visit(ast.iter_child_nodes(node), scope)

    def _visit(self, nodes: Iterator[ast.AST] | list[ast.AST] | list[ast.stmt], scope: _Scope) -> None:
        for each in nodes:
            self.visit(each, scope)

    def _variables(self, function: Function, body: list[ast.AST]) -> dict[str, str]:
        bound = list(_all_bound(body))
        kept = {name for name, plain in bound if not plain} | {each.arg for each in _arguments(function.args)}
        kept |= {name for each in ast.walk(function) if isinstance(each, ast.Nonlocal) for name in each.names}
        fresh = dict.fromkeys(name for name, _ in bound if name not in kept)
        return {**{name: name for name in kept}, **{name: self._fresh() for name in fresh}}

    def _targets(self, node: _Comprehension) -> dict[str, str]:
        names = (each.id for made in node.generators for each in ast.walk(made.target) if isinstance(each, ast.Name))
        return {name: self._fresh() for name in dict.fromkeys(names)}

    def _fresh(self) -> str:
        return f"#{next(self._numbers)}"  # no name that anybody could have written


def _all_bound(nodes: list[ast.stmt] | list[ast.AST]) -> Iterator[tuple[str, bool]]:
    return chain.from_iterable(_bound(each) for each in nodes)


def _bound(node: ast.AST, *, comprehended: bool = False) -> Iterator[tuple[str, bool]]:
    """The names a node binds in its own scope, from first to last, and whether plainly: by a name that is stored to."""
    below = list(ast.iter_child_nodes(node))
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()) if not comprehended:
            yield node.id, True
        case ast.NamedExpr():
            yield node.target.id, True
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name, False
            below = list(_around(node))
        case ast.Lambda():
            below = list(_around(node))
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            comprehended = True
        case ast.Import() | ast.ImportFrom():
            yield from (((each.asname or each.name).partition(".")[0], False) for each in node.names)
        case ast.Global() | ast.Nonlocal():
            yield from ((name, False) for name in node.names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, False
        case ast.MatchMapping(rest=str(name)):
            yield name, False
    for each in below:
        yield from _bound(each, comprehended=comprehended)


def _around(node: Function | ast.ClassDef) -> Iterator[ast.AST]:
    """What of a definition belongs to the scope around it: decorators, defaults, bases."""
    inside = node.body if isinstance(node.body, list) else [node.body]
    return (each for each in ast.iter_child_nodes(node) if each not in inside)


def _body(node: Function) -> list[ast.AST]:
    return [*node.body] if isinstance(node.body, list) else [node.body]


def _parts(node: _Comprehension) -> Iterator[ast.AST]:
    """A comprehension's parts, first what its first loop goes through."""
    yield node.generators[0].iter
    for number, made in enumerate(node.generators):
        yield from (made.target, *([made.iter] if number else []), *made.ifs)
    yield from (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)


def _arguments(given: ast.arguments) -> list[ast.arg]:
    stars = [each for each in (given.vararg, given.kwarg) if each]
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *stars]
