"""The shared pace: our own limits, and GitLab's patience in all the forms in which it tells of it."""

import pytest

from bot.forge import Forge, Unreachable
from bot.limiter import LONGEST_WAIT, Limiter, Throttled
from pilot.gitlab.faults import Fault, Kind

NOW = 1_700_000_000.0


class Time:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = NOW, 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def time():
    return Time()


def limiter(time, **limits):
    return Limiter(clock=time, sleep=time.sleep, **limits)


def test_requests_beyond_the_limit_of_a_minute_wait_for_the_next(time):
    pace = limiter(time, requests=3)
    for _ in range(3):
        pace.wait()
    assert time.slept == 0

    pace.wait()
    assert time.slept == 60


def test_new_notes_have_a_limit_of_their_own(time):
    pace = limiter(time, notes=2)
    for _ in range(2):
        pace.wait(note=True)
    pace.wait()
    assert time.slept == 0

    pace.wait(note=True)
    assert time.slept == 60


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30),
        ({"RateLimit-Reset": str(int(NOW) + 9)}, 9),
        ({"Retry-After": "soon"}, 1),
        ({}, 1),
    ],
)
def test_a_refusal_is_understood_in_every_form(time, headers, seconds):
    pace = limiter(time)
    pace.hear(429, headers)
    pace.wait()

    assert time.slept == seconds


def test_without_a_hint_the_pauses_grow(time):
    pace = limiter(time)
    pace.hear(429, {}, refusals=3)
    pace.wait()

    assert time.slept == 8


def test_a_window_that_is_nearly_used_up_is_left_to_others(time):
    pace = limiter(time)
    pace.hear(200, {"RateLimit-Remaining": "100", "RateLimit-Reset": str(int(NOW) + 40)})
    pace.wait()
    assert time.slept == 0

    pace.hear(200, {"RateLimit-Remaining": "3", "RateLimit-Reset": str(int(NOW) + 40)})
    pace.wait()
    assert time.slept == 40


def test_who_is_told_to_wait_for_long_gives_up_for_now(time):
    pace = limiter(time)
    pace.hear(429, {"Retry-After": "900"})

    with pytest.raises(Throttled):
        pace.wait()
    time.sleep(900 - LONGEST_WAIT)
    pace.wait()
    assert time.now == NOW + 900


@pytest.mark.parametrize("kind", [Kind.THROTTLED_PLAIN, Kind.THROTTLED_JSON])
def test_a_refused_note_is_written_once_the_pause_is_over(office, time, kind):
    forge = Forge(office.gitlab.url, office.bot.token, limiter=limiter(time))
    asked = office.asked("help")
    office.gitlab.fail(Fault("POST .*notes$", kind, times=2, retry_after=11))

    forge.say(asked.thread, "mark", "hello mark")

    assert office.said(asked) == ["hello mark"]
    assert time.slept == (22 if kind is Kind.THROTTLED_PLAIN else 3)


def test_a_gitlab_that_goes_on_refusing_is_tried_later(office, time):
    forge = Forge(office.gitlab.url, office.bot.token, limiter=limiter(time))
    office.gitlab.fail(Fault("GET .*user", Kind.THROTTLED_PLAIN, times=5, retry_after=1))

    with pytest.raises(Unreachable):
        forge.me()
