"""How patiently a failed call is repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.exchange import ModelUnavailable
from bot.gateway.retries import Retries, worth_another

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:20 GMT"}, 20.0),
        ({"retry-after": "-5"}, 0.0),
    ],
)
def test_the_servers_word_on_waiting_counts(headers, seconds):
    assert Retries().wait(0, headers, NOW) == seconds


def test_waits_grow_and_stay_bounded():
    waits = [Retries(jitter=lambda: 0.0).wait(attempt, {"retry-after": "soon"}, NOW) for attempt in range(100)]

    assert waits == sorted(waits) and waits[:3] == [0.5, 1.0, 2.0] and waits[-1] == 30.0


@given(attempt=st.integers(0, 1000), jitter=st.floats(0, 1))
def test_no_wait_is_negative_or_endless(attempt, jitter):
    assert 0 < Retries(jitter=lambda: jitter).wait(attempt, {}, NOW) <= 30


def test_too_much_patience_is_refused():
    with pytest.raises(ModelUnavailable):
        Retries(longest=10).wait(0, {"retry-after": "11"}, NOW)


@pytest.mark.parametrize(
    ("status", "again"), [(408, True), (409, True), (429, True), (500, True), (529, True), (400, False), (401, False)]
)
def test_only_what_may_pass_is_repeated(status, again):
    assert worth_another(status, {}) is again
    assert worth_another(status, {"x-should-retry": "false"}) is False
