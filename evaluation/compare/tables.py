"""How arrays, columns, series and frames are compared: structure first, then numbers."""

from dataclasses import replace
from typing import Any

import numpy as np

from evaluation.compare import labels, rows
from evaluation.compare.closeness import Scale, differing
from evaluation.compare.plain import Array, Child, Node, Part, Ref, Value
from evaluation.compare.rows import Orders
from evaluation.compare.walk import Place, Walk
from evaluation.policy import Relaxation

_META = {
    "duplicates": "names", "ordered": "dtype", "layout": "order", "hard": "value", "shape": "value", "format": "dtype",
    "nullable": "dtype",
}  # fmt: skip
_STRICT_ONLY = frozenset({"layout", "hard"})
_WORDS = (("read-only", "a writable one"), ("writable", "a read-only one"))
_Order = Orders | None


def array(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Plain and masked arrays."""
    if not labels.same_dtype(walk, expected, actual, place) or not _meta(
        walk, expected, actual, place, "shape", "layout", "hard"
    ):
        return
    if _frozen(walk, expected.meta.get("writable"), actual.meta.get("writable")):
        walk.say(place, "type", "the array is {}, expected {}".format(*_WORDS[actual.meta.get("writable") is True]))
    for name in sorted(set(expected.parts) | set(actual.parts)):
        left, right = walk.expected.part(expected, name), walk.actual.part(actual, name)
        inner = place.inside("" if name == "data" else f".{name}")
        walk.parts(left, right, inner.sorted(_array_order(walk, left, right, place), place), Scale.COLUMN)


def _frozen(walk: Walk, expected: object, actual: object) -> bool:
    """Whether it matters which of two arrays may be written to: what one could do with it must still be possible."""
    return expected != actual and (walk.policy.strict or actual is False)


def column(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """The values of a series, an index or one column of a frame."""
    if not labels.same_dtype(walk, expected, actual, place) or not _meta(walk, expected, actual, place, "ordered", "layout"):
        return
    for name in sorted(set(expected.parts) | set(actual.parts)):
        left, right = walk.expected.part(expected, name), walk.actual.part(actual, name)
        if name == "mask" and (left is None) != (right is None):
            walk.say(place, "value", "values are missing on one side only")
        elif name == "categories":
            walk.parts(left, right, place.inside(".categories", "dtype"))
        else:
            walk.parts(left, right, replace(place, path=place.path + ("" if name == "data" else f".{name}")), Scale.COLUMN)


def series(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Values, index, name, attrs."""
    if not _meta(walk, expected, actual, place, "shape", "duplicates"):
        return
    order = _row_order(walk, expected, actual, place)
    _named(walk, expected, actual, place, "name")
    _named(walk, expected, actual, place, "attrs")
    _index(walk, expected, actual, place, order)
    walk.parts(walk.expected.part(expected, "values"), walk.actual.part(actual, "values"), place.sorted(order))


def frame(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Column labels, index, attrs, then each column by itself."""
    if not _meta(walk, expected, actual, place, "shape", "duplicates"):
        return
    ours, theirs = labels.of_columns(walk.expected, expected), labels.of_columns(walk.actual, actual)
    columns = _paired(walk, expected, actual, place, ours, theirs)
    if columns is None:
        return
    order = _row_order(walk, expected, actual, place)
    _index(walk, expected, actual, place, order)
    for at, (one, other) in reversed(list(enumerate(columns))):
        walk.pair(one, other, place.inside(f".iloc[:, {at}]").sorted(order, place))


def table(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Columns with names and without labels of rows: polars, pyarrow."""
    if not _meta(walk, expected, actual, place, "shape", "nullable"):
        return
    ours, theirs = (
        [rows.canonical(value, label) for label in value.children(node, "columns")]
        for value, node in ((walk.expected, expected), (walk.actual, actual))
    )
    columns = _paired(walk, expected, actual, place, ours, theirs)
    if columns is None:
        return
    order = _table_order(walk, expected, actual, place)
    for at, (one, other) in reversed(list(enumerate(columns))):
        walk.pair(one, other, place.inside(f"[{at}]").sorted(order, place))


def _paired(
    walk: Walk, expected: Node, actual: Node, place: Place, ours: list[str], theirs: list[str]
) -> list[tuple[Child, Child]] | None:
    """Which column stands against which; None, with the difference said, where they can't be set beside each other."""
    _named(walk, expected, actual, place, "attrs")
    left, right = walk.expected.children(expected, "values"), walk.actual.children(actual, "values")
    if [len(ours), len(theirs)] != [len(left), len(right)]:
        walk.say(place, "names", "columns and their labels don't match")
        return None
    if sorted(ours) == sorted(theirs) and walk.free(place, Relaxation.COLUMN_ORDER):
        left, right = tuple(left[at] for at in _by(ours)), tuple(right[at] for at in _by(theirs))
    elif sorted(ours) == sorted(theirs) and ours != theirs:
        walk.say(place, "order", "the same columns in another order")
        return None
    else:
        _named(walk, expected, actual, place, "columns")
    return list(zip(left, right, strict=False))


def _table_order(walk: Walk, expected: Node, actual: Node, place: Place) -> _Order:
    if not walk.free(place, Relaxation.ROW_ORDER):
        return None
    return _own_table_order(walk.expected, expected), _own_table_order(walk.actual, actual)


def _own_table_order(value: Value, node: Node) -> Array:
    columns = labels.nodes(value, node, "values")
    names = [rows.canonical(value, label) for label in value.children(node, "columns")]
    if len(names) == len(columns):
        columns = [columns[at] for at in _by(names)]
    return rows.order_of_rows(value, columns, _length(node.meta.get("shape")))


def sparse(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Entries by where they stand; how the buffers are arranged is layout."""
    if not labels.same_dtype(walk, expected, actual, place) or not _meta(
        walk, expected, actual, place, "format", "shape", "layout"
    ):
        return
    for name in sorted(set(expected.parts) | set(actual.parts)):
        left, right = walk.expected.part(expected, name), walk.actual.part(actual, name)
        walk.parts(left, right, place.inside("" if name == "data" else f".{name}"), Scale.COLUMN)


def _by(names: list[str]) -> list[int]:
    return sorted(range(len(names)), key=names.__getitem__)


def _named(walk: Walk, expected: Node, actual: Node, place: Place, name: str) -> None:
    walk.parts(walk.expected.part(expected, name), walk.actual.part(actual, name), place.inside(f".{name}", "names"))


def _index(walk: Walk, expected: Node, actual: Node, place: Place, order: _Order) -> None:
    if labels.counted(walk.expected, expected) and labels.counted(walk.actual, actual):
        order = None  # numbers that were given to the rows afterwards don't travel with them
    left, right = walk.expected.part(expected, "index"), walk.actual.part(actual, "index")
    walk.parts(left, right, place.inside(".index", "index").sorted(order, place))


def _meta(walk: Walk, expected: Node, actual: Node, place: Place, *keys: str) -> bool:
    before = len(walk.found)
    for key in keys:
        left, right = expected.meta.get(key), actual.meta.get(key)
        if left != right and (walk.policy.strict or key not in _STRICT_ONLY):
            walk.say(place, _META[key], f"{key}: expected {left!r}, got {right!r}"[:300])
    return len(walk.found) == before


def _array_order(walk: Walk, left: Part, right: Part, place: Place) -> _Order:
    if not isinstance(left, np.ndarray) or not isinstance(right, np.ndarray):
        return None
    if walk.policy.allows(Relaxation.ROW_ORDER):
        return (rows.array_order(left), rows.array_order(right)) if left.ndim and right.ndim else None
    return rearranged(walk, left, right, Scale.COLUMN) if walk.rearranges(place) else None


def rearranged(walk: Walk, left: Array, right: Array, scale: Scale) -> _Order:
    """The order in which the rows of two arrays are the same: as they stand, or else sorted."""
    if not left.ndim or not right.ndim:
        return None  # whoever wrote it lies: it has no rows
    same = left.shape == right.shape and left.dtype.kind == right.dtype.kind
    if same and not differing(left, right, walk.tolerance, scale).any():
        return np.arange(len(left)), np.arange(len(right))
    return rows.array_order(left), rows.array_order(right)


def _row_order(walk: Walk, expected: Node, actual: Node, place: Place) -> _Order:
    if not walk.free(place, Relaxation.ROW_ORDER):
        return None
    return _own_order(walk.expected, expected), _own_order(walk.actual, actual)


def _own_order(value: Value, node: Node) -> Array:
    columns = labels.nodes(value, node, "values")
    names = labels.of_columns(value, node)
    if len(names) == len(columns):
        columns = [columns[at] for at in _by(names)]
    index = value.part(node, "index")
    if isinstance(index, Ref) and not labels.counted(value, node):
        columns += labels.nodes(value, value.node(index), "values")
    return rows.order_of_rows(value, columns, _length(node.meta.get("shape")))


def _length(shape: Any) -> int:
    return shape[0] if isinstance(shape, list) and shape and type(shape[0]) is int and 0 <= shape[0] < 1 << 28 else 0
