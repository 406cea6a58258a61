"""Arrays come out of their pickles as they lay in memory."""

import pickle
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from evaluation.probe import layout

Array = npt.NDArray[np.generic]
BLOCK = np.arange(60.0).reshape(5, 12)
RECORDS = np.array([(1, 2.5), (2, 3.5), (3, 4.5)], dtype=[("a", "i4"), ("b", "f8")])
NESTED = np.array([[1, "a"], [2, None], ["b", 3.5]], dtype=object)

STRIDED: dict[str, Callable[[], Array]] = {
    "backwards": lambda: BLOCK[0][::-1],
    "backwards twice": lambda: BLOCK[::-1, ::-1],
    "every third column": lambda: BLOCK[:, ::3],
    "one column": lambda: BLOCK[:, 2],
    "a corner": lambda: BLOCK[1:3, 4:7],
    "turned": lambda: BLOCK.reshape(3, 4, 5).transpose(1, 0, 2),
    "broadcast rows": lambda: np.broadcast_to(BLOCK[0], (4, 12)),
    "one number broadcast": lambda: np.broadcast_to(np.int16(7), (300, 200)),
    "windows": lambda: np.lib.stride_tricks.sliding_window_view(BLOCK[0], 4),
    "a field of records": lambda: RECORDS["b"],
    "moments": lambda: np.arange(12).astype("M8[s]")[::2],
    "bytes": lambda: np.frombuffer(b"abcdef", "u1")[::-2],
}


def again(value: Array) -> Array:
    made: Array = pickle.loads(layout.dumps(value))
    return made


@pytest.mark.parametrize("name", STRIDED)
def test_strides_and_whether_it_can_be_written_to_are_kept(name: str) -> None:
    value = STRIDED[name]()

    made = again(value)

    assert (made.dtype, made.strides, made.flags.writeable) == (value.dtype, value.strides, value.flags.writeable)
    np.testing.assert_array_equal(made, value)


@pytest.mark.parametrize("order", ["C", "F"])
def test_read_only_arrays_keep_their_order(order: "np._OrderKACF") -> None:
    value = np.array(BLOCK, order=order)
    value.flags.writeable = False

    made = again(value)

    assert (made.strides, made.flags.writeable) == (value.strides, False)


def test_what_lies_between_the_items_makes_no_other_input() -> None:
    one, other = np.zeros((4, 2)), np.ones((4, 2))
    other[:, 0] = 0

    assert layout.dumps(one[:, 0]) == layout.dumps(other[:, 0])


def test_a_few_items_far_apart_take_little_memory_and_objects_stay_objects() -> None:
    far, objects = np.zeros((1000, 1000))[::100, 3], NESTED[::-1, ::-1]

    assert len(layout.dumps(far)) < 4 * far.nbytes + 1000
    assert len(layout.dumps(np.broadcast_to(1.5, (10**5, 10**6)))) < 1000
    for value in (far, objects):
        assert not again(value).flags.c_contiguous
        np.testing.assert_array_equal(again(value), value)
