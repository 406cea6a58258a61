"""Two tables of nodes, walked side by side without recursion: pairs still to compare, identities met, differences found."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evaluation.compare import rows
from evaluation.compare.closeness import EXACT, MADE_UP, NUMERIC, SINGLE, Tolerance, differing, same_float
from evaluation.compare.plain import Array, Child, Node, Part, Ref, Special, Value, numpy_scalar
from evaluation.compare.wording import shown
from evaluation.policy import Policy, Relaxation
from evaluation.scorecard import Mismatch

MOST = 20  # differences, after which nobody reads on
_WITH_IDENTITY = frozenset({"list", "dict", "set", "array", "masked", "frame", "series", "bytearray", "file", "random"})
_FORGIVEN = {  # a difference of this code does not matter where the project declared so
    "names": Relaxation.NAMES,
    "index": Relaxation.INDEX,
    "alias": Relaxation.ALIAS,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the result we are, what a difference is called there, and in which order rows are to be read."""

    path: str = "result"
    code: str | None = None
    order: tuple[Array, Array] | None = None
    keys: tuple[str, ...] = ()  # what the children here are called, where they have names

    def inside(self, piece: str, code: str | None = None) -> "Place":
        """A place further in; the code of the outermost place that has one stays."""
        return Place(self.path + piece, self.code or code)

    def sorted(self, order: tuple[Array, Array] | None) -> "Place":
        """The same place, its rows read in another order on each side."""
        return Place(self.path, self.code, order)

    def keyed(self, keys: tuple[str, ...], order: tuple[Array, Array] | None) -> "Place":
        """The same place, its children read in an order and called by their keys."""
        return Place(self.path, self.code, order, keys)

    def fits(self, expected: Array | tuple[Child, ...], actual: Array | tuple[Child, ...]) -> bool:
        """Whether the order here is one of so many rows; what a candidate's process writes need not agree with itself."""
        return self.order is not None and [len(order) for order in self.order] == [_rows(expected), _rows(actual)]

    def child(self, at: int) -> "Place":
        """The place of one of several children."""
        return self.inside(f"[{self.keys[at] if at < len(self.keys) else at}]")


