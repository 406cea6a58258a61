"""Inputs made smaller as long as they show the same, and told as code that makes them again."""

import collections
import datetime
import decimal
import enum
import fractions
import itertools
import math
import pathlib
import pickle
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.correctness.shrinking import shrunk
from evaluation.probe import layout, shrinking
from evaluation.probe.snippet import LENGTH, snippet
from tests.evaluation_equal.forms import STRICT, between

MODULE = __name__


@dataclass
class Order:
    item: str
    price: float


class Place(NamedTuple):
    x: int
    y: int


class Colour(enum.Enum):
    RED = "r"


class Secretive:
    def __init__(self) -> None:
        self.hidden = object()


def target(*args: Any, **kwargs: Any) -> Any:
    return args, kwargs


def smallest(shows: Callable[..., bool], *args: Any) -> tuple[Any, ...]:
    """The arguments that are left of `args` while they show something; none of our own pickles is foreign here."""

    def smaller(data: bytes) -> list[bytes]:
        return [layout.dumps(call) for call in shrinking.smaller(*pickle.loads(data))]

    def still(data: bytes) -> bool:
        return shows(*pickle.loads(data)[0])

    ticks = itertools.count()
    found: tuple[tuple[Any, ...], Any] = pickle.loads(
        shrunk(layout.dumps((args, {})), smaller=smaller, shows=still, seconds=20_000, clock=lambda: next(ticks))
    )
    return found[0]


@pytest.mark.parametrize(
    ("shows", "given", "left"),
    [
        (lambda items: 7 in items, list(range(100)), [7]),
        (lambda items: sum(items) > 10, [9, 9, 9], [2, 9]),
        (lambda text: "x" in text, "some text of ours", "x"),
        (lambda text: len(text) >= 3, "some text of ours", "aaa"),
        (lambda words: words.get("b", 0) > 2, {"a": 1, "b": 70, "c": 2}, {"b": 3}),
        (lambda rows: any(number < 0 for row in rows for number in row), [(1, 2.5), (7, -3.25), (0, 1.0)], [(-3.0,)]),
        (lambda found: 3 in found, {1, 2, 3, 4}, {3}),
        (lambda number: number < -2, -1000, -3),
    ],
)
def test_what_does_not_matter_is_left_out(shows: Callable[..., bool], given: Any, left: Any) -> None:
    assert smallest(shows, given) == (left,)


def test_arrays_lose_rows_columns_digits_and_odd_layouts() -> None:
    (left,) = smallest(lambda array: bool((array > 5).any()), np.asfortranarray(np.linspace(0, 9.7, 60).reshape(10, 6))[::2])

    assert left.shape == (1, 1) and left.flags.c_contiguous
    assert len(repr(left.item())) <= 3


def test_time_bounds_the_search() -> None:
    ticks = itertools.count()
    asked: list[bytes] = []

    def shows(data: bytes) -> bool:
        asked.append(data)
        return True

    found = shrunk(b"x" * 100, smaller=lambda data: [data[:-1]], shows=shows, seconds=10, clock=lambda: next(ticks))

    assert len(found) == 100 - len(asked) and len(asked) == 9


@settings(max_examples=12, deadline=None)
@given(st.recursive(st.integers() | st.floats() | st.text() | st.none(), lambda inner: st.lists(inner) | st.tuples(inner, inner)))
def test_the_search_for_less_comes_to_an_end(value: Any) -> None:
    (left,) = smallest(lambda _: True, [value])

    assert left == []


WRITABLE = [
    (1, True, None, "a\n", b"\x00", 1.5, math.inf, -0.0, 2j, range(3), slice(1, 2)),
    ([1, (2,), {3}, frozenset({4}), {"a": [()]}, set()],),
    (decimal.Decimal("1.20"), fractions.Fraction(1, 3), pathlib.PurePosixPath("/a")),
    (datetime.date(2024, 1, 2), datetime.datetime(2024, 1, 2, 3, fold=1), datetime.timedelta(1)),
    (datetime.datetime(2024, 1, 2, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")), datetime.time(1, tzinfo=datetime.UTC)),
    (np.array([1, 2], "i4"), np.zeros((2, 0)), np.array([math.nan]), np.array(["2024", "NaT"], "M8[D]"), np.array(["a", "bc"])),
    (np.asfortranarray(np.ones((2, 3))), np.float32(1.5), np.datetime64("2024-01-02"), np.array([1, "a", None], dtype=object)),
    (Order("a", 1.5), Place(1, 2), Colour.RED),
]


@pytest.mark.parametrize("args", WRITABLE)
def test_code_makes_the_same_call_again(args: tuple[Any, ...]) -> None:
    code = snippet(args, {"key": 1}, MODULE, "target")

    assert code is not None
    names: dict[str, Any] = {}
    head, _, call = code.partition("\n\n")
    exec(head, names)
    made = eval(call, names)
    assert between(made, (args, {"key": 1}), STRICT) == set()


def test_code_imports_what_it_needs_and_breaks_long_lines() -> None:
    assert snippet((np.array([1]), 2), {}, MODULE, "target") == (
        f"import numpy as np\nfrom {MODULE} import target\n\ntarget(np.array([1], dtype='int64'), 2)"
    )
    assert (snippet(("a" * 60, "b" * 60), {}, MODULE, "target") or "").endswith(f"(\n    '{'a' * 60}',\n    '{'b' * 60}',\n)")
    assert (snippet((1,), {}, MODULE, "Order.price") or "").endswith(f"from {MODULE} import Order\n\nOrder.price(1)")


def shared() -> tuple[Any, ...]:
    items = [1]
    return items, items


@pytest.mark.parametrize(
    "args",
    [
        (Secretive(),),
        (list(range(LENGTH)),),
        (np.arange(1000),),
        (np.arange(6)[::2],),
        (np.broadcast_to(np.ones(1), (2,)),),
        (iter([1]),),
        (collections.Counter("a"),),
        shared(),
        (lambda: 1,),
    ],
)
def test_what_code_would_not_make_again_is_not_told_as_code(args: tuple[Any, ...]) -> None:
    assert snippet(args, {}, MODULE, "target") is None
