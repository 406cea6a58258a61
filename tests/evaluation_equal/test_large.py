"""Very many small things: compared without looking at each through numpy, and no less strictly for it."""

import pytest

from evaluation.compare.comparison import compare
from evaluation.compare.plain import Value
from evaluation.probe import codec

ULP = 1 + 2**-52


def codes(expected: object, actual: object) -> list[str]:
    return [each.code for each in compare(*(Value.read(*codec.encode(value)) for value in (expected, actual)))]


@pytest.mark.parametrize(
    ("expected", "actual", "wanted"),
    [
        ([(1, 0.1)], [(1, 0.1 * ULP)], []),
        ({"a": [0.1, 2.0]}, {"a": [0.1 * ULP, 2.0]}, []),
        ({"a": [0.1, 2.0]}, {"a": [0.1, 2.1]}, ["equivalence.value"]),
        ([[0.0, 1.0]], [[-0.0, 1.0]], ["equivalence.value"]),
        ([[1, 2]], [[1.0, 2]], ["equivalence.type"]),
        ([[True, "a"]], [[1, "a"]], ["equivalence.type"]),
        ([["a", "b"]], [["b", "a"]], ["equivalence.order"]),
        ({1: "a", "b": 2}, {True: "a", "b": 2}, ["equivalence.value"]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ["equivalence.order"]),
        ([[float("nan"), "a"]], [[float("nan"), "a"]], []),
    ],
)
def test_small_things_in_great_number_are_compared_as_strictly(expected: object, actual: object, wanted: list[str]) -> None:
    assert codes(expected, actual) == wanted
    assert codes(expected, expected) == []


def test_what_two_sets_of_keys_lack_is_said_of_each_that_lacks_something() -> None:
    (missing,) = compare(*(Value.read(*codec.encode(value)) for value in ({"a": 1, "b": 2}, {"a": 1})))
    (more,) = compare(*(Value.read(*codec.encode(value)) for value in ({"a": 1}, {"a": 1, "b": 2})))

    assert missing.text == "result: keys differ: missing [\"str:'b'\"]"
    assert more.text == "result: keys differ: not expected [\"str:'b'\"]"
