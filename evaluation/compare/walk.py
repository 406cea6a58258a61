"""Two tables of nodes, walked side by side without recursion: pairs still to compare, identities met, differences found."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from evaluation.compare import rows
from evaluation.compare.closeness import EXACT, MADE_UP, NUMERIC, SINGLE, Scale, Tolerance, differing, same_float
from evaluation.compare.plain import Array, Child, Node, Part, Ref, Special, Value, numpy_scalar
from evaluation.compare.rows import Orders
from evaluation.compare.wording import shown
from evaluation.policy import Policy, Relaxation
from evaluation.scorecard import Mismatch

MOST = 20  # differences that count, after which nobody reads on
ORDER = "equivalence.order"
UNDER_KEYS = "[*]"  # how the path of what holds something ends, where that is a mapping
_OWN_NAME = frozenset({"unclear", "alias", "pairing", "entries"})  # codes that stay what they are wherever a difference lies
_WITH_IDENTITY = frozenset({"list", "dict", "set", "array", "masked", "frame", "series", "bytearray", "file", "random"})
_FORGIVEN = {  # a difference of this code does not matter where the project declared so
    "names": Relaxation.NAMES,
    "index": Relaxation.INDEX,
    "alias": Relaxation.ALIAS,
}


_Row = TypeVar("_Row", Array, tuple[Child, ...])


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the result we are, what a difference is called there, and in which order rows are to be read."""

    path: str = "result"
    code: str | None = None
    order: Orders | None = None
    keys: tuple[str, ...] = ()  # what the children here are called, where they have names
    parent: str = ""  # the path of what it is a part of
    beside: str = ""  # the path of what holds the whole whose rows are ordered here

    def inside(self, piece: str, code: str | None = None) -> "Place":
        """A place further in; the code of the outermost place that has one stays."""
        return Place(self.path + piece, self.code or code, parent=self.path if piece else self.parent)

    def named(self, code: str | None) -> "Place":
        """The same place, with a code of its own."""
        return replace(self, code=code)

    def sorted(self, order: Orders | None, whole: "Place | None" = None) -> "Place":
        """The same place, its rows read in another order on each side, as those of the `whole` that it is a part of."""
        return replace(self, order=order, keys=(), beside=(whole or self).parent)

    def keyed(self, keys: tuple[str, ...], order: Orders | None) -> "Place":
        """The same place, its children read in an order and called by their keys."""
        return replace(self.sorted(order), keys=keys)

    def fits(self, expected: Array | tuple[Child, ...], actual: Array | tuple[Child, ...]) -> bool:
        """Whether the order here is one of so many rows; what a candidate's process writes need not agree with itself."""
        return self.order is not None and [len(order) for order in self.order] == [_rows(expected), _rows(actual)]

    def read(self, expected: _Row, actual: _Row) -> tuple[_Row, _Row]:
        """The rows of both sides in the order that is theirs here."""
        if self.order is None:
            return expected, actual
        return _sorted(expected, self.order[0]), _sorted(actual, self.order[1])

    def child(self, at: int) -> "Place":
        """The place of one of several children."""
        inner = self.inside(f"[{self.keys[at] if at < len(self.keys) else at}]")
        return replace(inner, parent=self.path + UNDER_KEYS) if self.keys else inner


@dataclass(frozen=True, slots=True)
class Standing:
    """A row of things as it stands on each side, and in which order it was compared."""

    place: Place
    expected: Array | tuple[Child, ...]
    actual: Array | tuple[Child, ...]
    scale: Scale


