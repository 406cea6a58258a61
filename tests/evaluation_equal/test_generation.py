"""Inputs from annotations and their changes: of the types asked for, repeatable, and such that values meet."""

import collections
import dataclasses
import datetime
import decimal
import enum
import importlib
import ipaddress
import itertools
import subprocess
import sys
import typing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from evaluation.probe import annotations, edges, strategies


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Point(typing.NamedTuple):
    x: int
    y: float


class Row(typing.TypedDict):
    name: str
    price: decimal.Decimal


@dataclasses.dataclass(frozen=True)
class Node:
    value: int
    next: "Node | None" = None
    colour: Colour = Colour.RED


class Positive:
    def __init__(self, number: int) -> None:
        if number <= 0:
            raise ValueError("not positive")
        self.number = number


class Never:
    def __init__(self, number: int) -> None:
        raise ValueError(f"never {number}")


def drawn(hint: Any, count: int = 60) -> list[Any]:
    def function(value): ...

    function.__annotations__ = {"value": hint}
    makers = annotations.parameters(function)
    return [annotations.call(makers, Random(seed))[0][0] for seed in range(count)]


@pytest.mark.parametrize(
    ("hint", "kind"),
    [
        (Colour, Colour), (Point, Point), (Row, dict), (Node, Node), (Positive, Positive), (decimal.Decimal, decimal.Decimal),
        (datetime.date, datetime.date), (datetime.datetime, datetime.datetime), (datetime.timedelta, datetime.timedelta),
        (list[Node], list), (dict[str, Point], dict), (Sequence[int], list), (tuple[int, str], tuple), (set[str], set),
        (typing.NewType("Id", int), int), (typing.Literal["a"], str), (bytes, bytes), (complex, complex),
        (collections.Counter[str], collections.Counter), (collections.OrderedDict[str, int], collections.OrderedDict),
        (list[dict[str, float]], list),
        (np.float32, np.float32), (np.integer, np.int64), (npt.NDArray[np.int64], np.ndarray), (npt.ArrayLike, np.ndarray),
    ],
)  # fmt: skip
def test_values_are_made_for_what_people_annotate(hint: Any, kind: type) -> None:
    made = drawn(hint)

    assert {type(value) for value in made} == {kind}
    assert repr(drawn(hint, 5)) == repr(made[:5]) or hint is Positive, "the same seed gives the same value"


@pytest.mark.parametrize("hint", [Callable[[int], int], Iterator[int], typing.Pattern[str]])
def test_what_nothing_can_be_made_for_is_said(hint: Any) -> None:
    with pytest.raises(annotations.NotAnnotated, match="no values can be made for"):
        drawn(hint)


def test_a_class_that_refuses_everything_ends_with_its_reason() -> None:
    with pytest.raises(annotations.NotAnnotated, match="ValueError: never"):
        drawn(Never, 1)


