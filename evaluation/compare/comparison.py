"""Compare what the reference gave with what the candidate gave, as plain data, and name each difference by its code.

Knows the kinds of nodes that `probe/codec.py` and `probe/observe.py` write, but no foreign type and no foreign method.
"""

import marshal
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from evaluation.compare import labels, pairing, rows, tables
from evaluation.compare.closeness import Scale
from evaluation.compare.observation import compare_observations
from evaluation.compare.plain import Array, Child, Node, Part, Value
from evaluation.compare.rows import Orders
from evaluation.compare.walk import MOST, ORDER, Place, Walk
from evaluation.compare.wording import shown
from evaluation.policy import Policy, Relaxation
from evaluation.probe import garbage
from evaluation.scorecard import Mismatch

UNREAD = frozenset({"opaque", "cut"})  # nodes that don't say everything
_CODES = {  # what a difference in a node's meta is called; everything else is a value
    "dtype": "dtype", "ordered": "dtype", "unit": "dtype", "tz": "dtype", "format": "dtype",
    "layout": "order", "readonly": "type", "maxlen": "type", "members": "type", "bases": "type",
    "duplicates": "names", "freq": "index", "end": "lazy",
}  # fmt: skip
_STRICT_ONLY = frozenset({"layout", "hard", "readonly"})
_OWN_RULES = frozenset({"dtype", "shape", "writable", "pickle", "why", "code", "local"})
_NAMED_KEYS = 1000  # of a dict, by which places in it are named; further ones are numbered
_INSIDE = {  # parts whose insides have a code of their own
    ("exception", "args"): "exception",
    ("exception", "files"): "exception",
    ("exception", "cause"): "exception",
    ("exception", "state"): "exception",
    ("lazy", "error"): "exception",
}


def compare(expected: Value, actual: Value, policy: Policy | None = None) -> list[Mismatch]:
    """Every difference that the policy does not allow (the first dozens); none where both are the same."""
    if _identical(expected, actual):
        return []
    policy = policy or Policy()
    with garbage.held():
        if ORDER not in policy.aside:
            return _found(expected, actual, policy)
        if not _found(expected, actual, policy.counting(ORDER), most=1):
            return []
        return _walked(expected, actual, policy)


def disagreements(expected: Value, actual: Value, policy: Policy) -> frozenset[str]:
    """The codes of all differences: also of those that many others come before."""
    codes: frozenset[str] = frozenset()
    while more := {each.code for each in compare(expected, actual, policy.setting_aside(codes))} - codes:
        codes |= more
    return codes


def _found(expected: Value, actual: Value, policy: Policy, most: int = MOST) -> list[Mismatch]:
    found = _walked(expected, actual, policy, most)
    if found and policy.allows(Relaxation.ROW_ORDER) and not _walked(expected, actual, policy.tighten(Relaxation.ROW_ORDER)):
        return []  # rows that only sort differently, for a rounding, stand in the same order anyway
    return found


def _walked(expected: Value, actual: Value, policy: Policy, most: int = MOST) -> list[Mismatch]:
    walk = Walk(expected, actual, policy, visit=_visit, most=most)
    walk.pair(expected.root, actual.root, Place())
    walk.run()
    pairing.check(walk)
    return walk.found


def _identical(expected: Value, actual: Value) -> bool:
    """Whether both were written the same, byte by byte, with nothing in them that could not be read."""
    if len(expected.buffers) != len(actual.buffers) or any(node.kind in UNREAD for node in expected.nodes):
        return False
    return all(map(_same_bytes, expected.buffers, actual.buffers)) and _text(expected) == _text(actual)


def _same_bytes(expected: Any, actual: Any) -> bool:
    return bool(expected == actual)  # bytes and bytearrays: one memcmp


def _text(value: Value) -> bytes:
    """The whole table as bytes, in which 1, 1.0, True and the signs of zero are all different."""
    return marshal.dumps(value.tree, 2)


