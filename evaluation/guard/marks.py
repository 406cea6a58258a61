"""What a Python file does that is worth a second look, found in its syntax tree: a set of marks, each a reason code and words.

Marks of the base commit's file are subtracted from those of the candidate's, so nobody is blamed for what was there before.
Aliases are followed (`import time as t`), names made at run time are not: those are marks of their own.
"""

import ast
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from evaluation.guard import scopes, suspects

NEAR = 40  # nodes of an expression that are looked at for one question
Mark = tuple[str, str]  # (reason code, what was found)


class Unparsable(ValueError):
    """The text is no Python that we can parse."""


def of(source: bytes) -> frozenset[Mark]:
    """All marks of a file. Raises Unparsable."""
    tree = parse(source)
    names = _Names(tree)
    found: set[Mark] = set()
    for node in ast.walk(tree):
        found.update(_imports(node))
        found.update(_uses(node, names))
        found.update(_opens(node, names))
        found.update(_asks_where(node))
        found.update(_replacements(node, names))
        found.update(_lies(node))
    return frozenset(found) | frozenset(_memos(tree))


def parse(source: bytes) -> ast.Module:
    """Its syntax tree, without a word about its literals. Raises Unparsable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Unparsable(str(error)) from error


@dataclass(slots=True)
class _Names:
    """What names stand for, as far as imports say."""

    known: dict[str, str]
    modules: frozenset[str]  # first parts of what is imported
    own: frozenset[int]  # the ids of nodes whose name means something of the file's own
    marked: frozenset[str]  # first parts of what was a mark to import

    def __init__(self, tree: ast.Module) -> None:
        self.known = {}
        self.own = scopes.own(tree)
        told = [text for node in ast.walk(tree) for _, text in _imports(node)]
        self.marked = frozenset(text.removeprefix("imports ").partition(".")[0] for text in told)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.partition(".")[0]
                    self.known[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self.known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        self.modules = frozenset(name.partition(".")[0] for name in self.known.values())

    def dotted(self, node: ast.AST) -> str | None:
        """The dotted name that an expression leads to, through imports and `getattr` with a literal."""
        parts: list[str] = []
        while True:
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Call) and _is_getattr(node):
                parts.append(str(node.args[1].value))  # type: ignore[attr-defined]
                node = node.args[0]
            else:
                break
        if not isinstance(node, ast.Name) or (id(node) in self.own and node.id not in self.known):
            return None
        return ".".join([self.known.get(node.id, node.id), *reversed(parts)]).removeprefix("builtins.")

    def is_module(self, node: ast.AST) -> bool:
        """Whether an expression is an imported name, so that assigning to its attributes changes it for everybody.

        A local variable of the same name is none: `copy = frame.sort_values("a"); copy.index = days`.
        """
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id in self.known and id(node) not in self.own


def _is_getattr(node: ast.Call) -> bool:
    plain = isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) >= 2
    return plain and isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, str)


def _imports(node: ast.AST) -> Iterator[Mark]:
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        modules = [node.module]
        if all(f"{node.module}.{alias.name}" in suspects.HARMLESS for alias in node.names):
            return
    else:
        return
    for module in modules:
        code = suspects.MODULES.get(module.partition(".")[0])
        if code and module not in suspects.HARMLESS:
            yield code, f"imports {module}"


def _uses(node: ast.AST, names: _Names) -> Iterator[Mark]:
    if isinstance(node, ast.Attribute | ast.Name | ast.Call) and not _is_bound(node):
        parts = (names.dotted(node) or "").split(".")
        for length in (1, 2):
            code = suspects.USES.get(".".join(parts[:length]))
            if code:
                yield code, f"uses {'.'.join(parts[:length])}"
        yield from _reached(parts, names)
    if isinstance(node, ast.Attribute) and node.attr in suspects.FRAME_ATTRIBUTES:
        yield "guard.frame", f"reads .{node.attr}"
    if isinstance(node, ast.Attribute) and node.attr in suspects.FILE_METHODS:
        yield "guard.files", f"calls .{node.attr}"


def _opens(node: ast.AST, names: _Names) -> Iterator[Mark]:
    """Calls of a method `open` with a mode, or of a path's own; a shop or a valve has such a method, too."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "open":
        return
    modes = [*node.args, *(each.value for each in node.keywords if each.arg == "mode")]
    told = any(isinstance(each, ast.Constant) and suspects.MODES.fullmatch(str(each.value)) for each in modes)
    owner = node.func.value
    if told or (isinstance(owner, ast.Call) and (names.dotted(owner.func) or "").endswith("Path")):
        yield "guard.files", "calls .open"


