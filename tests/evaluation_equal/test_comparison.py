"""Which values count as the same: pairs that comparators in the field were seen to get wrong, and properties over the rest."""

import collections
import copy
import dataclasses
import datetime
import decimal
import enum
import fractions
import io
import itertools
import math
import re
import threading
import types
import zoneinfo
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.compare.comparison import compare
from evaluation.policy import Relaxation
from tests.evaluation_equal.forms import STRICT, between, codes, relaxed, value


class Point(NamedTuple):
    x: int
    y: int


class Other(NamedTuple):
    x: int
    y: int


@dataclasses.dataclass
class Box:
    content: Any


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class SameAsAnything:
    def __init__(self, hidden: int) -> None:
        self.hidden = hidden

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> Any:
        return (int, (0,))


class Slotted:
    __slots__ = ("inside",)

    def __init__(self, inside: Any) -> None:
        self.inside = inside


class SubList(list):  # type: ignore[type-arg]
    def __iter__(self) -> Any:
        raise AssertionError("nobody may ask the value")

    def __len__(self) -> int:
        raise AssertionError("nobody may ask the value")


def shared(twice: bool) -> list[Any]:
    inner: list[int] = []
    return [inner, inner] if twice else [[], []]


def raised_from(cause: BaseException | None) -> BaseException:
    error = RuntimeError("x")
    error.__cause__ = cause
    return error


class Zone(datetime.tzinfo):
    def __init__(self, hours: int) -> None:
        self.hours = hours

    def utcoffset(self, _moment: datetime.datetime | None) -> datetime.timedelta:
        return datetime.timedelta(hours=self.hours)

    def dst(self, _moment: datetime.datetime | None) -> datetime.timedelta:
        return datetime.timedelta()


def frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array


def masked(*mask: int) -> Any:
    return np.ma.MaskedArray([1, 2, 3], mask=list(mask))


UTC, ELSEWHERE = datetime.UTC, datetime.timezone(datetime.timedelta(hours=2))
NOON = datetime.datetime(2024, 5, 1, 12, tzinfo=UTC)

