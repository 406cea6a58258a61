"""Agents and benchmarks on one host keep out of each other's way."""

import fcntl

import pytest

from bot.agents.contract import Event
from bot.quiet import Workbay

RUN = Event("tool_call", "run", {"name": "run"})
RESULT = Event("tool_result", "", {"name": "run"})


def measurable(lock):
    """Whether a benchmark could begin now."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_nothing_is_measured_between_a_tools_call_and_its_result(tmp_path):
    lock = tmp_path / "measuring.lock"
    with Workbay(lock, lambda: False) as bay:
        assert not lock.exists() or measurable(lock)
        bay.follow(RUN)
        assert not measurable(lock)
        bay.follow(RESULT)
        assert measurable(lock)


def test_several_agents_work_at_once(tmp_path):
    lock = tmp_path / "measuring.lock"
    with Workbay(lock, lambda: False) as one, Workbay(lock, lambda: False) as other:
        one.follow(RUN)
        other.follow(RUN)  # would wait for ever if it had to wait
        one.follow(RESULT)
        assert not measurable(lock)
        other.follow(RESULT)
        assert measurable(lock)


@pytest.mark.parametrize("tool", ["evaluate", "profile", "submit"])
def test_an_agent_that_has_something_measured_does_not_stand_in_its_way(tmp_path, tool):
    lock = tmp_path / "measuring.lock"
    lock.touch()
    with Workbay(lock, lambda: False) as bay:
        bay.follow(Event("tool_call", tool, {"name": tool}))
        assert measurable(lock)


def test_an_agent_that_breaks_off_in_the_middle_lets_go(tmp_path):
    lock = tmp_path / "measuring.lock"
    with pytest.raises(KeyError), Workbay(lock, lambda: False) as bay:
        bay.follow(RUN)
        raise KeyError
    assert measurable(lock)
