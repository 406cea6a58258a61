"""What is learnt of arms and of places to go on from."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.selection import bandit, parents
from bot.selection.archive import Archive
from bot.selection.bandit import Reward
from bot.selection.plan import Arm
from tests.selection.worlds import DATA, LIBRARY, PLAIN, RECIPES, archive, entry

OTHER_MODEL = Arm("native:another", hint="data")


def test_a_pull_says_something_of_arms_like_it_and_nothing_of_other_agents():
    seen = [Reward(DATA, 0.0)] * 6

    assert bandit.score(OTHER_MODEL, seen) < bandit.score(RECIPES, seen)
    assert bandit.score(DATA, seen) < bandit.score(OTHER_MODEL, seen)


def test_agents_abreast_do_not_all_do_the_same():
    assert len(set(bandit.pick([PLAIN, DATA, LIBRARY], [], 3))) == 3


def test_nobody_is_picked_where_there_is_nobody():
    assert bandit.pick([], [], 3) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([PLAIN, DATA, RECIPES]), st.floats(0, 3), st.floats(0.1, 900)), max_size=12))
def test_more_gain_never_makes_an_arm_less_promising(seen):
    rewards = [Reward(*each) for each in seen]
    better = [Reward(each.arm, each.gain + (each.arm == DATA), each.cost) for each in rewards]

    assert bandit.score(DATA, better) >= bandit.score(DATA, rewards)


def test_hope_in_a_candidate_fades_with_attempts_from_it_that_brought_nothing():
    quick = entry(1, ratio=1.6)
    tried = [entry(n, round_=n, ratio=1.6, parent="c1") for n in (3, 4, 5)]
    modest = entry(2, ratio=1.25)

    assert parents.pick(archive(quick, modest), 0.03, 1) == ["c1"]
    assert parents.pick(archive(quick, modest, *tried), 0.03, 1) == ["c2"]


def test_a_road_that_goes_on_keeps_its_promise():
    up = [entry(1, ratio=1.3), entry(2, round_=2, ratio=1.7, parent="c1"), entry(3, round_=3, ratio=2.4, parent="c2")]

    assert parents.pick(archive(*up), 0.03, 1) == ["c3"]


def test_from_the_base_where_there_is_nothing_else():
    assert parents.pick(Archive(), 0.03, 2) == [None, None]
