import numpy as np
import pandas as pd
import pytest
from benchmarks.inputs import tables
from events import reference
from events.join import match_events


def log(*rows, columns=("time", "device", "value")):
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({"time": "float64", "device": object} | ({"value": "float64"} if "value" in columns else {}))


def happened(*rows):
    return log(*rows, columns=("time", "device"))


READINGS = log((10.0, "press", 1.0), (20.0, "press", 2.0), (15.0, "saw", 7.0))


def test_an_event_gets_the_last_reading_of_its_own_device():
    result = match_events(happened((25.0, "press"), (25.0, "saw")), READINGS, ["value"])

    assert result["value"].tolist() == [2.0, 7.0]
    assert result["age"].tolist() == [5.0, 10.0]
    assert result["matched"].tolist() == [True, True]


def test_a_reading_at_the_same_moment_counts_and_a_later_one_does_not():
    result = match_events(happened((20.0, "press"), (19.5, "press")), READINGS, ["value"])

    assert result["value"].tolist() == [2.0, 1.0]


def test_of_two_readings_at_one_moment_the_lower_row_wins():
    readings = log((10.0, "press", 1.0), (10.0, "press", 2.0), (5.0, "press", 3.0))

    assert match_events(happened((11.0, "press")), readings, ["value"])["value"].tolist() == [2.0]


def test_neither_table_has_to_be_sorted():
    readings = READINGS.iloc[[1, 2, 0]]

    result = match_events(happened((25.0, "press"), (12.0, "press")), readings, ["value"])

    assert result["value"].tolist() == [2.0, 1.0]


@pytest.mark.parametrize(("tolerance", "matched"), [(5.0, True), (4.999, False), (None, True)])
def test_a_reading_may_be_as_old_as_the_tolerance(tolerance, matched):
    result = match_events(happened((25.0, "press")), READINGS, ["value"], tolerance)

    assert result["matched"].tolist() == [matched]
    assert np.isnan(result["value"][0]) == (not matched)


def test_unknown_devices_early_events_and_missing_fields_match_nothing():
    events = happened((50.0, "lathe"), (1.0, "press"), (np.nan, "press"), (50.0, None))
    readings = pd.concat([READINGS, log((30.0, None, 9.0), (np.nan, "press", 9.0))])

    result = match_events(events, readings, ["value"])

    assert result["matched"].tolist() == [False] * 4
    assert result[["age", "value"]].isna().all(axis=None)


def test_a_matched_reading_may_lack_its_value():
    result = match_events(happened((25.0, "press")), log((20.0, "press", np.nan)), ["value"])

    assert result["matched"].tolist() == [True]
    assert np.isnan(result["value"][0])


def test_the_events_keep_their_rows_labels_and_dtypes():
    (events, readings, columns), options = tables(5, 30, 3)
    events.index = list(range(60, 30, -1))

    result = match_events(events, readings, columns, **options)

    pd.testing.assert_frame_equal(result[list(events.columns)], events)
    assert result.dtypes[["matched", "age", *columns]].astype(str).tolist() == ["bool"] + ["float64"] * 4


def test_the_inputs_stay_as_they_were():
    (events, readings, columns), options = tables(9, 40, 3)
    before = events.copy(deep=True), readings.copy(deep=True)

    match_events(events, readings, columns, **options)

    pd.testing.assert_frame_equal(events, before[0])
    pd.testing.assert_frame_equal(readings, before[1])


@pytest.mark.parametrize(("events", "readings"), [(0, 0), (0, 3), (1, 0), (1, 1)])
def test_empty_and_tiny_tables(events, readings):
    result = match_events(happened((25.0, "press")).iloc[:events], READINGS.iloc[:readings], ["value"])

    assert len(result) == events
    assert result["matched"].sum() == (events and readings)
    assert result["value"].dtype == "float64"


@pytest.mark.parametrize(
    ("columns", "change", "error"),
    [
        (["nothing"], {}, KeyError),
        (["device"], {}, TypeError),
        (["value"], {"time": [1, 2, 3]}, TypeError),
        (["value"], {"time": [1.0, np.inf, 3.0]}, TypeError),
        (["value", "value"], {}, ValueError),
    ],
)
def test_unclear_tables_are_refused(columns, change, error):
    with pytest.raises(error):
        match_events(happened((25.0, "press")), READINGS.assign(**change), columns)


@pytest.mark.parametrize("seed", range(20))
def test_agrees_with_the_reference(seed):
    args, kwargs = tables(seed, 3 * seed, seed % 5)

    pd.testing.assert_frame_equal(
        match_events(*args, **kwargs), reference.match_events(*args, **kwargs), check_exact=True
    )
