"""Sums of names and whole numbers, so that `i - (width - 1)` and `i + 1 - width` are seen to be the same."""

from collections import Counter
from collections.abc import Mapping

import libcst as cst

from bot.agents.recipes.syntax import code

ONE = ""  # the key of the constant part

Linear = Mapping[str, int]


def linear(node: cst.BaseExpression | None) -> Linear | None:
    """The expression as name -> factor, or None when it is something else."""
    match node:
        case cst.Integer(value=value):
            return _clean(Counter({ONE: int(value, 0)}))
        case cst.Name() | cst.Attribute():
            return {code(node).strip("()"): 1}
        case cst.Call(func=cst.Name("len"), args=[_]):
            return {code(node): 1}
        case cst.UnaryOperation(operator=cst.Minus(), expression=inner):
            return _combined({}, linear(inner), -1)
        case cst.BinaryOperation(left=left, operator=cst.Add() | cst.Subtract() as operator, right=right):
            return _combined(linear(left), linear(right), 1 if isinstance(operator, cst.Add) else -1)
    return None


def _combined(one: Linear | None, other: Linear | None, sign: int) -> Linear | None:
    if one is None or other is None:
        return None
    total = Counter(one)
    for name, factor in other.items():
        total[name] += sign * factor
    return _clean(total)


def _clean(terms: Mapping[str, int]) -> Linear:
    return {name: factor for name, factor in terms.items() if factor}


def minus(one: Linear | None, other: Linear | None) -> Linear | None:
    return _combined(one, other, -1)


def text(terms: Linear) -> str:
    """As Python: `width - 1`."""
    parts = []
    for name, factor in sorted(terms.items(), key=lambda item: (item[0] == ONE, item[1] < 0, item[0])):
        size = str(abs(factor)) if name == ONE else name if abs(factor) == 1 else f"{abs(factor)} * {name}"
        parts.append(f"{'- ' if factor < 0 else '+ '}{size}")
    joined = " ".join(parts) or "0"
    return joined.removeprefix("+ ") if joined.startswith("+ ") else joined.replace("- ", "-", 1)
