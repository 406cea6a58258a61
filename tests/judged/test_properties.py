"""What holds for all values: a copy is equal, any single change is seen, relaxing only forgives, sides can be swapped."""

import copy
import dataclasses
import datetime
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.policy import Level, Policy, Relaxation
from tests.evaluation_equal.forms import STRICT, between, relaxed

pytestmark = pytest.mark.slow


@dataclasses.dataclass
class Box:
    content: Any


_DTYPES = ("f8", "f4", "i8", "i4", "u1", "bool", "c16", "M8[s]", "U3")
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.binary(max_size=4) | st.complex_numbers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.fractions()
    | st.datetimes() | st.dates() | st.timedeltas(max_value=datetime.timedelta(9))
)  # fmt: skip
arrays = st.builds(
    lambda numbers, dtype, columns: np.array(numbers * columns).astype("i8").astype(dtype).reshape(-1, columns),
    st.lists(st.integers(0, 100), min_size=1, max_size=5),
    st.sampled_from(_DTYPES),
    st.integers(1, 3),
)
values = st.recursive(
    scalars | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(st.floats(), max_size=20)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=3) | st.integers() | st.floats(allow_nan=False), inner, max_size=3)
        | st.frozensets(st.integers() | st.text(max_size=2), max_size=4)
        | inner.map(Box)
    ),
    max_leaves=10,
)


def changed(thing: Any) -> Iterator[Any]:
    """The value with one leaf changed, for each of its leaves."""
    if isinstance(thing, list | tuple):
        for at, item in enumerate(thing):
            yield from (type(thing)([*thing[:at], other, *thing[at + 1 :]]) for other in changed(item))
        yield type(thing)([*thing, None])
    elif isinstance(thing, dict):
        yield from ({**thing, key: other} for key, item in thing.items() for other in changed(item))
        for key in thing:
            others = (other for other in changed(key) if other not in thing)
            yield from ({other if each == key else each: item for each, item in thing.items()} for other in others)
    elif isinstance(thing, frozenset):
        yield thing ^ {object}
    elif isinstance(thing, Box):
        yield from map(Box, changed(thing.content))
    elif isinstance(thing, np.ndarray):
        yield from _arrays_near(thing)
    else:
        yield _another(thing)


def _arrays_near(thing: Any) -> Iterator[Any]:
    for place in np.ndindex(thing.shape):
        other = thing.copy()
        other[place] = "zzz" if thing.dtype.kind == "U" else (not thing[place] if thing.dtype.kind == "b" else thing[place] + 1)
        yield other


def _another(thing: Any) -> Any:
    match thing:
        case None:
            return math.nan
        case bool():
            return not thing
        case float():
            return 0.5 if math.isnan(thing) else -thing if math.isinf(thing) else math.nextafter(thing, math.inf)
        case str():
            return thing + "\ud800"
        case bytes():
            return thing + b"\0"
        case complex():
            return complex(_another(thing.real), thing.imag)
        case datetime.datetime() | datetime.date():
            return thing.replace(day=thing.day % 28 + 1)
        case datetime.timedelta():
            return thing + datetime.timedelta(microseconds=1)
        case _:
            return thing + 1


near = values.flatmap(lambda thing: st.tuples(st.just(thing), st.sampled_from([copy.deepcopy(thing), *changed(thing)])))
FEW = settings(max_examples=100, deadline=None)


@FEW
@given(thing=values)
def test_every_value_is_the_same_as_its_copy(thing: Any) -> None:
    assert between(thing, copy.deepcopy(thing), STRICT) == set()


@FEW
@given(data=st.data(), thing=values)
def test_every_single_change_of_a_leaf_is_seen_under_strict(data: st.DataObject, thing: Any) -> None:
    others = list(changed(thing))
    if others:
        assert between(thing, data.draw(st.sampled_from(others)), STRICT)


@FEW
@given(pair=near, names=st.sets(st.sampled_from(list(Relaxation)), max_size=3), more=st.sampled_from(list(Relaxation)))
def test_relaxing_never_makes_two_values_differ(pair: tuple[Any, Any], names: set[Relaxation], more: Relaxation) -> None:
    some, all_of_them = relaxed(*names), relaxed(*names, more)

    if not between(*pair, STRICT):
        assert not between(*pair)
    if not between(*pair):
        assert not between(*pair, some)
    if not between(*pair, some):
        assert not between(*pair, all_of_them)


@FEW
@given(pair=near, names=st.sets(st.sampled_from(list(Relaxation)), max_size=2), level=st.sampled_from(list(Level)))
def test_swapping_the_sides_keeps_the_verdict(pair: tuple[Any, Any], names: set[Relaxation], level: Level) -> None:
    names -= {Relaxation.DTYPE_WIDENING}  # which has a direction
    policy = Policy(level).relax(*names)

    assert bool(between(*pair, policy)) == bool(between(*reversed(pair), policy))


@FEW
@given(
    numbers=st.lists(st.floats(1e-3, 1e3), min_size=3, max_size=40),
    seed=st.integers(0, 2**32),
    offset=st.sampled_from([0, 1, 1e6]),
)
def test_sums_in_another_order_are_equal_where_nothing_cancels(numbers: list[float], seed: int, offset: float) -> None:
    array = np.array(numbers) + offset
    groups = np.random.default_rng(seed).integers(0, 3, len(array))
    one_by_one = np.array([sum(array[groups == group].tolist()) for group in range(3)])

    assert between(one_by_one, np.bincount(groups, weights=array, minlength=3)) == set()
    assert between(array.mean(), np.float64(math.fsum(array[::-1]) / len(array))) == set()
