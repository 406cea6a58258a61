"""Words for reading and writing Python syntax trees; knows nothing of recipes."""

import ast
import dataclasses
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import libcst as cst

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
Function = cst.FunctionDef
Loop = cst.For | cst.While

Node = TypeVar("Node", bound=cst.CSTNode)

_BLANK = cst.Module([])


@functools.lru_cache(maxsize=1 << 14)
def code(node: cst.CSTNode) -> str:
    """The node as text, without the indentation of where it stands; of an annotation, the type."""
    return _BLANK.code_for_node(node.annotation if isinstance(node, cst.Annotation) else node)


def expr(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text)


def block(text: str) -> list[Statement]:
    """Statements from a template; they take over newline style and indentation of the module they are put into."""
    return [statement for statement in cst.parse_module(text).body if isinstance(statement, Statement)]


def plain(node: cst.CSTNode) -> ast.Module:
    """The same code as a tree of the standard library."""
    text = "".join(code(each) for each in node.body) if isinstance(node, cst.IndentedBlock) else code(node)
    return _parsed(f"({text}\n)" if isinstance(node, cst.BaseExpression) else text.lstrip())


@functools.lru_cache(maxsize=4096)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all below it, leaving out white space and comments."""
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        pending += reversed(_children(each))


@functools.lru_cache(maxsize=1 << 15)
def _children(node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
    found: list[cst.CSTNode] = []
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += [each for each in value if isinstance(each, cst.CSTNode)]
    return tuple(found)


@functools.cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The attributes that hold children, in the order of the code."""
    names = [each.name for each in dataclasses.fields(kind)]
    kept = [
        name
        for name in names
        if "whitespace" not in name and name not in ("leading_lines", "footer", "header", "lines_after_decorators")
    ]
    return tuple(kept)


def has_comment(node: cst.CSTNode) -> bool:
    """Whether there is a comment anywhere in it."""
    return isinstance(node, cst.Comment) or any(has_comment(each) for each in node.children)


def find(node: cst.CSTNode, kind: type[Node]) -> list[Node]:
    return [each for each in walk(node) if isinstance(each, kind)]


def loops_in(node: cst.CSTNode) -> list[cst.For | cst.CompFor]:
    """Loops and the `for` parts of comprehensions."""
    return [each for each in walk(node) if isinstance(each, cst.For | cst.CompFor)]


def choices_in(node: cst.CSTNode) -> list[cst.If | cst.IfExp]:
    """`if` statements and conditional expressions."""
    return [each for each in walk(node) if isinstance(each, cst.If | cst.IfExp)]


def same(one: cst.CSTNode, other: cst.CSTNode) -> bool:
    return code(one).strip() == code(other).strip()


def dotted(node: cst.CSTNode | None) -> str | None:
    """`a.b.c` as text, or None for anything that is not such a chain."""
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(value=value, attr=cst.Name(value=attr)):
            head = dotted(value)
            return f"{head}.{attr}" if head else None
    return None


def name_of(node: cst.CSTNode | None) -> str | None:
    return node.value if isinstance(node, cst.Name) else None


def subscript(node: cst.CSTNode) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """Base and index of `base[index]`; None for slices, several indices, or anything else."""
    match node:
        case cst.Subscript(value=base, slice=[cst.SubscriptElement(slice=cst.Index(value=index, star=None))]):
            return base, index
    return None


def span(node: cst.CSTNode) -> tuple[cst.BaseExpression, cst.BaseExpression | None, cst.BaseExpression | None] | None:
    """Base, lower and upper of `base[lower:upper]` without a step."""
    match node:
        case cst.Subscript(value=base, slice=[cst.SubscriptElement(slice=cst.Slice(lower=lower, upper=upper, step=None))]):
            return base, lower, upper
    return None


def text_of(node: cst.CSTNode | None) -> str | None:
    """The value of a plain string literal."""
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def small(statement: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The single simple statement on this line."""
    match statement:
        case cst.SimpleStatementLine(body=[only]):
            return only
    return None


def assignment(statement: cst.CSTNode) -> tuple[str, cst.BaseExpression] | None:
    """Name and value of `name = value` or `name: T = value`."""
    match small(statement):
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
            return name, value
        case cst.AnnAssign(target=cst.Name(value=name), value=cst.BaseExpression() as value):
            return name, value
    return None


def call(node: cst.CSTNode | None, *names: str) -> list[cst.BaseExpression] | None:
    """The positional arguments of a call of one of these dotted names without keywords or stars."""
    if not isinstance(node, cst.Call) or dotted(node.func) not in names:
        return None
    return positional(node)


def positional(node: cst.Call) -> list[cst.BaseExpression] | None:
    if any(arg.keyword is not None or arg.star for arg in node.args):
        return None
    return [arg.value for arg in node.args]


def method(node: cst.CSTNode | None, *names: str) -> tuple[cst.BaseExpression, list[cst.BaseExpression]] | None:
    """Receiver and positional arguments of `receiver.name(...)`."""
    match node:
        case cst.Call(func=cst.Attribute(value=receiver, attr=cst.Name(value=attr))) if attr in names:
            arguments = positional(node)
            return None if arguments is None else (receiver, arguments)
    return None


def keyword(node: cst.Call, name: str) -> cst.BaseExpression | None:
    return next((arg.value for arg in node.args if arg.keyword is not None and arg.keyword.value == name), None)


def body_of(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """The statements in the body of a function, loop or condition; empty for a body on the same line."""
    body = getattr(node, "body", None)
    return body.body if isinstance(body, cst.IndentedBlock) else ()


def with_lead(statements: Sequence[Statement], original: cst.CSTNode) -> list[Statement]:
    """These statements in place of `original`: the blank lines and comments above it stay."""
    lead = getattr(original, "leading_lines", ())
    first = statements[0].with_changes(leading_lines=[*lead, *statements[0].leading_lines])
    return [first, *statements[1:]]


class _Swap(cst.CSTTransformer):
    def __init__(self, change: Callable[[cst.CSTNode], cst.CSTNode | None]) -> None:
        super().__init__()
        self.change = change

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]  # noqa: ARG002
        if isinstance(updated, cst.BaseExpression):
            return self.change(updated) or updated
        return updated


def swap(node: Node, change: Callable[[cst.CSTNode], cst.CSTNode | None]) -> Node:
    """The node with each expression (inner ones first) replaced by what `change` makes of it, or kept where that is None."""
    return node.visit(_Swap(change))  # type: ignore[return-value]


class _Blocks(cst.CSTTransformer):
    def __init__(self, change: Callable[[list[Statement]], list[Statement] | None]) -> None:
        super().__init__()
        self.change = change

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]  # noqa: ARG002
        if not isinstance(updated, cst.IndentedBlock):
            return updated
        changed = self.change([each for each in updated.body if isinstance(each, Statement)])
        return updated if changed is None else updated.with_changes(body=changed)


def each_block(node: Node, change: Callable[[list[Statement]], list[Statement] | None]) -> Node:
    """The node with each indented block (inner ones first) replaced by what `change` makes of its statements."""
    return node.visit(_Blocks(change))  # type: ignore[return-value]
