"""Replacing one function, class or method by name: its lines are found on the syntax tree, everything around them stays."""

import ast
import re
import textwrap
from collections.abc import Iterator

from bot.editor.document import Document
from bot.editor.edits import Splice, Symbol
from bot.editor.refusal import Refusal
from bot.editor.syntax import parsed

_LINE_END = re.compile(r"\r\n|\r|\n")
_MARGIN = re.compile(r"[ \t]*")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def replace_symbol(document: Document, request: Symbol) -> Splice | Refusal:
    """The splice that gives `request.name` its new definition. Decorators stay unless the new source brings its own."""
    tree = parsed(document.text)
    if isinstance(tree, SyntaxError):
        return Refusal("symbol", request.path, f"the file does not parse (line {tree.lineno}); use search and replace")
    old = _only(list(_called(tree.body, request.name.split("."))), request, tree)
    if isinstance(old, Refusal):
        return old
    source = textwrap.dedent(request.source.replace("\r\n", "\n")).strip("\n")
    new = _defined(source, request)
    if isinstance(new, Refusal):
        return new
    start, end = _lines(document.text, _first_line(old, with_decorators=bool(new.decorator_list)), old.end_lineno or old.lineno)
    margin = _MARGIN.match(document.text, start)
    return Splice(start, end, document.styled(_indented(source, margin[0] if margin else "")))


def _only(found: list[Definition], request: Symbol, tree: ast.Module) -> Definition | Refusal:
    if len(found) == 1:
        return found[0]
    if found:
        lines = ", ".join(str(each.lineno) for each in found)
        text = f"`{request.name}` is defined {len(found)} times (lines {lines}); change it by search and replace"
        return Refusal("symbol", request.path, text)
    known = ", ".join(f"`{name}`" for name in list(_all(tree.body))[:30])
    return Refusal("symbol", request.path, f"there is no function or class `{request.name}`; there are: {known or 'none'}")


def _called(body: list[ast.stmt], names: list[str]) -> Iterator[Definition]:
    """Every definition of that dotted name, also those under `if` and `try`."""
    for node in _statements(body):
        if isinstance(node, Definition) and node.name == names[0]:
            if len(names) == 1:
                yield node
            else:
                yield from _called(node.body, names[1:])


def _all(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for node in _statements(body):
        if isinstance(node, Definition):
            yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from _all(node.body, f"{prefix}{node.name}.")


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            yield from _statements([child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)])
            handlers = node.handlers if isinstance(node, ast.Try) else []
            for handler in handlers:
                yield from _statements(handler.body)


def _defined(source: str, request: Symbol) -> Definition | Refusal:
    tree = parsed(source)
    if isinstance(tree, SyntaxError):
        return Refusal("syntax", request.path, f"`source` does not parse: {tree.msg} (its line {tree.lineno})")
    name = request.name.rpartition(".")[2]
    if len(tree.body) == 1 and isinstance(node := tree.body[0], Definition) and node.name == name:
        return node
    return Refusal("symbol", request.path, f"`source` must be one definition of `{name}` and nothing else")


def _first_line(node: Definition, *, with_decorators: bool) -> int:
    decorators = [each.lineno for each in node.decorator_list] if with_decorators else []
    return min([node.lineno, *decorators])


def _lines(text: str, first: int, last: int) -> tuple[int, int]:
    """Where line `first` begins and line `last` ends."""
    ends = list(_LINE_END.finditer(text))
    start = 0 if first == 1 else ends[first - 2].end()
    return start, ends[last - 1].start() if last <= len(ends) else len(text)


def _indented(source: str, margin: str) -> str:
    """Every line moved right, except those inside a string that is data (a docstring moves along)."""
    inside = _string_lines(source) if margin else set()
    lines = source.split("\n")
    return "\n".join(line if number in inside or not line.strip() else margin + line for number, line in enumerate(lines, 1))


def _string_lines(source: str) -> set[int]:
    tree = ast.parse(source)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) or _text(node))
    return {
        number
        for node in strings
        if id(node) not in documentation and isinstance(node, ast.expr)
        for number in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }


def _text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