@dataclass(slots=True)
class Walk:
    """What is still to compare and what was found so far."""

    expected: Value
    actual: Value
    policy: Policy
    visit: Callable[["Walk", Node, Node, Place], None]  # compares two nodes of one kind
    found: list[Mismatch] = field(default_factory=list)
    twins: dict[int, int] = field(default_factory=dict)  # expected node -> the actual node in its place
    _back: dict[int, int] = field(default_factory=dict)
    _todo: list[tuple[Child, Child, Place]] = field(default_factory=list)
    _seen: set[tuple[int, int, str | None]] = field(default_factory=set)

    def pair(self, expected: Child, actual: Child, place: Place) -> None:
        """Compare two children later."""
        self._todo.append((expected, actual, place))

    def run(self) -> None:
        """Compare until nothing is left or enough was found."""
        while self._todo and len(self.found) < MOST:
            expected, actual, place = self._todo.pop()
            if isinstance(expected, Ref) and isinstance(actual, Ref):
                self._nodes(expected, actual, place)
            else:
                self._scalars(expected, actual, place)

    def say(self, place: Place, code: str, text: str) -> None:
        """Note a difference, unless the policy declares that its kind does not matter."""
        named = code if code in ("unclear", "alias") else place.code or code
        forgiven = _FORGIVEN.get(named)
        if forgiven is None or not self.policy.allows(forgiven):
            self.found.append(Mismatch(f"equivalence.{named}", f"{place.path}: {text}", ""))

    def differ(self, place: Place, code: str, expected: Child, actual: Child) -> None:
        """Note that two children differ, showing both."""
        self.say(place, code, f"expected {shown(self.expected, expected)}, got {shown(self.actual, actual)}")

    # -- nodes

    def _nodes(self, expected: Ref, actual: Ref, place: Place) -> None:
        key = (expected.number, actual.number, place.code if place.order is None else None)
        if key in self._seen:
            return
        self._seen.add(key)
        left, right = self.expected.node(expected), self.actual.node(actual)
        if left.kind != right.kind:
            self.differ(place, "lazy" if "lazy" in (left.kind, right.kind) else "type", expected, actual)
        elif self._same_identity(expected.number, actual.number, left.kind, place):
            self.visit(self, left, right, place)

    def _same_identity(self, expected: int, actual: int, kind: str, place: Place) -> bool:
        """Whether what was one object on one side is one object on the other. Instances count when arguments are involved."""
        twin, back = self.twins.setdefault(expected, actual), self._back.setdefault(actual, expected)
        if twin == actual and back == expected:
            return True
        if kind in _WITH_IDENTITY or (kind == "object" and place.code == "mutation"):
            shared = twin != actual
            self.say(place, "alias", "the same object as elsewhere, expected " + ("to be" if shared else "not to be") + " so")
            return False
        return True

    # -- scalars

    def _scalars(self, expected: Child, actual: Child, place: Place) -> None:
        if isinstance(expected, Ref) or isinstance(actual, Ref) or _type(expected) != _type(actual):
            self._types(expected, actual, place)
        elif _type(expected) == "float":
            if not same_float(_float(expected), _float(actual), self.tolerance):
                self.differ(place, "value", expected, actual)
        elif isinstance(expected, Special) and isinstance(actual, Special) and expected.kind.startswith("np:"):
            self.numbers(numpy_scalar(expected), numpy_scalar(actual), place)
        elif expected != actual:
            self.differ(place, "value", expected, actual)

    def _types(self, expected: Child, actual: Child, place: Place) -> None:
        if isinstance(expected, Special) and isinstance(actual, Special) and expected.kind[:3] == actual.kind[:3] == "np:":
            if self.widened(numpy_scalar(expected).dtype, numpy_scalar(actual).dtype):
                self.numbers(numpy_scalar(expected), numpy_scalar(actual), place)
            else:
                self.differ(place, "dtype", expected, actual)
        else:
            lazy = self._lazy(self.expected, expected) or self._lazy(self.actual, actual)
            self.differ(place, "lazy" if lazy else "type", expected, actual)

    @staticmethod
    def _lazy(value: Value, child: Child) -> bool:
        return isinstance(child, Ref) and value.node(child).kind == "lazy"

    # -- numbers and sequences

    def numbers(self, expected: Array, actual: Array, place: Place) -> None:
        """Compare numbers; their dtypes were compared before, so a difference in kind is one that the policy allows."""
        if expected.shape != actual.shape:
            return self.say(place, "value", f"expected shape {expected.shape}, got {actual.shape}")
        if place.order is not None:
            if not place.fits(expected, actual):
                return self.say(place, "type", "written down in another way")
            expected, actual = expected[place.order[0]], actual[place.order[1]]
        if expected.dtype.kind != actual.dtype.kind:
            return self.say(place, "dtype", f"expected {expected.dtype}, got {actual.dtype}")
        mask = differing(expected, actual, self.tolerance)
        if not mask.any():
            return None
        if self.arranged(place) and rows.same_in_another_order(expected, actual):
            return self.say(place, "order", "the same values in another order")
        return self._first(expected, actual, mask, place)

    def _first(self, expected: Array, actual: Array, mask: Array, place: Place) -> None:
        at = np.unravel_index(int(np.argmax(mask)), mask.shape) if mask.shape else ()
        index = f" at {', '.join(map(str, at))}" if at and mask.size > 1 else ""
        count = f" ({int(mask.sum())} of {mask.size} differ)" if mask.size > 1 else ""
        self.say(place, "value", f"expected {expected[at]!s}, got {actual[at]!s}{index}{count}")

    def arranged(self, place: Place) -> bool:
        """Whether an order of values can be told apart from the values here."""
        return place.code is None

    @property
    def tolerance(self) -> Tolerance:
        """How far floating values may lie apart under the policy."""
        if self.policy.allows(Relaxation.FLOAT32):
            return SINGLE
        return EXACT if self.policy.strict else MADE_UP if self.policy.made_up else NUMERIC

    def widened(self, expected: np.dtype[Any], actual: np.dtype[Any]) -> bool:
        """Whether the policy allows the one dtype in place of the other."""
        if expected == actual:
            return True
        if self.policy.allows(Relaxation.FLOAT32) and expected.kind == actual.kind == "f":
            return True
        wider = expected.kind == actual.kind and expected.kind in "iufc" and actual.itemsize >= expected.itemsize
        return wider and self.policy.allows(Relaxation.DTYPE_WIDENING)

    def parts(self, expected: Part, actual: Part, place: Place) -> None:
        """Compare one part of a node with the same part of its twin."""
        left, right = _as_floats(expected), _as_floats(actual)
        if left is not None and right is not None:
            self.numbers(left, right, place)
        elif isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray):
            self.numbers(expected, actual, place)
        elif isinstance(expected, np.ndarray | tuple) and isinstance(actual, np.ndarray | tuple):
            self.sequences(_as_children(expected), _as_children(actual), place)
        elif not isinstance(expected, np.ndarray | tuple) and not isinstance(actual, np.ndarray | tuple):
            self.pair(expected, actual, place)
        else:
            self.say(place, "type", "written down in another way")

    def alike(self, expected: Part, actual: Part, *, exactly: bool = False) -> bool:
        """Whether two parts are nothing but plain children that need no second look: quick, for very many small things."""
        if not isinstance(expected, tuple) or not isinstance(actual, tuple) or len(expected) != len(actual):
            return False
        close = EXACT if exactly else Tolerance(self.tolerance.relative)
        return all(_plainly_same(left, right, close) for left, right in zip(expected, actual, strict=True))

    def sequences(self, expected: tuple[Child, ...], actual: tuple[Child, ...], place: Place) -> None:
        """Compare children in order."""
        if len(expected) != len(actual):
            return self.say(place, "value", f"expected {len(expected)} items, got {len(actual)}")
        if place.order is not None:
            if not place.fits(expected, actual):
                return self.say(place, "type", "written down in another way")
            expected = tuple(expected[at] for at in place.order[0])
            actual = tuple(actual[at] for at in place.order[1])
        tolerance = self.tolerance
        for at, (left, right) in reversed(list(enumerate(zip(expected, actual, strict=True)))):
            if not _plainly_same(left, right, tolerance):
                self.pair(left, right, place.child(at))
        return None