def _asks_where(node: ast.AST) -> Iterator[Mark]:
    """Decisions by where a file lies; that data is looked for beside it is common, and no decision."""
    asked: Sequence[ast.AST] = ()
    if isinstance(node, ast.Compare):
        asked = (node.left, *node.comparators)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in suspects.ASKING:
        asked = (node.func.value, *node.args)
    near = (part for each in asked for part in islice(ast.walk(each), NEAR))
    if any(_name(part) in suspects.PLACES for part in near):
        yield "guard.environment", "asks where a file of code lies"


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_bound(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)


def _reached(parts: list[str], names: "_Names") -> Iterator[Mark]:
    """Modules got at through another one that happens to have imported them: `logging.threading`, `random._os.environ`.

    Only through modules of the standard library: in others, such a name is mostly a module of theirs (`scipy.signal`).
    """
    root = parts[0]
    if root not in sys.stdlib_module_names or root in names.marked or root not in names.modules:
        return
    start = 1
    if root in suspects.MODULES and len(parts) > 1:  # imported for a part that only computes
        if ".".join(parts[:2]) not in suspects.HARMLESS:
            yield suspects.MODULES[root], f"reaches {'.'.join(parts)}"
        start = 2
    for at in range(start, len(parts)):
        module, further = parts[at].lstrip("_") or parts[at], parts[at + 1 : at + 2]
        code = suspects.USES.get(".".join([module, *further])) if further else None
        if module in suspects.MODULES:
            code, further = suspects.MODULES[module], []
        if module == "import_module":
            code, further = "guard.dynamic-code", []
        if code:
            yield code, f"reaches {'.'.join([*parts[: at + 1], *further])}"


def _replacements(node: ast.AST, names: _Names) -> Iterator[Mark]:
    """Assignments to what belongs to another module."""
    for target in _targets(node):
        if isinstance(target, ast.Attribute) and names.is_module(target.value):
            yield _replaced(names.dotted(target.value) or "?", target.attr)
        if isinstance(target, ast.Subscript) and names.is_module(target.value):
            yield "guard.cache", f"writes into {names.dotted(target.value)}"
        if isinstance(target, ast.Name) and target.id == "__builtins__":
            yield "guard.identity", "replaces builtins"
    if isinstance(node, ast.Call) and names.dotted(node.func) in ("setattr", "delattr") and node.args:
        owner = node.args[0]
        if names.is_module(owner):
            yield _replaced(names.dotted(owner) or "?", "(by name)")


def _replaced(owner: str, name: str) -> Mark:
    return ("guard.timer" if owner.partition(".")[0] in suspects.CLOCKS else "guard.identity"), f"replaces {owner}.{name}"


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [
            each for target in node.targets for each in (target.elts if isinstance(target, ast.Tuple | ast.List) else [target])
        ]
    if isinstance(node, ast.AugAssign | ast.AnnAssign):
        return [node.target]
    return list(node.targets) if isinstance(node, ast.Delete) else []


def _lies(node: ast.AST) -> Iterator[Mark]:
    """Classes that answer for what they are not."""
    if not isinstance(node, ast.ClassDef):
        return
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and member.name in suspects.PICKLING:
            yield "guard.identity", f"class {node.name} defines {member.name}"
        if isinstance(member, ast.FunctionDef) and member.name in ("__eq__", "__ne__") and not _looks_at_other(member):
            yield "guard.identity", f"class {node.name} is equal to anything"


def _looks_at_other(function: ast.FunctionDef) -> bool:
    others = {argument.arg for argument in function.args.args[1:]}
    return any(isinstance(node, ast.Name) and node.id in others for node in ast.walk(function))


def _memos(tree: ast.Module) -> Iterator[Mark]:
    """Containers that live as long as the module, or a default argument, and are written to inside functions."""
    shared = {name.id for node in tree.body for name in _targets(node) if isinstance(name, ast.Name)}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        defaults = [*function.args.defaults, *(each for each in function.args.kw_defaults if each is not None)]
        if any(isinstance(default, ast.Dict | ast.List | ast.Set) for default in defaults):
            yield "guard.cache", f"{function.name} keeps something in a default argument"
        for node in ast.walk(function):
            for name in _written(node):
                if name in shared:
                    yield "guard.cache", f"{function.name} writes to {name}, which lives as long as its module"
            if isinstance(node, ast.Global):
                yield "guard.cache", f"{function.name} sets global {', '.join(node.names)}"


def _written(node: ast.AST) -> Iterator[str]:
    for target in _targets(node):
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            yield target.value.id
    call = node.func if isinstance(node, ast.Call) else None
    if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Name) and call.attr in suspects.WRITING:
        yield call.value.id