@dataclass(slots=True)
class Walk:
    """What is still to compare and what was found so far."""

    expected: Value
    actual: Value
    policy: Policy
    visit: Callable[["Walk", Node, Node, Place], None]  # compares two nodes of one kind
    most: int = MOST
    found: list[Mismatch] = field(default_factory=list)
    twins: dict[int, int] = field(default_factory=dict)  # expected node -> the actual node in its place
    standing: list[Standing] = field(default_factory=list)  # all that may have moved, where the order is set aside
    _back: dict[int, int] = field(default_factory=dict)
    _todo: list[tuple[Child, Child, Place]] = field(default_factory=list)
    _seen: set[tuple[int, int, str | None]] = field(default_factory=set)

    def pair(self, expected: Child, actual: Child, place: Place) -> None:
        """Compare two children later."""
        self._todo.append((expected, actual, place))

    def run(self) -> None:
        """Compare until nothing is left or enough was found."""
        while self._todo and len(self.found) < self.most:
            expected, actual, place = self._todo.pop()
            if isinstance(expected, Ref) and isinstance(actual, Ref):
                self._nodes(expected, actual, place)
            else:
                self._scalars(expected, actual, place)

    def say(self, place: Place, code: str, text: str) -> bool:
        """Note a difference, if it counts; whoever hears that it does not has to look at what lies below."""
        named = code if code.partition(" ")[0] in _OWN_NAME else place.code or code
        forgiven, full = _FORGIVEN.get(named), f"equivalence.{named}"
        if full in self.policy.aside or (forgiven is not None and self.policy.allows(forgiven)):
            return False
        self.found.append(Mismatch(full, f"{place.path}: {text}", ""))
        return True

    def differ(self, place: Place, code: str, expected: Child, actual: Child) -> bool:
        """Note that two children differ, showing both."""
        return self.say(place, code, f"expected {shown(self.expected, expected)}, got {shown(self.actual, actual)}")

    def _unlike(self, place: Place, code: str, expected: Child, actual: Child) -> None:
        """Note that two children can't be set beside each other, which leaves open whether they hold the same."""
        if not self.differ(place, code, expected, actual) and place.code is None:
            self.differ(place, "unclear", expected, actual)

    # -- order

    def rearranges(self, place: Place) -> bool:
        """Whether things here may have moved because the pristine code's do, from process to process."""
        return ORDER in self.policy.aside and place.code is None

    def free(self, place: Place, relaxation: Relaxation) -> bool:
        """Whether an order does not matter here: a project declared so, or it is set aside."""
        return self.policy.allows(relaxation) or self.rearranges(place)

    def _stands(self, expected: Array | tuple[Child, ...], actual: Array | tuple[Child, ...], place: Place, scale: Scale) -> None:
        if place.order is not None and ORDER in self.policy.aside and place.code in (None, "index"):
            self.standing.append(Standing(place, expected, actual, scale))

    # -- nodes

    def _nodes(self, expected: Ref, actual: Ref, place: Place) -> None:
        key = (expected.number, actual.number, place.code if place.order is None else None)
        if key in self._seen:
            return
        self._seen.add(key)
        left, right = self.expected.node(expected), self.actual.node(actual)
        if left.kind != right.kind:
            self._unlike(place, "lazy" if "lazy" in (left.kind, right.kind) else "type", expected, actual)
        elif self._same_identity(expected.number, actual.number, left.kind, place):
            self.visit(self, left, right, place)

    def _same_identity(self, expected: int, actual: int, kind: str, place: Place) -> bool:
        """Whether what was one object on one side is one object on the other. Instances count when arguments are involved."""
        twin, back = self.twins.setdefault(expected, actual), self._back.setdefault(actual, expected)
        if twin == actual and back == expected:
            return True
        if kind in _WITH_IDENTITY or (kind == "object" and place.code == "mutation"):
            shared = twin != actual
            return not self.say(
                place, "alias", "the same object as elsewhere, expected " + ("to be" if shared else "not to be") + " so"
            )
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
                self._unlike(place, "dtype", expected, actual)
        else:
            lazy = self._lazy(self.expected, expected) or self._lazy(self.actual, actual)
            self._unlike(place, "lazy" if lazy else "type", expected, actual)

    @staticmethod
    def _lazy(value: Value, child: Child) -> bool:
        return isinstance(child, Ref) and value.node(child).kind == "lazy"

    # -- numbers and sequences

    def numbers(self, expected: Array, actual: Array, place: Place, scale: Scale = Scale.OWN) -> None:
        """Compare numbers; their dtypes were compared before, so a difference in kind is one that the policy allows."""
        if expected.shape != actual.shape:
            self.say(place, "value", f"expected shape {expected.shape}, got {actual.shape}")
        elif place.order is not None and not place.fits(expected, actual):
            self.say(place, "type", "written down in another way")
        elif expected.dtype.kind != actual.dtype.kind:
            if not self.say(place, "dtype", f"expected {expected.dtype}, got {actual.dtype}") and place.code is None:
                self.say(place, "unclear", f"{expected.dtype} and {actual.dtype} are not compared")
        else:
            self._stands(expected, actual, place, scale)
            self._numbers(*place.read(expected, actual), place, scale)

    def _numbers(self, expected: Array, actual: Array, place: Place, scale: Scale) -> None:
        mask = differing(expected, actual, self.tolerance, scale)
        if not mask.any():
            return
        moved = place.code is None and place.order is None and rows.same_in_another_order(expected, actual)
        if not moved or not self.say(place, "order", "the same values in another order"):
            self._first(expected, actual, mask, place)

    def _first(self, expected: Array, actual: Array, mask: Array, place: Place) -> None:
        at = np.unravel_index(int(np.argmax(mask)), mask.shape) if mask.shape else ()
        index = f" at {', '.join(map(str, at))}" if at and mask.size > 1 else ""
        count = f" ({int(mask.sum())} of {mask.size} differ)" if mask.size > 1 else ""
        self.say(place, "value", f"expected {expected[at]!s}, got {actual[at]!s}{index}{count}")

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

    def parts(self, expected: Part, actual: Part, place: Place, scale: Scale = Scale.OWN) -> None:
        """Compare one part of a node with the same part of its twin; a few numbers beside each other are no column."""
        left, right = _as_floats(expected), _as_floats(actual)
        if isinstance(expected, np.ndarray) and isinstance(actual, np.ndarray):
            self.numbers(expected, actual, place, scale)
        elif left is not None and right is not None:
            self.numbers(left, right, place, Scale.COLUMN if scale is Scale.COLUMN else Scale.OWN)
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
            self.say(place, "value", f"expected {len(expected)} items, got {len(actual)}")
        elif place.order is not None and not place.fits(expected, actual):
            self.say(place, "type", "written down in another way")
        else:
            self._stands(expected, actual, place, Scale.OWN)
            tolerance = self.tolerance
            for at, (left, right) in reversed(list(enumerate(zip(*place.read(expected, actual), strict=True)))):
                if not _plainly_same(left, right, tolerance):
                    self.pair(left, right, place.child(at))


def _plainly_same(expected: Child, actual: Child, tolerance: Tolerance) -> bool:
    """Whether two children need no second look."""
    if type(expected) is not type(actual) or isinstance(expected, Ref):
        return False
    if isinstance(expected, float) and isinstance(actual, float):
        return same_float(expected, actual, tolerance)
    return expected == actual


def _sorted(part: _Row, order: Array) -> _Row:
    return tuple(part[at] for at in order) if isinstance(part, tuple) else part[order]


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