def _plainly_same(expected: Child, actual: Child, tolerance: Tolerance) -> bool:
    """Whether two children need no second look."""
    if type(expected) is not type(actual) or isinstance(expected, Ref):
        return False
    if isinstance(expected, float) and isinstance(actual, float):
        return same_float(expected, actual, tolerance)
    return expected == actual


def _rows(part: Array | tuple[Child, ...]) -> int:
    if isinstance(part, tuple):
        return len(part)
    return part.shape[0] if part.ndim else -1


def _type(child: Child) -> str:
    return child.kind if isinstance(child, Special) else type(child).__name__


def _float(child: Any) -> float:
    return float(child.text if isinstance(child, Special) else child)


def _as_floats(part: Part) -> Array | None:
    """A part that is nothing but Python floats, or raw floats, as an array; None for anything else."""
    if isinstance(part, np.ndarray):
        return part if part.dtype.str[1:] == "f8" else None
    if isinstance(part, tuple) and part and all(_type(child) == "float" for child in part):
        return np.array([_float(child) for child in part], dtype="f8")
    return None


def _as_children(part: Array | tuple[Child, ...]) -> tuple[Child, ...]:
    if isinstance(part, tuple):
        return part
    return tuple(Special("float", repr(item)) if item != item else item for item in part.ravel().tolist())