DIFFERENT = {
    "integers by little": (np.array([1_000_000]), np.array([1_000_005]), "value"),
    "integers beyond a float's precision": (np.array([2**53]), np.array([2**53 + 1]), "value"),
    "tiny floats by a factor of five": (np.array([1e-9]), np.array([5e-9]), "value"),
    "floats by nine in a million": (np.array([1.0]), np.array([1.000009]), "value"),
    "tiny against zero": (np.array([1e-9]), np.array([0.0]), "value"),
    "a value without dimensions": (np.array(1.0), np.array(1.0001), "value"),
    "a small column beside a large one": (np.array([[1e12, 1.0]] * 3), np.array([[1e12, 1.5]] * 3), "value"),
    "an imaginary part": (np.array([1 + 1j]), np.array([1 + 1.1j]), "value"),
    "signs of tiny numbers": (np.array([1e-9]), np.array([-1e-9]), "value"),
    "integers off by nine in a million": (np.array([10**6]), np.array([10**6 + 9]), "value"),
    "masks": (masked(0, 1, 0), masked(0, 0, 1), "value"),
    "None and NaN": ([None], [math.nan], "type"),
    "True and 1": ([True], [1], "type"),
    "True and 1 among objects": (np.array([True, "a"], dtype=object), np.array([1, "a"], dtype=object), "type"),
    "zeros by their sign": (0.0, -0.0, "value"),
    "zeros by their sign in arrays": (np.array([0.0, 1.0]), np.array([-0.0, 1.0]), "value"),
    "time zones of one instant": (NOON, NOON.astimezone(ELSEWHERE), "type value"),
    "two functions": (math.sin, math.cos, "value"),
    "two lambdas": (lambda: 1, lambda: 2, "unclear"),
    "exceptions by type": (KeyError("a"), RuntimeError("a"), "exception"),
    "exceptions by what they say": (ValueError("a"), ValueError("b"), "exception"),
    "an exception raised from the expected one": (KeyError("x"), raised_from(KeyError("x")), "exception"),
    "decimals by their digits": (decimal.Decimal("1.0"), decimal.Decimal("1.00"), "value"),
    "order of a dict": ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "order"),
    "keys of a dict": ({"a": 1}, {"b": 1}, "value"),
    "a key that is no integer": ({1: 0}, {True: 0}, "value"),
    "order of a list": ([1, 2, 3], [3, 2, 1], "order"),
    "order of an array": (np.array([1, 2, 3]), np.array([3, 2, 1]), "order"),
    "dtypes": (np.array([1]), np.array([1], dtype="i4"), "dtype"),
    "dtypes of scalars": (np.float64(1), np.float32(1), "dtype"),
    "Python's number and numpy's": (1.0, np.float64(1.0), "type"),
    "shapes": (np.zeros((2, 3)), np.zeros((3, 2)), "value"),
    "an array that became read-only": (np.zeros(2), np.broadcast_to(np.zeros(1), (2,)), "type"),
    "named tuples by class": (Point(1, 2), Other(1, 2), "type"),
    "a named tuple and a tuple": (Point(1, 2), (1, 2), "type"),
    "a list and a tuple": ([1], (1,), "type"),
    "fields": (Box(1), Box(2), "value"),
    "slots": (Slotted(1), Slotted(2), "value"),
    "objects that say they are equal": (SameAsAnything(1), SameAsAnything(2), "value"),
    "members of an enumeration": (Colour.RED, Colour.BLUE, "value"),
    "contents of text buffers": (io.StringIO("a"), io.StringIO("b"), "value"),
    "an object that was shared": (shared(True), shared(False), "alias"),
    "an object that was not shared": (shared(False), shared(True), "alias"),
    "a generator and a list": (iter([1]), [1], "lazy"),
    "kinds of iterators": (map(str, [1]), iter(["1"]), "lazy"),
    "what generators give": ((x for x in (1, 2)), (x for x in (1, 3)), "value"),
    "how generators end": ((1 // x for x in (1, 0)), (1 // x for x in (1,)), "lazy"),
    "subclasses of float": (1.0, fractions.Fraction(1), "type"),
    "counters and dicts": (collections.Counter("a"), {"a": 1}, "type"),
    "factories of defaults": (collections.defaultdict(list), collections.defaultdict(set), "type"),
    "lengths of queues": (collections.deque([1], 3), collections.deque([1], 4), "type"),
    "texts of half characters": ("a\ud800", "a\udc00", "value"),
    "half characters that would join": ("\ud83d\ude00", "\U0001f600", "type value"),
    "complex numbers": (1 + 2j, 1 - 2j, "value"),
    "fields of records": (np.array([(1, 2.0)], dtype="i4,f8"), np.array([(1, 3.0)], dtype="i4,f8"), "value"),
    "moments": (np.array(["2020-01-01"], "M8[D]"), np.array(["2020-01-02"], "M8[D]"), "value"),
    "units of moments": (np.array(["2020-01-01"], "M8[D]"), np.array(["2020-01-01"], "M8[s]"), "dtype"),
    "NaT and a moment": (np.array(["NaT"], "M8[D]"), np.array(["2020-01-02"], "M8[D]"), "value"),
    "huge integers": (10**30, 10**30 + 1, "value"),
    "keys that can't be read": ({threading.Lock(): 1}, {threading.Lock(): 1}, "unclear"),
    "locks": (threading.Lock(), threading.Lock(), "unclear"),
    "zones by name": (
        datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Paris")),
        "value",
    ),
    "zones of one's own": (
        datetime.datetime(2024, 1, 1, tzinfo=Zone(1)),
        datetime.datetime(2024, 1, 1, tzinfo=Zone(2)),
        "value",
    ),
    "matches": (re.match("a+", "aab"), re.match("a", "aab"), "value"),
    "views of mappings": (types.MappingProxyType({"a": 1}), types.MappingProxyType({"a": 2}), "value"),
    "files that errors tell of": (OSError(2, "no", "a"), OSError(2, "no", "b"), "exception"),
    "groups of errors": (ExceptionGroup("g", [ValueError(1)]), ExceptionGroup("g", [ValueError(2)]), "exception"),
    "records as arrays": (np.rec.array([(1, 2.0)], dtype="i4,f8"), np.array([(1, 2.0)], dtype="i4,f8"), "type"),
    "namespaces": (types.SimpleNamespace(a=1), types.SimpleNamespace(a=2), "value"),
}

SAME = {
    "the same float on another way": (0.1 + 0.2, 0.3),
    "re-associated sums": (np.array([sum([0.1] * 10)]), np.array([1.0])),
    "a rounded value without dimensions": (np.array(0.3), np.array(0.1 + 0.2)),
    "what cancels in a column": (np.array([[1.0, 7.0], [1e-16, 7.0]]), np.array([[1.0, 7.0], [-1e-17, 7.0]])),
    "what cancels in a row": (np.array([[1.0, 1e-16]]), np.array([[1.0, -1e-17]])),
    "an imaginary part that cancels": (np.array([1 + 1e-17j]), np.array([1 - 1e-16j])),
    "what cancels to almost nothing": (np.array([1.0, 1e-16]), np.array([1.0, -1e-17])),
    "NaN and NaN": (math.nan, float("nan")),
    "generators of equal content": ((x for x in (1, 2)), (y for y in (1, 2))),
    "map objects of equal content": (map(str, (1, 2)), map(repr, (1, 2))),
    "sets in whatever order": ({"a", "b", "c"}, {"c", "b", "a"}),
    "sets of floats by rounding": ({0.3, 1.5}, {0.1 + 0.2, 1.5}),
    "what lies under a mask": (np.ma.MaskedArray([1, 2], mask=[0, 1]), np.ma.MaskedArray([1, 7], mask=[0, 1])),
    "C and Fortran order": (np.zeros((2, 3)), np.asfortranarray(np.zeros((2, 3)))),
    "a view and its copy": (np.arange(6)[::2], np.array([0, 2, 4])),
    "masked scalars": (np.float64(0.1 + 0.2), np.float64(0.3)),
    "a partial and its twin": (itertools.repeat(1, 3), itertools.repeat(1, 3)),
    "a subclass that answers nothing": (SubList([1, 2]), SubList([1, 2])),
    "zones of one's own": (NOON.astimezone(Zone(1)), NOON.astimezone(Zone(1))),
    "matches": (re.match("a+", "aab"), re.match("a+", "aab")),
    "records": (np.rec.array([(1, 2.0)], dtype="i4,f8"), np.rec.array([(1, 2.0)], dtype="i4,f8")),
    "an array that may be written to now": (frozen(np.zeros(2)), np.zeros(2)),
    "named functions": (math.sin, math.sin),
    "compiled types with equal state": (np.random.default_rng(1), np.random.default_rng(1)),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_tells_apart(name: str) -> None:
    expected, actual, wanted = DIFFERENT[name]

    assert between(expected, actual) & set(wanted.split())


@pytest.mark.parametrize("name", SAME)
def test_takes_for_the_same(name: str) -> None:
    expected, actual = SAME[name]

    assert between(expected, actual) == set()


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (1.0, 1.0 + 2**-52),
        ({0.3: 1}, {0.1 + 0.2: 1}),
        ({0.3, 1.5}, {0.1 + 0.2, 1.5}),
        (np.zeros((2, 3)), np.asfortranarray(np.zeros((2, 3)))),
        (frozen(np.zeros(2)), np.zeros(2)),
        (raised_from(None), raised_from(KeyError())),
        (raised_from(KeyError("a")), raised_from(KeyError("b"))),
        (raised_from(raised_from(KeyError("a"))), raised_from(raised_from(OSError("a")))),
    ],
)
def test_strict_also_tells_apart_bits_layout_and_causes(expected: Any, actual: Any) -> None:
    assert between(expected, actual) == set()
    assert between(expected, actual, STRICT)


