"""How long an answer is waited for: its time, and what the other end queued for a core meanwhile, within bounds."""

import itertools
import socket
from collections.abc import Iterator

import pytest

from evaluation.channel import PATIENT, DeadlineSocket


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def line(ends, queued, times):
    """A line at which 10 s are given from second 0 on; the clock then shows these times."""
    found = DeadlineSocket(ends[0], iter(queued).__next__, iter([0.0, *times]).__next__)
    found.within(10.0)
    ends[1].sendall(b"x")
    return found


def answer(line):
    return line.recv_into(memoryview(bytearray(1)))


def test_an_end_that_queued_for_a_core_is_given_that_time(ends):
    assert answer(line(ends, [5.0, 11.0], [12.0, 12.0])) == 1


@pytest.mark.parametrize("queued", [[5.0, 5.0], [5.0, 6.0]], ids=["not at all", "less than it is late"])
def test_an_end_that_is_late_beyond_what_it_queued_has_run_out_of_time(ends, queued):
    with pytest.raises(TimeoutError):
        answer(line(ends, queued, [12.0, 12.0]))


def test_an_end_that_queues_without_end_runs_out_of_time_too(ends):
    with pytest.raises(TimeoutError):
        answer(line(ends, itertools.count(0, 1000), [10.0 * PATIENT] * 2))