def _visit(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    handler = _HANDLERS.get(expected.kind, _plainly)
    if expected.type != actual.type and expected.kind not in ("index", "observation"):
        code = {"lazy": "lazy", "exception": "exception", "column": "dtype", "function": "value"}.get(expected.kind, "type")
        unsure = "code" in expected.meta or "code" in actual.meta
        if walk.say(place, "unclear" if unsure else code, f"expected {expected.type}, got {actual.type}"):
            return
    handler(walk, expected, actual, place)


def _plainly(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Compare a node by what it says about itself and part by part."""
    if same_meta(walk, expected, actual, place):
        same_parts(walk, expected, actual, place, sorted(set(expected.parts) | set(actual.parts)))


def same_meta(walk: Walk, expected: Node, actual: Node, place: Place) -> bool:
    """Whether two nodes say the same about themselves; differences are noted."""
    if expected.meta == actual.meta:
        return True
    before = len(walk.found)
    for key in sorted((set(expected.meta) | set(actual.meta)) - _OWN_RULES):
        left, right = expected.meta.get(key), actual.meta.get(key)
        if left != right and (walk.policy.strict or key not in _STRICT_ONLY):
            walk.say(place, _CODES.get(key, "value"), f"{key}: expected {left!r}, got {right!r}"[:300])
    return len(walk.found) == before


def same_parts(walk: Walk, expected: Node, actual: Node, place: Place, names: list[str]) -> None:
    """Compare the named parts of two nodes."""
    for name in names:
        left, right = walk.expected.part(expected, name), walk.actual.part(actual, name)
        piece = "" if name in ("items", "data", "values", "value") else f".{name}"
        scale = Scale.MANY if name == "items" else Scale.OWN
        walk.parts(left, right, place.inside(piece, _INSIDE.get((expected.kind, name))), scale)


def _unread(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    same = expected.meta.get("pickle") == actual.meta.get("pickle") is not None
    if not same:
        walk.say(place, "unclear", f"{expected.type} can't be compared from outside")


def _code(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Functions: their name says it all, or else their code must be the same."""
    if expected.meta.get("code") != actual.meta.get("code"):
        walk.say(place, "unclear", f"two functions {expected.type} with different code")
    else:
        _plainly(walk, expected, actual, place)


def _exception(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """Its type was compared already; what it says counts, and under strict also what it was raised from."""
    if walk.policy.strict:
        same_parts(walk, expected, actual, place, ["cause"])
    if not walk.policy.allows(Relaxation.EXCEPTION_TEXT):
        same_parts(walk, expected, actual, place, ["args", "files", "state"])


def _sequence(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    if not same_meta(walk, expected, actual, place):
        return
    left, right = walk.expected.part(expected, "items"), walk.actual.part(actual, "items")
    movable = walk.rearranges(place) and _movable(expected, left)
    if walk.alike(left, right) and not movable:
        return
    if movable and not walk.policy.allows(Relaxation.ROW_ORDER):
        place = place.sorted(_rearranged(walk, left, right))
    elif walk.policy.allows(Relaxation.ROW_ORDER):
        place = place.sorted(_orders(walk, left, right))
    elif place.code is None and _arranged(walk, left, right) and walk.say(place, "order", "the same items in another order"):
        return
    walk.parts(left, right, place, Scale.MANY if expected.kind == "list" else Scale.OWN)
    same_parts(walk, expected, actual, place.sorted(None), sorted(set(expected.parts) - {"items"}))


def _movable(node: Node, items: Part) -> bool:
    """Whether a sequence may come from something without an order; named fields and a few numbers in a tuple do not."""
    few = isinstance(items, tuple) and all(isinstance(item, int | float) for item in items)
    return node.kind == "list" or (node.type == "tuple" and not few)


def _arranged(walk: Walk, left: Part, right: Part) -> bool:
    tuples = isinstance(left, tuple) and isinstance(right, tuple)
    return tuples and rows.only_arranged(walk.expected, left, walk.actual, right)  # type: ignore[arg-type]


def _rearranged(walk: Walk, left: Part, right: Part) -> Orders | None:
    """The order that sets the same things beside each other; as they stand where that is the same, or there is none."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return tables.rearranged(walk, left, right, Scale.MANY)
    if not isinstance(left, tuple) or not isinstance(right, tuple):
        return None
    return rows.arrangement(walk.expected, left, walk.actual, right) or (np.arange(len(left)), np.arange(len(right)))


def _orders(walk: Walk, left: Part, right: Part) -> Orders | None:
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        return rows.array_order(left), rows.array_order(right)
    if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
        return _order(walk.expected, left), _order(walk.actual, right)
    return None


def _order(value: Value, children: Any) -> Array:
    return np.array(rows.order_of(value, children), dtype=int)


def _mapping(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    left, right = walk.expected.children(expected, "keys"), walk.actual.children(actual, "keys")
    if walk.alike(left, right, exactly=True) and not walk.rearranges(place):
        return _values(walk, expected, actual, place.keyed(_words(walk, left), None))
    ours = [rows.canonical(walk.expected, key) for key in left]
    theirs = [rows.canonical(walk.actual, key) for key in right]
    if sorted(ours) != sorted(theirs):
        walk.say(place, "value", _keys(ours, theirs))
        return None
    if ours != theirs and not walk.free(place, Relaxation.DICT_ORDER):
        walk.say(place, "order", "the same keys in another order")
        return None
    order = _alike(ours, theirs)
    walk.parts(
        walk.expected.part(expected, "keys"), walk.actual.part(actual, "keys"), place.inside(".keys()").sorted(order, place)
    )
    return _values(walk, expected, actual, place.keyed(_words(walk, left), order))


def _values(walk: Walk, expected: Node, actual: Node, place: Place) -> None:
    """What the keys lead to, and whatever else a mapping has."""
    left, right = walk.expected.part(expected, "values"), walk.actual.part(actual, "values")
    if not walk.alike(left, right) or place.order is not None:
        walk.parts(left, right, place, Scale.MANY)
    same_parts(walk, expected, actual, place.sorted(None), sorted(set(expected.parts) - {"keys", "values"}))


def _alike(ours: list[str], theirs: list[str]) -> tuple[Any, Any]:
    """An order of both sides' keys in which equal texts stand side by side; several keys can have one text."""
    if ours == theirs:
        return np.arange(len(ours)), np.arange(len(theirs))
    return tuple(np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=int) for keys in (ours, theirs))  # type: ignore[return-value]


def _words(walk: Walk, keys: tuple[Child, ...]) -> tuple[str, ...]:
    return tuple(shown(walk.expected, key) for key in keys[:_NAMED_KEYS])


def _keys(expected: list[str], actual: list[str]) -> str:
    missing, more = sorted(Counter(expected) - Counter(actual)), sorted(Counter(actual) - Counter(expected))
    said = (("missing", missing[:3]), ("not expected", more[:3]))
    return ("keys differ: " + ", ".join(f"{what} {keys}" for what, keys in said if keys))[:300]


_Handler = Callable[[Walk, Node, Node, Place], None]
_HANDLERS: dict[str, _Handler] = {
    "opaque": _unread,
    "cut": _unread,
    "function": _code,
    "exception": _exception,
    "list": _sequence,
    "tuple": _sequence,
    "dict": _mapping,
    "array": tables.array,
    "masked": tables.array,
    "column": tables.column,
    "frame": tables.frame,
    "series": tables.series,
    "table": tables.table,
    "sparse": tables.sparse,
    "index": labels.index,
    "observation": compare_observations,
}
