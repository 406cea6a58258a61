"""What was tried before, where an attempt does not start from the base."""

from bot.agents.contract import Attempt
from bot.agents.novelty import repeated

BASE = {"a.py": b"a = 1\n", "b.py": b"b = 1\n"}
P, Q = {"a.py": b"a = 2\n"}, {"b.py": b"b = 2\n"}


def tried(files):
    return Attempt("Earlier", "d", "rejected", (), files=files)


def test_two_changes_together_are_neither_of_them_once_more():
    assert repeated(BASE, Q, [tried(P), tried(Q)], parent=P) is None
    assert repeated({**BASE, **P}, {"a.py": b"a = 3\n"}, [tried(P)], parent=P) is None


def test_the_same_two_together_are_refused_whichever_came_first():
    both = [tried({**P, **Q})]

    assert "`Earlier` once more" in repeated(BASE, Q, both, parent=P)
    assert "`Earlier` once more" in repeated(BASE, P, both, parent=Q)


def test_a_part_of_an_earlier_change_is_new():
    assert repeated(BASE, Q, [tried({**Q, "c.py": None})], parent={}) is None
