"""How values follow from each other: the way from a frame to a cell, signs, and comparisons of what is known."""

import ast
from collections.abc import Mapping
from typing import Any

from bot.agents.recipes.worlds import UNKNOWN, Cell, Column, Columns, Outer, Row, RowOf, Rows


def attribute(owner: Any, attr: str) -> Any:
    match owner:
        case Columns(frame=frame) if attr in ("iloc", "iat"):
            return Rows(frame)
        case Column() if attr in ("iloc", "iat", "values", "array"):
            return owner
        case RowOf(frame=frame, side=side):
            return Cell(frame, repr(attr), side)
        case Outer(text=text):
            return Outer(f"{text}.{attr}")
    return UNKNOWN


def item(base: Any, index: Any) -> Any:
    """`base[index]`, as far as it is a way from a frame to a cell, or between things from around."""
    label = index.text if isinstance(index, Outer) else repr(index) if isinstance(index, str) else None
    match base, index:
        case Columns(frame=frame), _ if label is not None:
            return Column(frame, label)
        case Column(frame=frame, column=column), Row(side=side):
            return Cell(frame, column, side)
        case Rows(frame=frame), Row(side=side):
            return RowOf(frame, side)
        case RowOf(frame=frame, side=side), _ if label is not None:
            return Cell(frame, label, side)
        case Outer(text=text), str() | int():
            return Outer(f"{text}[{index!r}]")
        case tuple(), int() if -len(base) <= index < len(base):
            return base[index]
    return UNKNOWN


def compared_around(left: Any, right: Any, op: ast.cmpop) -> Any:
    """`direction == "desc"`: a new thing from around."""
    if not isinstance(left, Outer) or not isinstance(right, Outer | str | int | type(None)):
        return UNKNOWN
    sign = {ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is", ast.IsNot: "is not", ast.Gt: ">", ast.Lt: "<"}.get(type(op))
    other = right.text if isinstance(right, Outer) else repr(right)
    return Outer(f"{left.text} {sign} {other}") if sign else UNKNOWN


def negative(value: Any) -> Any:
    match value:
        case Cell(frame=frame, column=column, side=side, sign=sign):
            return Cell(frame, column, side, -sign)
        case bool() | int():
            return -value
        case Outer(text=text):
            return Outer(f"-{bracketed(text)}")
    return UNKNOWN


def ordered(way: int, op: ast.cmpop) -> Any:
    match op:
        case ast.Lt():
            return way < 0
        case ast.Gt():
            return way > 0
        case ast.LtE():
            return way <= 0
        case ast.GtE():
            return way >= 0
        case ast.Eq():
            return way == 0
        case ast.NotEq():
            return way != 0
    return UNKNOWN


def full(node: ast.expr, imports: Mapping[str, str]) -> str:
    text = ast.unparse(node)
    head, dot, rest = text.partition(".")
    return f"{imports.get(head, head)}{dot}{rest}"


def is_float(node: ast.expr) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "float" for each in ast.walk(node))


def bracketed(text: str) -> str:
    """In brackets, unless it is a dotted name."""
    return text if text.replace(".", "").replace("_", "").isalnum() else f"({text})"
