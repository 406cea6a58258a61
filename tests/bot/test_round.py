"""A round whose agents work side by side ends for all of them when it ends for one."""

import threading

import pytest

from bot.agents.contract import Ended, Event
from bot.ending import Cancelled
from bot.lab import Lab
from bot.selection.plan import Arm, Choice, Round
from tests.bot.office import TARGET

pytestmark = pytest.mark.slow
PATIENT_S = 120.0


class Stubborn:
    """Works until it is called off."""

    name = "stubborn"

    def __init__(self, place, begun):
        self.cancelled, self.begun, self.pause = place.cancelled, begun, threading.Event()

    def preflight(self):
        return None

    def propose(self, task, tree, emit):
        emit(Event("message", f"I have begun, with edits as {task.edit}"))
        self.begun.set()
        for _ in range(int(PATIENT_S / 0.01)):
            if self.cancelled():
                return Ended("aborted")
            self.pause.wait(0.01)
        raise AssertionError("nobody called it off")


class Broken:
    """Ends the round as soon as the other works."""

    name = "broken"

    def __init__(self, error, begun):
        self.error, self.begun = error, begun

    def preflight(self):
        return None

    def propose(self, task, tree, emit):
        assert self.begun.wait(PATIENT_S)
        emit(Event("message", "I give up"))
        raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Cancelled()])
def test_one_that_ends_the_round_calls_the_others_off_and_all_that_was_said_is_kept(office, error):
    begun, called_off = threading.Event(), []

    def stubborn(place):
        agent = Stubborn(place, begun)
        called_off.append(place.cancelled)
        return agent

    lab = Lab(office.lab.ground, office.store, {"stubborn": stubborn, "broken": lambda _: Broken(error, begun)})
    _, iteration = office.admitted(office.asked("optimize", TARGET))
    choices = (Choice(1, Arm("stubborn", "symbol"), lane=1), Choice(1, Arm("broken"), lane=2))

    with pytest.raises(type(error)):
        lab.propose(iteration, Round(1, choices))

    assert called_off[0]() and {event.text for event in office.store.events(iteration.id)} == {
        "I have begun, with edits as symbol",
        "I give up",
    }
