"""Indexes: the labels of rows and columns, and how they are compared. A range and the same integers written out are one."""

from typing import Any

import numpy as np

from evaluation.compare import rows
from evaluation.compare.closeness import Scale
from evaluation.compare.plain import Array, Node, Ref, Value
from evaluation.compare.walk import Place, Walk

_LONGEST = 1 << 23  # of a range that we write out
_PLAIN_INDEX = frozenset({"pandas.Index", "pandas.core.indexes.base.Index", "pandas.core.indexes.numeric.Int64Index"})


def index(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Compare two indexes; every difference in one is an `index` difference unless it stands where another code rules."""
    place = place if place.code else place.named("index")
    both_integers = _is_integers(expected) and _is_integers(actual) and not walk.policy.strict
    if expected.type != actual.type and not both_integers:
        walk.say(place, "index", f"expected {expected.type}, got {actual.type}")
        return None
    if not same_dtype(walk, expected, actual, place) or not _same_form(walk, expected, actual, place):
        return None
    names = Place(place.path + ".names", "mutation" if place.code == "mutation" else "names")
    walk.parts(walk.expected.part(expected, "names"), walk.actual.part(actual, "names"), names)
    left, right = _numbers(walk.expected, expected), _numbers(walk.actual, actual)
    if left is None or right is None:
        return _levels(walk, expected, actual, place)
    if place.order is None and left.tobytes() != right.tobytes() and rows.same_in_another_order(left, right):
        if walk.say(_outer(place), "order", "the same labels in another order"):
            return None
        place = place.sorted((rows.array_order(left), rows.array_order(right)))
    return walk.numbers(left, right, place, Scale.COLUMN)


def _levels(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    if "range" in expected.parts or "range" in actual.parts:
        return walk.parts(walk.expected.part(expected, "range"), walk.actual.part(actual, "range"), place)
    left, right = walk.expected.children(expected, "values"), walk.actual.children(actual, "values")
    if len(left) != len(right):
        walk.say(place, "index", f"expected {len(left)} levels, got {len(right)}")
        return None
    for one, other in zip(left, right, strict=True):
        walk.pair(one, other, place)
    return None


def _same_form(walk: Walk, expected: Node, actual: Node, place: Place) -> bool:
    for key in ("shape", "freq"):
        left, right = expected.meta.get(key), actual.meta.get(key)
        if left != right and walk.say(place, "index", f"{key}: expected {left!r}, got {right!r}"[:300]):
            return False
    return True


def _outer(place: Place) -> Place:
    return place.named(None) if place.code == "index" else place


def same_dtype(walk: Walk, expected: Node, actual: Node, place: Place) -> bool:
    """Whether two nodes have the same dtype, or one that the policy allows in its place; a difference is noted."""
    left, right = expected.meta.get("dtype"), actual.meta.get("dtype")
    ours, theirs = _dtype(left), _dtype(right)
    if left == right or (ours is not None and theirs is not None and walk.widened(ours, theirs)):
        return True
    return not walk.say(place, "dtype", f"expected dtype {left}, got {right}"[:300])


def _dtype(text: Any) -> np.dtype[Any] | None:
    try:
        return np.dtype(text) if isinstance(text, str) and len(text) < 12 else None
    except (TypeError, ValueError):
        return None


def nodes(value: Value, node: Node, name: str) -> list[Node]:
    """The children of a part that are nodes."""
    return [value.node(child) for child in value.children(node, name) if isinstance(child, Ref)]


def of_columns(value: Value, node: Node) -> list[str]:
    """The labels of a frame's columns, as texts that are equal for equal labels."""
    ref = value.part(node, "columns")
    if not isinstance(ref, Ref):
        return []
    inner = value.node(ref)
    if "range" in inner.parts:
        numbers = _numbers(value, inner)
        return [] if numbers is None else [str(item) for item in numbers.tolist()]
    levels = [level for level in nodes(value, inner, "values") if "data" in level.parts]
    columns = [[rows.canonical(value, item) for item in value.children(level, "data")] for level in levels]
    return ["|".join(items) for items in zip(*columns, strict=False)]


def counted(value: Value, node: Node) -> bool:
    """Whether a frame's rows are only counted from zero."""
    ref = value.part(node, "index")
    bounds = value.part(value.node(ref), "range") if isinstance(ref, Ref) else None
    items = value.children(value.node(bounds), "items") if isinstance(bounds, Ref) else ()
    return len(items) == 3 and items[0] == 0 and items[2] == 1


def _is_integers(node: Node) -> bool:
    return node.meta.get("dtype") == "int64" and ("range" in node.parts or node.type in _PLAIN_INDEX)


def _numbers(value: Value, node: Node) -> Array | None:
    """The numbers that an index of numbers stands for; None for other labels, and for a range too long to write out."""
    if "range" in node.parts:
        ref = value.part(node, "range")
        return _written_out(value.children(value.node(ref), "items")) if isinstance(ref, Ref) else None
    if node.type not in _PLAIN_INDEX or len(nodes(value, node, "values")) != 1:
        return None
    (column,) = nodes(value, node, "values")
    data = value.part(column, "data") if column.type == "numpy" else None
    return data if isinstance(data, np.ndarray) else None


def _written_out(bounds: tuple[Any, ...]) -> Array | None:
    if len(bounds) != 3 or not all(type(item) is int for item in bounds) or bounds[2] == 0:
        return None
    span = range(*bounds)
    fits = abs(span.start) < 1 << 62 and abs(span.stop) < 1 << 62 and abs(span.step) < 1 << 62
    return np.arange(span.start, span.stop, span.step, dtype="i8") if fits and len(span) < _LONGEST else None
