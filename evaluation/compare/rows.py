"""Order: a text for each child that is equal for equal children, and the order in which rows are best put side by side."""

import hashlib
from collections.abc import Sequence

import numpy as np

from evaluation.compare.plain import Array, Child, Node, Part, Ref, Special, Value

DEPTH = 12  # deeper children are told apart by their type only
LENGTH = 256  # characters, from which a node's text is replaced by its digest
DIGITS = 9  # of floats, so that rounding does not decide about the order of rows
BITS = 30  # as many as 9 digits

Orders = tuple[Array, Array]  # in which the rows of both sides are read


def canonical(value: Value, child: Child, depth: int = DEPTH) -> str:
    """A text that is the same for children that are the same, whichever table they stand in."""
    if isinstance(child, Special):
        return f"{child.kind}:{child.text}"
    if not isinstance(child, Ref):
        return f"{type(child).__name__}:{_rounded(child)}"
    key = (child.number, depth)
    if key not in value.texts:
        value.texts[key] = _short(_node(value, value.node(child), depth))
    return value.texts[key]


def _node(value: Value, node: Node, depth: int) -> str:
    if not depth:
        return node.type
    parts = [f"{name}={_part(value, value.part(node, name), depth - 1)}" for name in sorted(node.parts)]
    return f"{node.kind}:{node.type}:{sorted(map(str, node.meta.items()))}({';'.join(parts)})"


def _short(text: str) -> str:
    """A long text as its digest: shared parts would make it grow without end."""
    if len(text) <= LENGTH:
        return text
    return hashlib.blake2b(text.encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _rounded(child: Child) -> str:
    return f"{child:.{DIGITS}g}" if isinstance(child, float) else repr(child)


def _part(value: Value, part: Part, depth: int) -> str:
    if isinstance(part, np.ndarray):
        return f"{part.dtype.str}{part.shape}{part.tobytes().hex()}"
    if isinstance(part, tuple):
        return ",".join(canonical(value, child, depth) for child in part)
    return canonical(value, part, depth)


def order_of(value: Value, children: Sequence[Child]) -> list[int]:
    """The order of children by what they are."""
    texts = [canonical(value, child) for child in children]
    return sorted(range(len(texts)), key=texts.__getitem__)


def order_of_rows(value: Value, columns: Sequence[Node], length: int) -> Array:
    """The order of a frame's rows by their values, columns from left to right; floats, which may be rounded, come last."""
    columns = sorted(columns, key=lambda column: str(column.meta.get("dtype")).startswith("float"))
    return lexical([_sortable(value, column, length) for column in columns], length)


def array_order(numbers: Array) -> Array:
    """The order of an array's rows (its first axis)."""
    if not numbers.ndim:
        return np.arange(0)  # whoever wrote it lies: it has no rows
    return lexical(array_keys(numbers), len(numbers))


def array_keys(numbers: Array) -> list[Array]:
    """What the rows of an array are sorted by."""
    flat = numbers.reshape(len(numbers), -1) if numbers.size else np.zeros((len(numbers), 0))
    return [_coarse(flat[:, at]) for at in range(flat.shape[1])]


def lexical(keys: Sequence[Array], length: int) -> Array:
    """The order of so many rows by their keys, the first one first."""
    return np.lexsort(keys[::-1]) if keys else np.arange(length)


def _sortable(value: Value, column: Node, length: int) -> Array:
    name = "codes" if "codes" in column.parts else "data"
    part = value.part(column, name)
    if isinstance(part, np.ndarray) and part.shape == (length,):
        return _coarse(part)
    children = value.children(column, name)
    if len(children) != length:
        return np.zeros(length)
    return np.array([canonical(value, child) for child in children], dtype=object).astype(str)


def _coarse(numbers: Array) -> Array:
    """Numbers as far as they decide about an order: floats by their first digits, as integers that tell signs of zero apart."""
    if numbers.dtype.kind == "f":
        with np.errstate(all="ignore"):
            shares, exponents = np.frexp(numbers.astype("f8"))
            coarse = np.ldexp(np.rint(shares * 2**BITS), exponents - BITS)
        return np.where(np.isnan(coarse), np.nan, coarse).view("i8")
    if numbers.dtype.kind == "V":
        return np.array([item.tobytes().hex() for item in numbers])
    return numbers.view("i8") if numbers.dtype.kind in "mM" else numbers


def same_in_another_order(expected: Array, actual: Array) -> bool:
    """Whether two arrays hold the same numbers, only arranged differently."""
    if expected.dtype != actual.dtype or expected.shape != actual.shape or expected.dtype.kind == "V":
        return False
    return np.sort(expected, axis=None).tobytes() == np.sort(actual, axis=None).tobytes()


def arrangement(expected: Value, left: Sequence[Child], actual: Value, right: Sequence[Child]) -> Orders | None:
    """The orders in which two lists hold the same items side by side; asked of flat lists, where it is cheap."""
    if len(left) != len(right) or any(isinstance(child, Ref) and expected.node(child).kind != "tuple" for child in left):
        return None
    ours = [canonical(expected, child, 2) for child in left]
    theirs = [canonical(actual, child, 2) for child in right]
    one, other = (sorted(range(len(texts)), key=texts.__getitem__) for texts in (ours, theirs))
    if [ours[at] for at in one] != [theirs[at] for at in other]:
        return None
    return np.array(one, dtype=int), np.array(other, dtype=int)


def only_arranged(expected: Value, left: Sequence[Child], actual: Value, right: Sequence[Child]) -> bool:
    """Whether two lists hold the same items, only arranged differently."""
    orders = arrangement(expected, left, actual, right)
    return orders is not None and not np.array_equal(*orders)