def test_ill_conditioned_variance_is_noticed() -> None:
    numbers = np.arange(1000.0) / 7 + 1e6
    one_pass = (numbers**2).mean() - numbers.mean() ** 2

    assert between(np.array([numbers.var()]), np.array([one_pass])) == {"value"}


def test_narrow_floats_get_the_tolerance_of_their_own_precision() -> None:
    numbers = np.linspace(0, 1, 10_000, dtype="f4")

    assert between(numbers.sum(dtype="f4", keepdims=True), numbers[::-1].sum(dtype="f4", keepdims=True)) == set()
    assert between(np.array([1.0], "f4"), np.array([1.0001], "f4")) == {"value"}


@pytest.mark.parametrize(
    ("relaxation", "expected", "actual"),
    [
        (Relaxation.ROW_ORDER, [3, 1, 2], [1, 2, 3]),
        (Relaxation.ROW_ORDER, [(1, "b"), (1, "a")], [(1, "a"), (1, "b")]),
        (Relaxation.ROW_ORDER, np.array([[3, 1], [1, 2]]), np.array([[1, 2], [3, 1]])),
        (Relaxation.ROW_ORDER, [0.5, 0.1 + 0.2] * 20, [0.3, 0.5] * 20),
        (Relaxation.DICT_ORDER, {"a": 1, "b": [2]}, {"b": [2], "a": 1}),
        (Relaxation.DTYPE_WIDENING, np.array([1], "i4"), np.array([1], "i8")),
        (Relaxation.DTYPE_WIDENING, np.float32(1), np.float64(1)),
        (Relaxation.FLOAT32, np.array([1.0, 2.0]), np.array([1.0, 2.000001], "f4")),
        (Relaxation.EXCEPTION_TEXT, ValueError("a"), ValueError("b")),
        (Relaxation.ALIAS, shared(True), shared(False)),
    ],
)
def test_what_a_project_declares_does_not_matter(relaxation: Relaxation, expected: Any, actual: Any) -> None:
    assert between(expected, actual)
    assert between(expected, actual, relaxed(relaxation)) == set()


