"""The shared pace: our own limits, and GitLab's patience in all the forms in which it tells of it."""

from datetime import UTC, datetime

import pytest
import requests

from bot.forge import Forge, Unreachable
from bot.limiter import LONGEST_WAIT, TRIES, Limiter, Throttled
from pilot.gitlab.faults import Fault, Kind
from pilot.gitlab.server import StandIn
from pilot.gitlab.state import Options
from tests.bot.conftest import thread_of
from tests.bot.office import furnish

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


@pytest.fixture
def counting(tmp_path, time):
    """A GitLab that counts: 20 requests and 4 new notes a minute. Its clock and the limiter's are one."""
    options = Options(strict=True, requests_per_minute=20, notes_per_minute=4)
    time.now = NOW // 60 * 60  # a window begins
    with StandIn(tmp_path, options=options, clock=lambda: datetime.fromtimestamp(time.now, UTC)) as gitlab:
        yield furnish(gitlab, tmp_path / "office")
        assert gitlab.complaints == []


def test_a_gitlab_that_counts_never_has_to_refuse_who_listens_to_it(counting, time):
    """Two bots with one token, each with a pace of its own: together they leave the reserve to others."""
    forges = [Forge(counting.gitlab.url, counting.bot.token, limiter=limiter(time)) for _ in range(2)]
    for number in range(60):
        forges[number % 2].project(counting.project.id)

    assert counting.gitlab.state.windows.refused == [] and 180 <= time.slept <= 240


def test_what_is_one_too_many_is_refused_until_the_window_ends_and_sent_again_then(counting, time):
    forge = Forge(counting.gitlab.url, counting.bot.token, limiter=limiter(time))
    forge.version()
    for _ in range(4):
        requests.get(f"{counting.gitlab.url}/api/v4/version", headers={"PRIVATE-TOKEN": counting.bot.token}, timeout=10)
    time.now += 20
    while not counting.gitlab.state.windows.refused:  # somebody who does not listen
        refused = requests.get(f"{counting.gitlab.url}/api/v4/user", headers={"PRIVATE-TOKEN": counting.bot.token}, timeout=10)
    began = time.slept

    forge.version()

    assert (refused.status_code, refused.text, refused.headers["Retry-After"]) == (429, "Retry later\n", "40")
    assert refused.headers["RateLimit-Remaining"] == "0" and int(refused.headers["RateLimit-Observed"]) == 21
    assert int(refused.headers["RateLimit-Reset"]) == NOW // 60 * 60 + 60
    assert time.slept - began == 40


def test_notes_are_counted_for_themselves_and_our_own_limit_keeps_below(counting, time):
    issue = counting.project.create_issue(counting.dev, "Slow")
    places = [thread_of(issue, issue.comment(counting.dev, "help"), "issue") for _ in range(6)]
    forge = Forge(counting.gitlab.url, counting.bot.token, limiter=limiter(time, notes=3))
    for number, place in enumerate(places):
        forge.say(place, f"mark {number}", f"hello mark {number}")
    assert counting.gitlab.state.windows.refused == [] and len(issue.notes(counting.bot)) == 6

    time.now = (time.now // 60 + 1) * 60
    hasty = Forge(counting.gitlab.url, counting.bot.token, limiter=limiter(time))
    with pytest.raises(Unreachable, match="too many requests"):
        for number, place in enumerate(places):
            hasty.say(place, f"again {number}", f"hello again {number}")
    assert len(counting.gitlab.state.windows.refused) == TRIES and len(issue.notes(counting.bot)) == 10
