"""What comes out of a sandbox may be anything: it is read as a value, or refused; nothing else can happen."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.compare.comparison import compare
from evaluation.compare.plain import BadFrame, Value
from evaluation.policy import Level, Policy, Relaxation
from evaluation.probe.codec import encode
from evaluation.probe.observe import observe

TREE, BUFFERS = encode({"a": np.arange(3), "b": [1.0] * 20, "c": 1 << 70})


def node(*parts: Any) -> dict[str, Any]:
    return {"v": 1, "root": ["@", 0], "nodes": [list(parts)]}


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        {},
        {"v": 2, "root": None, "nodes": []},
        {"v": 1, "root": ["@", 0], "nodes": []},
        {"v": 1, "root": ["@", -1], "nodes": []},
        {"v": 1, "root": ["@", True], "nodes": [["list", "list", {}, {}]]},
        {"v": 1, "root": ["#", "float", "1e5"], "nodes": []},
        {"v": 1, "root": ["#", "np:<f8", "zz"], "nodes": []},
        {"v": 1, "root": ["#", "np:junk", "00"], "nodes": []},
        {"v": 1, "root": ["#", "np:<M8[abc]", "00" * 8], "nodes": []},
        {"v": 1, "root": ["#", "np:<U1", "ffffffff"], "nodes": []},
        {"v": 1, "root": {"a": 1}, "nodes": []},
        node("list", "list", {}),
        node("list", "list", [], {}),
        node("list", "list", {}, {"items": ["*", [["@", 7]]]}),
        node("list", "list", {}, {"items": ["*", 3]}),
    ],
)
def test_what_is_no_value_is_refused(tree: Any) -> None:
    with pytest.raises(BadFrame):
        Value.read(tree, [b""])


@pytest.mark.parametrize(
    "raw",
    [
        ["raw", "|O", [1], 0, 0],
        ["raw", "O", [1], 0, 0],
        ["raw", "<f8", [10], 0, 0],
        ["raw", "<f8", [1 << 62, 1 << 62], 0, 0],
        ["raw", "<f8", [-1], 0, 0],
        ["raw", "<f8", [1], 9, 0],
        ["raw", "<f8", [1], 0, -8],
        ["raw", "<f8", [1], 0, 1 << 70],
        ["raw", "<f8", [1] * 100, 0, 0],
        ["raw", "f8, f8", [1], 0, 0],
        ["raw", "<f8"],
    ],
)
def test_numbers_that_are_not_there_are_refused(raw: list[Any]) -> None:
    with pytest.raises(BadFrame):
        Value.read(node("array", "numpy.ndarray", {}, {"data": raw}), [bytes(8)])


def everything(array: Any) -> Any:
    mixed = {"k": array[::-1], (1, 2): [1.0] * 30, "s": {1, "a"}, "l": [(1, 2.5), (3, "x")]}
    return mixed, np.ma.array([1, 2], mask=[0, 1]), iter([1])


GOOD, GOOD_BUFFERS = observe(everything, (np.arange(30.0),), {})
POLICIES = [Policy(), Policy(Level.STRICT), Policy(relaxed=frozenset(Relaxation))]
JUNK = [None, True, -1, 1 << 70, 3.5, "x", "<f8", "array", [], {}, ["@", 0], ["@", 2], ["#", "float", "nan"]]
JUNK += [
    ["#", "np:<f8", "00" * 8],
    ["*", [1, 2]],
    ["raw", "<i8", [3], 0, 0],
    ["raw", "<f8", [2, 2], 0, 0],
    ["raw", "|b1", [30], 0, 0],
    ["raw", "<U1", [30], 0, 0],
    ["#", "np:junk", "00"],
    ["#", "np:<M8[abc]", "00" * 8],
    ["#", "np:<U1", "ffffffff"],
]


def paths(tree: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, inner in inside:
        yield (*above, key)
        yield from paths(inner, (*above, key))


@settings(max_examples=200, deadline=None)
@given(path=st.sampled_from(list(paths(GOOD))), thing=st.sampled_from(JUNK), policy=st.sampled_from(POLICIES))
def test_a_frame_with_anything_in_any_place_is_refused_while_it_is_read_or_else_compared(
    path: tuple[Any, ...], thing: Any, policy: Policy
) -> None:
    bad = json.loads(json.dumps(GOOD))
    place = bad
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = thing

    try:
        forged = Value.read(bad, GOOD_BUFFERS)
    except BadFrame:
        return
    differences = compare(Value.read(GOOD, GOOD_BUFFERS), forged, policy)
    assert all(each.code.startswith("equivalence.") for each in differences)


def test_numbers_without_rows_where_there_should_be_some_are_another_thing() -> None:
    tree, buffers = encode([1.0] * 20)
    raw = tree["nodes"][0][3]["items"]
    forged = Value.read(node("list", "list", {}, {"items": [*raw[:2], [], *raw[3:]]}), buffers)

    for policy in POLICIES:
        assert compare(Value.read(tree, buffers), forged, policy)


def test_a_good_frame_is_read_whole() -> None:
    value = Value.read(json.loads(json.dumps(TREE)), BUFFERS)

    assert len(value.nodes) == 3
    assert compare(value, Value.read(TREE, BUFFERS)) == []


def test_things_shared_without_end_cost_no_time() -> None:
    wide: Any = [1]
    for _ in range(40):
        wide = [wide] * 50
    value = Value.read(*encode([wide, 1]))

    assert compare(value, Value.read(*encode([2, wide])), Policy(relaxed=frozenset({Relaxation.ROW_ORDER})))
