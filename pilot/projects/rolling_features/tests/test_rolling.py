import numpy as np
import pandas as pd
import pytest
from benchmarks.inputs import meters
from features import reference
from features.rolling import rolling_features


def table(**columns):
    return pd.DataFrame(columns)


def test_a_window_ends_with_its_own_row():
    result = rolling_features(table(a=[1.0, 2.0, 6.0, 4.0]), ["a"], [2])

    assert result["a_mean_2"].tolist() == [1.0, 1.5, 4.0, 5.0]
    assert result["a_low_2"].tolist() == [1.0, 1.0, 2.0, 4.0]
    assert result["a_high_2"].tolist() == [1.0, 2.0, 6.0, 6.0]
    assert result["a_spread_2"].tolist() == [0.0, 1.0, 4.0, 2.0]


def test_features_stand_column_by_column_then_window_by_window():
    result = rolling_features(table(a=[1.0], b=[2.0]), ["b", "a"], [3, 2])

    assert result.columns[:6].tolist() == ["b_mean_3", "b_low_3", "b_high_3", "b_spread_3", "b_mean_2", "b_low_2"]
    assert result.shape == (1, 16)


def test_missing_values_are_left_out_of_their_windows():
    result = rolling_features(table(a=[1.0, np.nan, 4.0]), ["a"], [3])

    assert result["a_mean_3"].tolist() == [1.0, 1.0, 2.5]


def test_too_few_values_make_a_missing_feature():
    result = rolling_features(table(a=[1.0, np.nan, 4.0, 5.0]), ["a"], [2], min_count=2)

    np.testing.assert_array_equal(result["a_high_2"], [np.nan, np.nan, np.nan, 5.0])


def test_a_column_without_any_value_has_features_without_any_value():
    result = rolling_features(table(a=[np.nan] * 4), ["a"], [2, 3])

    assert result.isna().all(axis=None)
    assert set(result.dtypes.astype(str)) == {"float64"}


def test_whole_numbers_become_floats():
    result = rolling_features(table(a=[1, 2, 4]), ["a"], [2])

    assert result["a_mean_2"].tolist() == [1.0, 1.5, 3.0]
    assert result["a_low_2"].dtype == "float64"


def test_a_negative_zero_counts_as_zero():
    result = rolling_features(table(a=[-0.0, -0.0]), ["a"], [2])

    assert not np.signbit(result.to_numpy()).any()


def test_the_rows_keep_their_labels():
    frame = table(a=[1.0, 2.0, 3.0]).set_axis(pd.Index([30, 10, 10], name="minute"))

    pd.testing.assert_index_equal(rolling_features(frame, ["a"], [2]).index, frame.index)


@pytest.mark.parametrize("rows", [0, 1])
def test_tables_without_a_past(rows):
    (frame, columns, windows), options = meters(4, rows, 5)

    result = rolling_features(frame, columns, windows, **options)

    assert result.shape == (rows, 5 * 2 * 4)
    assert set(result.dtypes.astype(str)) == {"float64"}


def test_a_window_longer_than_the_table_sees_all_of_it():
    result = rolling_features(table(a=[1.0, 3.0]), ["a"], [50])

    assert result["a_mean_50"].tolist() == [1.0, 2.0]


def test_the_input_stays_as_it_was():
    (frame, columns, windows), options = meters(8, 50, 4)
    before = frame.copy(deep=True)

    rolling_features(frame, columns, windows, **options)

    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("columns", "windows", "min_count", "error"),
    [
        ([], [2], 1, ValueError),
        (["a"], [], 1, ValueError),
        (["a", "a"], [2], 1, ValueError),
        (["nowhere"], [2], 1, KeyError),
        (["label"], [2], 1, TypeError),
        (["endless"], [2], 1, ValueError),
        (["broken"], [2], 1, ValueError),
        (["a"], [2, 2], 1, ValueError),
        (["a"], [0], 1, ValueError),
        (["a"], [2, 3], 3, ValueError),
    ],
)
def test_unclear_requests_are_refused(columns, windows, min_count, error):
    frame = table(a=[1.0], label=["x"], endless=[np.inf], broken=[-(2**63)])

    with pytest.raises(error):
        rolling_features(frame, columns, windows, min_count)


@pytest.mark.parametrize("seed", range(15))
def test_agrees_with_the_reference(seed):
    args, kwargs = meters(seed, 2 * seed, 1 + seed % 5)

    pd.testing.assert_frame_equal(
        rolling_features(*args, **kwargs), reference.rolling_features(*args, **kwargs), check_exact=True
    )
