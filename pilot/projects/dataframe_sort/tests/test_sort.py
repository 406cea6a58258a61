import numpy as np
import pandas as pd
import pytest
from benchmarks.inputs import frames
from frames import reference
from frames.sort import sort_frame


def numbers(**columns):
    return pd.DataFrame(columns)


def test_the_first_column_counts_most():
    frame = numbers(a=[2, 1, 2, 1], b=[1, 2, 0, 1])

    result = sort_frame(frame, ["a", "b"], [True, True])

    assert result["a"].tolist() == [1, 1, 2, 2]
    assert result["b"].tolist() == [1, 2, 0, 1]


def test_each_column_has_its_own_direction():
    frame = numbers(a=["x", "y", "x", "y"], b=[1, 2, 3, 4])

    result = sort_frame(frame, ["a", "b"], [False, True])

    assert result["a"].tolist() == ["y", "y", "x", "x"]
    assert result["b"].tolist() == [2, 4, 1, 3]


@pytest.mark.parametrize("upwards", [True, False])
def test_ties_keep_their_order_in_both_directions(upwards):
    frame = numbers(a=[1.0, 0.0, 1.0, -0.0, 1.0], tag=list("abcde"))

    result = sort_frame(frame, ["a"], [upwards])

    assert "".join(result["tag"]) == ("bdace" if upwards else "acebd")


@pytest.mark.parametrize("upwards", [True, False])
@pytest.mark.parametrize("missing", ["first", "last"])
def test_missing_values_go_to_their_end_whatever_the_direction(missing, upwards):
    frame = numbers(a=[2.0, np.nan, 1.0, np.nan], tag=list("wxyz"))

    result = sort_frame(frame, ["a"], [upwards], missing=missing)

    present = "yw" if upwards else "wy"
    assert "".join(result["tag"]) == ("xz" + present if missing == "first" else present + "xz")


def test_missing_values_tie_with_each_other():
    frame = numbers(a=[None, "k", None], b=[2, 5, 1])

    assert sort_frame(frame, ["a", "b"], [True, True])["b"].tolist() == [5, 1, 2]


def test_whole_numbers_are_not_rounded_to_floats():
    frame = numbers(a=[2**53 + 1, 2**53], b=[0.5, 0.25])

    assert sort_frame(frame, ["a"], [True])["a"].tolist() == [2**53, 2**53 + 1]


def test_the_result_is_numbered_from_zero_and_keeps_every_dtype():
    (frame, by, ascending), options = frames(7, 40, 6)
    frame.index = range(100, 140)

    result = sort_frame(frame, by, ascending, **options)

    assert result.index.tolist() == list(range(40))
    assert result.dtypes.tolist() == frame.dtypes.tolist()
    assert result.columns.tolist() == frame.columns.tolist()


def test_the_input_stays_as_it_was():
    (frame, by, ascending), options = frames(3, 60, 6)
    before = frame.copy(deep=True)

    sort_frame(frame, by, ascending, **options)

    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("rows", [0, 1])
def test_nothing_to_sort(rows):
    (frame, by, ascending), options = frames(1, rows, 4)

    result = sort_frame(frame, by, ascending, **options)

    assert result.shape == (rows, 4)
    assert result.dtypes.tolist() == frame.dtypes.tolist()


def test_a_column_without_any_value_changes_nothing():
    frame = numbers(a=[np.nan] * 3, b=[3, 1, 2])

    assert sort_frame(frame, ["a"], [False])["b"].tolist() == [3, 1, 2]


@pytest.mark.parametrize(
    ("by", "ascending", "missing", "error"),
    [
        ([], [], "last", ValueError),
        (["a"], [True, False], "last", ValueError),
        (["a"], [True], "middle", ValueError),
        (["nowhere"], [True], "last", KeyError),
        (["kind"], [True], "last", TypeError),
    ],
)
def test_unclear_requests_are_refused(by, ascending, missing, error):
    frame = numbers(a=[1], kind=pd.Categorical(["x"]))

    with pytest.raises(error):
        sort_frame(frame, by, ascending, missing)


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_the_reference(seed):
    args, kwargs = frames(seed, 3 * seed, 1 + seed % 7)

    pd.testing.assert_frame_equal(
        sort_frame(*args, **kwargs), reference.sort_frame(*args, **kwargs), check_exact=True, check_freq=True
    )
