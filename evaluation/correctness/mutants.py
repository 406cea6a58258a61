"""Mutants of a function: its module with one small mistake each, to see whether the inputs would notice.

Pure, and the same for the same seed. No mutant has the syntax tree of the original or of another one.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from evaluation.correctness.operators import Change, changes

MOST = 14
FEW = 8  # changes that a function offers by itself; with fewer, the functions it calls are changed, too
_SHOWN = 40  # characters of a piece of code in a description
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_QUIET = frozenset({"print", "debug", "info", "warning", "warn", "error", "exception", "log"})  # words, not behaviour


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong version: the whole module's text, and what is wrong in it."""

    text: str  # line 12: `a < b` became `a <= b`
    source: str


@dataclass(frozen=True, slots=True)
class _Site:
    """One possible change: the node (by its place in a walk over the module) and what would stand there."""

    kind: str
    line: int
    at: int
    change: ast.AST | None
    text: str


def make(source: str, name: str, *, seed: int = 0, most: int = MOST) -> list[Mutant]:
    """Up to `most` mutants of the function with this dotted name, of as many kinds as there are; none where it isn't found."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    function = _find(tree, name)
    if function is None:
        return []
    sites = _sites(tree, [function])
    if len(sites) < FEW:
        sites = _sites(tree, [function, *_called(tree, function)])
    return _distinct(source, tree, _varied(sites, Random(seed)), most)


def _find(tree: ast.Module, name: str) -> _Function | None:
    """The last definition wins, as it does when the module is run."""
    body: Sequence[ast.stmt] = tree.body
    *outer, last = name.split(".")
    for part in outer:
        owner = next((node for node in reversed(body) if isinstance(node, ast.ClassDef) and node.name == part), None)
        if owner is None:
            return None
        body = owner.body
    return next((node for node in reversed(body) if isinstance(node, _Function) and node.name == last), None)


def _called(tree: ast.Module, function: _Function) -> list[_Function]:
    """Functions of the same module, and methods of its classes, whose names the function calls."""
    words = {
        getattr(node.func, "id", getattr(node.func, "attr", "")) for node in ast.walk(function) if isinstance(node, ast.Call)
    }
    there = [node for node in ast.walk(tree) if isinstance(node, _Function) and node is not function]
    return [node for node in there if node.name in words]


def _sites(tree: ast.Module, functions: Sequence[_Function]) -> list[_Site]:
    places = {id(node): at for at, node in enumerate(ast.walk(tree))}
    return [
        _Site(kind, getattr(node, "lineno", 0), places[id(node)], change, _told(node, change))
        for function in functions
        for statement in function.body
        for node in _reached(statement)
        for kind, change in _changes(node)
    ]


def _changes(node: ast.AST) -> Iterator[Change]:
    before = ast.dump(node)
    for kind, change in changes(node):
        if change is None or ast.dump(change) != before:
            yield kind, change


def _reached(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, without what only says something: messages, annotations, docstrings."""
    if _is_talk(node):
        return
    yield node
    if isinstance(node, ast.Raise):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args") and isinstance(node, _Function | ast.AnnAssign):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(node, ast.FormattedValue | ast.JoinedStr):
                yield from _reached(child)


def _is_talk(node: ast.AST) -> bool:
    """A docstring, or a call that prints or logs."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) in _QUIET
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _varied(sites: Sequence[_Site], random: Random) -> Iterator[_Site]:
    """A site of each kind in turn, and within a kind on lines that were not changed yet first."""
    kinds: dict[str, list[_Site]] = {}
    for site in random.sample(sites, len(sites)):
        kinds.setdefault(site.kind, []).append(site)
    lines: dict[int, int] = {}
    while kinds:
        for kind in list(kinds):
            site = min(kinds[kind], key=lambda one: lines.get(one.line, 0))
            lines[site.line] = lines.get(site.line, 0) + 1
            kinds[kind].remove(site)
            if not kinds[kind]:
                del kinds[kind]
            yield site


def _distinct(source: str, tree: ast.Module, sites: Iterator[_Site], most: int) -> list[Mutant]:
    found: list[Mutant] = []
    seen = {ast.dump(tree)}
    for site in sites:
        if len(found) == most:
            break
        text = _changed(source, site)
        form = None if text is None else _form(text)
        if text is not None and form is not None and form not in seen:
            seen.add(form)
            found.append(Mutant(site.text, text))
    return found


def _form(text: str) -> str | None:
    """The syntax tree of a text, by which two are the same; None where it is no program."""
    try:
        compile(text, "<mutant>", "exec", dont_inherit=True)
        return ast.dump(ast.parse(text))
    except (SyntaxError, ValueError):
        return None


def _changed(source: str, site: _Site) -> str | None:
    tree = ast.parse(source)
    place = list(ast.walk(tree))[site.at]
    new = ast.Pass() if site.change is None else site.change
    try:
        return ast.unparse(ast.fix_missing_locations(_Swap(place, new).visit(tree)))
    except (ValueError, TypeError, AttributeError):  # a form that can't be written down, e.g. within an f-string
        return None


class _Swap(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """The new node where the old one stood."""
        return self._new if node is self._old else super().generic_visit(node)


def _told(node: ast.AST, change: ast.AST | None) -> str:
    line = f"line {getattr(node, 'lineno', 0) or _line_inside(node)}"
    before = _short(node)
    if change is None:
        return f"{line}: `{before}` left out"
    after = _short(change)
    if isinstance(node, ast.For) and after == before:
        return f"{line}: `{before}` ends after one round"
    if after == before:  # the difference lies beyond what is shown
        return f"{line}: `{before}` changed further inside"
    return f"{line}: `{before}` became `{after}`"


def _line_inside(node: ast.AST) -> int:
    """Parts of a comprehension or a slice have no line of their own."""
    return next((each.lineno for each in ast.walk(node) if isinstance(each, ast.expr | ast.stmt)), 0)


def _short(node: ast.AST) -> str:
    """Its first line; enough to find it."""
    text = ast.unparse(ast.fix_missing_locations(node)).strip().splitlines()[0].replace("`", "'")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
