"""Turns on a host: whoever waits gets one, whoever is called off stops waiting."""

from contextlib import ExitStack
from threading import Event, Thread

import pytest

from bot.ending import Cancelled
from bot.turns import among_others, turn

PATIENCE_S = 60.0


class Waiting(Thread):
    """Somebody who wants a turn: says when they wait, when they have it; keeps it until told to go."""

    def __init__(self, kind, lock, said, name):
        super().__init__(name=name, daemon=True)
        self.kind, self.lock, self.said = kind, lock, said
        self.waits, self.called_off, self.leave = Event(), Event(), Event()
        self.error = None

    def run(self):
        try:
            with self.kind(self.lock, self._cancelled):
                self.said.append(self.name)
                self.leave.wait(PATIENCE_S)
        except Cancelled as error:
            self.error = error

    def _cancelled(self):  # asked once it has to wait, and while it does
        self.waits.set()
        return self.called_off.is_set()


@pytest.fixture
def lock(tmp_path):
    return tmp_path / "measuring.lock"


@pytest.mark.parametrize(("first", "second"), [(turn, turn), (turn, among_others), (among_others, turn)])
def test_whoever_is_called_off_stops_waiting_while_another_still_has_the_turn(lock, first, second):
    with first(lock):
        late = Waiting(second, lock, [], "late")
        late.start()
        assert late.waits.wait(PATIENCE_S)
        late.called_off.set()
        late.join(PATIENCE_S)

    assert isinstance(late.error, Cancelled) and late.said == []
    with turn(lock):
        pass


def test_those_who_come_often_do_not_pass_one_who_waits_to_be_alone(lock):
    said, together = [], [Waiting(among_others, lock, [], "together")]
    alone = Waiting(turn, lock, said, "alone")
    with ExitStack() as stack:
        stack.enter_context(among_others(lock))
        alone.start()
        assert alone.waits.wait(PATIENCE_S)
        together = [Waiting(among_others, lock, said, f"together {number}") for number in range(3)]
        for each in together:
            each.leave.set()
            each.start()
            assert each.waits.wait(PATIENCE_S)
        assert said == []
    alone.leave.set()
    for each in (alone, *together):
        each.join(PATIENCE_S)

    assert said[0] == "alone" and sorted(said[1:]) == ["together 0", "together 1", "together 2"]


def test_turns_come_in_the_order_in_which_they_were_asked_for(lock):
    said, line = [], []
    with turn(lock):
        for name in "abcd":
            line.append(Waiting(turn, lock, said, name))
            line[-1].leave.set()
            line[-1].start()
            assert line[-1].waits.wait(PATIENCE_S)
    for each in line:
        each.join(PATIENCE_S)

    assert said == ["a", "b", "c", "d"]