@pytest.mark.parametrize(
    ("relaxation", "expected", "actual"),
    [
        (Relaxation.ROW_ORDER, [3, 1, 2], [1, 2, 4]),
        (Relaxation.ROW_ORDER, np.array([1, 1, 2]), np.array([1, 2, 2])),
        (Relaxation.DICT_ORDER, {"a": 1, "b": 2}, {"b": 1, "a": 2}),
        (Relaxation.DTYPE_WIDENING, np.array([1], "i8"), np.array([1], "i4")),
        (Relaxation.DTYPE_WIDENING, np.array([1], "i8"), np.array([1.0])),
        (Relaxation.FLOAT32, np.array([1.0]), np.array([1.001], "f4")),
        (Relaxation.EXCEPTION_TEXT, ValueError("a"), KeyError("a")),
    ],
)
def test_a_relaxation_goes_no_further_than_its_name(relaxation: Relaxation, expected: Any, actual: Any) -> None:
    assert between(expected, actual, relaxed(relaxation))


def test_cycles_and_depth_are_no_trouble() -> None:
    loop: list[Any] = [1]
    loop.append(loop)
    deep: list[Any] = []
    for _ in range(5000):
        deep = [deep]

    assert between(loop, copy.deepcopy(loop)) == set()
    assert between(loop, [1, [1, []]]) != set()
    assert codes(value(deep), value(deep)) == set()


def test_a_difference_says_where_and_what() -> None:
    (found,) = compare(value({"rows": [1, 2, 3]}), value({"rows": [1, 2, 5]}))

    assert found.text == "result['rows'][2]: expected 3, got 5"


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5) | st.complex_numbers()
    | st.decimals(allow_nan=False, places=2) | st.datetimes() | st.dates() | st.timedeltas() | st.fractions()
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
        | st.frozensets(st.integers() | st.text(max_size=2), max_size=4)
        | inner.map(Box)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(thing=values)
def test_every_value_is_the_same_as_its_copy(thing: Any) -> None:
    assert between(thing, copy.deepcopy(thing), STRICT) == set()


@settings(max_examples=60, deadline=None)
@given(one=values, other=values)
def test_what_python_tells_apart_by_its_text_is_told_apart(one: Any, other: Any) -> None:
    if repr(one) != repr(other):
        assert between(one, other, STRICT)


@settings(max_examples=40, deadline=None)
@given(numbers=st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=40), at=st.integers(0), factor=st.floats(1e-6, 1e6))
def test_any_single_change_of_a_float_is_noticed(numbers: list[float], at: int, factor: float) -> None:
    changed = list(numbers)
    changed[at % len(numbers)] += 2.1e-9 * max(1e-300, *map(abs, numbers)) * max(1, factor)

    assert between(np.array(numbers), np.array(changed)) == {"value"}
