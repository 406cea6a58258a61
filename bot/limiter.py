"""One pace for all that this process asks of GitLab: our own limits first, and whatever GitLab says about its patience."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from math import inf
from threading import Lock
from typing import Any

import requests
from requests.adapters import HTTPAdapter

MINUTE = 60.0
LONGEST_WAIT = 300.0  # seconds; who is told to wait longer gives up for now and is tried again by whoever asked
LONGEST_PAUSE = 3600.0  # seconds that a single answer can keep us away, whatever it says
TRIES = 5
RESERVE = 5  # requests of a GitLab window that are left to others who use the same token
NOTE_PATHS = ("/notes", "/discussions")


class Throttled(requests.RequestException):
    """GitLab wants us to wait longer than an act can take."""


@dataclass(slots=True)
class Limiter:
    """Says when the next request may go. Shared by all threads of the process; `clock` tells Unix time."""

    requests: int = 600  # a minute
    notes: int = 50  # new notes a minute; GitLab.com refuses more than 60
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    _sent: deque[float] = field(default_factory=deque)
    _written: deque[float] = field(default_factory=deque)
    _not_before: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def wait(self, *, note: bool = False) -> None:
        """Return when one more request may be sent. Raises Throttled where that is too far away."""
        at = self._reserve(note)
        while (pause := max(at, self._not_before) - self.clock()) > 0:  # somebody else may have been refused meanwhile
            if pause > LONGEST_WAIT:
                raise Throttled(f"GitLab asks us to wait for {pause:.0f} s")
            self.sleep(pause)

    def hear(self, status: int, headers: Mapping[str, str], refusals: int = 0) -> None:
        """Learn from an answer. `refusals`: how often this request was refused before."""
        if status == 429:
            self._hold(_patience(headers, self.clock(), refusals))
        elif _left(headers) <= RESERVE:
            self._hold(_reset(headers, self.clock()))

    def _reserve(self, note: bool) -> float:
        """The moment of our next free place in each window, taken."""
        with self._lock:
            at = self.clock()
            windows = [(self._sent, self.requests)] + ([(self._written, self.notes)] if note else [])
            for taken, most in windows:
                while taken and taken[0] <= at - MINUTE:
                    taken.popleft()
                if len(taken) >= most:
                    at = max(at, taken[-most] + MINUTE)
            for taken, _ in windows:
                taken.append(at)
            return at

    def _hold(self, seconds: float) -> None:
        with self._lock:
            self._not_before = max(self._not_before, self.clock() + min(seconds, LONGEST_PAUSE))


class Paced(HTTPAdapter):
    """Sends at the limiter's pace. A 429 is waited out and sent again: GitLab did nothing about it, so that is no repetition."""

    def __init__(self, limiter: Limiter) -> None:
        super().__init__(pool_maxsize=32)
        self._limiter = limiter

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """One request, answered by something else than 429. Raises Throttled where GitLab's patience is at an end."""
        note = request.method == "POST" and (request.path_url.partition("?")[0]).endswith(NOTE_PATHS)
        for refusals in range(TRIES):
            self._limiter.wait(note=note)
            answer = super().send(request, *args, **kwargs)
            self._limiter.hear(answer.status_code, answer.headers, refusals)
            if answer.status_code != 429:
                return answer
            answer.close()
        raise Throttled(f"GitLab refused {TRIES} times for too many requests")


def _patience(headers: Mapping[str, str], now: float, refusals: int) -> float:
    """Seconds until a refused request may come again: `Retry-After` in either of its forms, the window's end, or a guess."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - now)
    except ValueError:
        used_up = _left(headers) in (0, inf)  # an endpoint's own limit says nothing of its end, and the window is not at its own
        return (_reset(headers, now) if used_up else 0.0) or 2.0**refusals


def _left(headers: Mapping[str, str]) -> float:
    told = headers.get("RateLimit-Remaining", "")
    return int(told) if told.isascii() and told.isdecimal() else inf


def _reset(headers: Mapping[str, str], now: float) -> float:
    """Seconds until GitLab's window ends; 0 where it does not say."""
    told = headers.get("RateLimit-Reset", "")
    return min(max(0.0, int(told) - now), MINUTE) if told.isascii() and told.isdecimal() else 0.0
