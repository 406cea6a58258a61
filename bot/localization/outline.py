"""The functions a tree offers as targets, read from its source; nothing of it is imported or run."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import islice
from pathlib import Path

from bot.localization.source import Unreadable, content, files, parsed
from evaluation.target import Target

MOST_FILES = 5000
MOST_SUGGESTIONS = 3
_CLOSE = 0.6  # from here on two names are similar enough to have been meant

_WEIGHT = 0.7  # of the name; the rest is the file's
_LOOKED = 40  # files parsed to suggest a name

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Outline:
    """Every function of the tree, file by file, and each Python file that could not be read with the reason."""

    targets: tuple[Target, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The lines of a target, decorators included."""

    target: Target
    first: int
    last: int


def functions(tree: Path, within: str = "", most: int = MOST_FILES) -> Outline:
    """All functions and methods of the tree's Python files (those within a folder, or one); nested functions are no targets."""
    targets: list[Target] = []
    skipped: list[str] = []
    wanted = (path for path in files(tree) if not within or path == within or path.startswith(f"{within}/"))
    for count, path in enumerate(wanted):
        if count == most:
            skipped.append(f"everything after {most} files")
            break
        try:
            targets.extend(Target(path, name) for name, _ in _defined(parsed(content(tree, path))))
        except Unreadable as error:
            skipped.append(f"{path}: {error}")
    return Outline(tuple(targets), tuple(skipped))


def exists(target: Target, tree: Path) -> bool:
    """Whether the tree defines exactly this function; of Cython's, which Python can't parse, whether it has one of that name."""
    if not target.path.endswith(".pyx"):
        return _find(target, tree) is not None
    last = re.escape(target.name.rpartition(".")[2].encode())
    try:
        return (
            re.search(rb"^\s*(?:def|cpdef)\b[^#\n]*\b" + last + rb"\s*\(", content(tree, target.path), re.MULTILINE) is not None
        )
    except Unreadable:
        return False


def signature(target: Target, tree: Path) -> str | None:
    """How the function is called, as in its `def` line; None if it does not exist."""
    found = _find(target, tree)
    if found is None:
        return None
    try:
        returns = f" -> {ast.unparse(found.returns)}" if found.returns else ""
        return f"{found.name}({ast.unparse(found.args)}){returns}"
    except RecursionError:
        return f"{found.name}(...)"  # a default value that nests too deep to be written


def enclosing(path: str, line: int, tree: Path) -> Target | None:
    """The target whose body holds a line of a file; None where there is none."""
    return at(line, spans(path, tree))


def spans(path: str, tree: Path) -> tuple[Span, ...]:
    """Where the targets of a file stand; none for a file that cannot be read."""
    try:
        defined = list(_defined(parsed(content(tree, path))))
    except Unreadable:
        return ()
    return tuple(Span(Target(path, name), first_line(node), node.end_lineno or node.lineno) for name, node in defined)


def at(line: int, spans: Iterable[Span]) -> Target | None:
    """The target among these that holds a line."""
    return next((span.target for span in spans if span.first <= line <= span.last), None)


def nearest(target: Target, tree: Path) -> tuple[Target, ...]:
    """What may have been meant by a target that does not exist, the likeliest first; empty if nothing comes close."""
    scored = ((_likeness(target, span.target), span.target) for path in _likely(target, tree) for span in spans(path, tree))
    close = sorted((entry for entry in scored if entry[0] >= _CLOSE), key=lambda entry: (-entry[0], str(entry[1])))
    return tuple(other for _, other in close[:MOST_SUGGESTIONS])


def _likely(target: Target, tree: Path) -> list[str]:
    """The files worth parsing for a name: reading thousands for what follows a `def` is quick, parsing them is not."""
    best: list[tuple[float, str]] = []
    names: dict[str, float] = {}
    wanted = target.name.rpartition(".")[2]
    for path in islice(files(tree), MOST_FILES):
        declared = _declared(tree, path)
        names.update((name, _ratio(wanted, name)) for name in declared if name not in names)
        if declared:
            best.append((_WEIGHT * max(names[name] for name in declared) + (1 - _WEIGHT) * _ratio(target.path, path), path))
    return [path for score, path in nlargest(_LOOKED, best) if score >= _CLOSE]


def _declared(tree: Path, path: str) -> set[str]:
    """Names that follow a `def` in a file, whether it parses or not."""
    try:
        lines = content(tree, path).splitlines()
    except Unreadable:
        return set()
    said = (line.strip().removeprefix(b"async ").lstrip() for line in lines if b"def " in line)
    return {word[4:].partition(b"(")[0].strip().decode("utf-8", "replace") for word in said if word.startswith(b"def ")}


def _likeness(wanted: Target, other: Target) -> float:
    """The name counts for more than the file: people know what they want, and forget where it lies."""
    name = _ratio(wanted.name.rpartition(".")[2], other.name.rpartition(".")[2])
    return _WEIGHT * name + (1 - _WEIGHT) * _ratio(wanted.path, other.path)


def _ratio(left: str, right: str) -> float:
    if left == right:
        return 1.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _CLOSE / 2 else 0.0


def _find(target: Target, tree: Path) -> Function | None:
    try:
        defined = dict(_defined(parsed(content(tree, target.path))))  # of two definitions the last one holds
    except Unreadable:
        return None
    return defined.get(target.name)


def first_line(function: Function | ast.ClassDef) -> int:
    """Where a definition begins, and its code object says so, too: at its first decorator."""
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def _defined(module: ast.Module) -> Iterator[tuple[str, Function]]:
    """The functions of a module and of its classes with their dotted names, also those below `if` and `try`."""
    waiting: list[tuple[str, ast.AST]] = [("", module)]  # no recursion: foreign code may nest as deep as it likes
    while waiting:
        prefix, node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + node.name, node
            case ast.ClassDef():
                waiting.extend(_children(node, f"{prefix}{node.name}."))
            case ast.Module() | ast.If() | ast.Try() | ast.With() | ast.ExceptHandler():
                waiting.extend(_children(node, prefix))


def _children(node: ast.AST, prefix: str) -> list[tuple[str, ast.AST]]:
    return [(prefix, child) for child in ast.iter_child_nodes(node)][::-1]