def test_names_that_are_imported_for_type_checkers_only_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = "import typing\nif typing.TYPE_CHECKING:\n    from collections.abc import Sequence as Many\n    import nowhere\n"
    (tmp_path / "for_checkers.py").write_text(head + "\ndef total(numbers: 'Many[int]') -> 'Many[int]':\n    return numbers\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    total = importlib.import_module("for_checkers").total

    args, kwargs = annotations.call(annotations.parameters(total), Random(1), size=3)

    assert ([type(number) for number in args[0]], kwargs) == ([int] * 3, {})


def test_values_meet() -> None:
    pairs = [pair for pair in drawn(list[tuple[int, int]], 200) if len(pair) > 1]

    assert sum(len({first for first, _ in pair}) < len(pair) for pair in pairs) > len(pairs) / 4, "equal keys"
    assert any(first[1] == second[0] for pair in pairs for first, second in itertools.pairwise(pair)), "touching"
    assert any(value == 0.0 for value in drawn(float, 100))


def mean(numbers: list[float], mode: typing.Literal["a", "b"], more: int | None = None): ...


@pytest.mark.slow
def test_hypothesis_fills_in_where_we_know_nothing() -> None:
    def function(address: ipaddress.IPv4Address, times: int = 1): ...

    found = strategies.calls(function, 7, 10)

    assert all(isinstance(args[0], ipaddress.IPv4Address) for args, _ in found)
    assert all(abs(value) <= strategies.LARGEST_COUNT for args, _ in found for value in args[1:])
    assert found == strategies.calls(function, 7, 10)
    assert strategies.calls(mean, 7, 10) == strategies.calls(mean, 7, 10)
    assert all(abs(number) <= 1e6 for args, _ in strategies.calls(mean, 7, 10) for number in args[0])
    with pytest.raises(strategies.Unknown, match="has no annotation"):
        strategies.calls(lambda value: value, 1, 3)


FAR_FETCHED = """
import sys
from evaluation.probe.source import Source
source = Source({"path": "m.py", "name": "mean"}, {"baseline": sys.argv[1]})
assert source.load({}, [])[0]["kind"] == "scaled"
for count in (99, 120):
    told, data = source.varied({"seed": 3, "count": count}, [])
    print(len(data), sum(each["description"].startswith("far-fetched: ") for each in told["samples"]))
"""


@pytest.mark.slow
def test_hypothesis_is_asked_beside_our_own_makers_where_many_inputs_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("def mean(numbers: list[float]) -> float:\n    return sum(numbers) / len(numbers)\n")
    words = [sys.executable, "-c", FAR_FETCHED, str(tmp_path)]

    done = subprocess.run(words, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120)

    assert done.stdout.split() == ["99", "0", "120", "15"], done.stderr[-2000:]


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (("a-b", 2), ("a-a-b", 2)),  # a piece again
        (("ab", 1), ("aab", 1)),  # a letter again
        (("ab cd", 3), ("ab cd", 5)),  # as many as the text has letters
        (([1.0, 2.0, 3.0],), ([1.0, 2.0, 2.0],)),  # a tie
        (([(1, "a"), (2, "b")],), ([(2, "a"), (2, "b")],)),  # the same key on another thing
        (([Node(1), Node(2, colour=Colour.BLUE)],), ([Node(2), Node(2, colour=Colour.BLUE)],)),
        (([1, 2, 3], [7, 8]), ([1, 7, 3], [7, 8])),
    ],
)
def test_changes_make_things_meet_and_leave_the_original_alone(args: tuple[Any, ...], wanted: tuple[Any, ...]) -> None:
    before = repr(args)

    found = [changed for seed in range(60) for _, changed, _ in edges.mutations(args, {}, Random(seed), set())]

    assert wanted in found
    assert repr(args) == before


def test_emptiness_comes_first_and_no_change_again_before_all_came_once() -> None:
    seen: set[Any] = set()
    streams = [edges.mutations(([1, 2, 3], [4.0, 5.0]), {}, Random(seed), seen) for seed in range(12)]

    told = [next(stream)[0] for _ in range(2) for stream in streams]

    assert set(told[:2]) == {"nothing in argument 1", "nothing in argument 2"}
    assert len(set(told)) == len(told)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), decimal.Decimal("NaN"), decimal.Decimal("Infinity"), -0.0, 10**400, ""]
)
def test_odd_numbers_bear_being_changed(value: Any) -> None:
    assert all(len(change) == 3 for change in edges.mutations((value, [value]), {}, Random(1), set()))


@pytest.mark.parametrize("kept", [list, tuple, lambda arrays: dict(zip("ab", arrays, strict=True))])
def test_arrays_in_containers_are_changed_like_arrays(kept: Callable[[list[Any]], Any]) -> None:
    value = kept([np.array([1.0, 2.0]), np.array([3.0, 4.0])])
    before = repr(value)

    found = [
        args[0] for seed in range(20) for what, args, _ in edges.mutations((value,), {}, Random(seed), set()) if "inside" in what
    ]

    arrays = [list(each.values()) if isinstance(each, dict) else each for each in found]
    assert {type(each) for each in found} == {type(value)}
    assert any(np.isnan(array).any() for each in arrays for array in each)
    assert all(len(each) == 2 for each in found)
    assert repr(value) == before
