"""What comes out of a sandbox may be anything: it is read as a value, or refused; nothing else can happen."""

import copy
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.comparison import compare
from evaluation.plain import BadFrame, Value
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
    value = Value.read(node("array", "numpy.ndarray", {}, {"data": raw}), [bytes(8)])

    with pytest.raises(BadFrame):
        value.part(value.nodes[0], "data")


places = st.lists(st.integers(0, 8), min_size=1, max_size=8)
junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just([]) | st.just(["@", 0])


@settings(max_examples=60, deadline=None)
@given(path=places, thing=junk)
def test_a_frame_with_anything_in_any_place_is_compared_or_refused(path: list[int], thing: Any) -> None:
    good, buffers = observe(lambda a: (a[::-1], {"k": a.sum()}), (np.arange(30.0),), {})
    bad = json.loads(json.dumps(good))
    _put(bad, path, thing)

    try:
        differences = compare(Value.read(good, buffers), Value.read(bad, buffers))
    except BadFrame:
        return
    assert isinstance(differences, list)


def _put(tree: Any, path: list[int], thing: Any) -> None:
    """Replace whatever the path leads to: each step picks a key or a position."""
    for step in path[:-1]:
        inner = _child(tree, step)
        if not isinstance(inner, dict | list) or not inner:
            break
        tree = inner
    if isinstance(tree, dict):
        tree[list(tree)[path[-1] % len(tree)]] = copy.deepcopy(thing)
    else:
        tree[path[-1] % len(tree)] = copy.deepcopy(thing)


def _child(tree: Any, step: int) -> Any:
    return tree[list(tree)[step % len(tree)]] if isinstance(tree, dict) else tree[step % len(tree)]


def test_a_good_frame_is_read_whole() -> None:
    value = Value.read(json.loads(json.dumps(TREE)), BUFFERS)

    assert len(value.nodes) == 3
    assert compare(value, Value.read(TREE, BUFFERS)) == []
