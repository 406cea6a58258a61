"""Where each strategy goes on from, and with whom."""

from dataclasses import replace

from bot.selection.allowance import Spent
from bot.selection.archive import Archive
from bot.selection.plan import Plan, Round, Stop
from bot.selection.policy import choose
from tests.selection.worlds import DATA, LIBRARY, MODEL_ONLY, PLAIN, PLAN, RECIPES, archive, entry, pulled


def chosen(found, plan, strategy):
    answer = choose(found, replace(plan, strategy=strategy), Spent())
    assert isinstance(answer, Round), answer
    return answer.choices


def test_sequential_is_one_agent_and_one_draft_from_the_best():
    found = pulled(PLAIN, 1.2, round_=1, onto=Archive())
    found = pulled(DATA, 1.9, round_=2, onto=found)

    (only,) = chosen(found, MODEL_ONLY, "sequential")

    assert (only.drafts, only.parent, only.why) == (1, "2.1", "best")
    (recipes,) = chosen(Archive(), Plan(("recipes",)), "sequential")
    assert recipes.drafts == 1


def test_parallel_agents_all_start_from_the_base_each_its_own_way():
    found = pulled(PLAIN, 1.5, round_=1, onto=Archive())

    choices = chosen(found, MODEL_ONLY, "parallel")

    assert [each.parent for each in choices] == [None, None]
    assert [each.arm for each in choices] == [DATA, LIBRARY] and [each.lane for each in choices] == [1, 2]


def test_hybrid_keeps_a_few_and_shows_each_another_of_them():
    plan = replace(MODEL_ONLY, parallel=3)  # keeps two
    found = archive(entry(1, agent="native", ratio=1.2), entry(2, agent="native", ratio=1.9), entry(3, agent="native", ratio=1.5))

    choices = chosen(found, plan, "hybrid")

    assert [(each.parent, each.mate) for each in choices] == [("c2", "c3"), ("c3", "c2"), ("c2", "c3")]


def test_candidates_as_fast_as_each_other_are_kept_as_one_idea():
    found = archive(
        entry(1, agent="native", ratio=1.90), entry(2, agent="native", ratio=1.92), entry(3, agent="native", ratio=1.4)
    )

    assert {each.parent for each in chosen(found, replace(MODEL_ONLY, parallel=4), "hybrid")} == {"c2", "c3"}


def test_agents_take_turns_and_recipes_always_start_from_the_base():
    found = pulled(RECIPES, 1.2, 1.9, 1.0, 1.0, round_=1, onto=Archive())

    second = chosen(found, PLAN, "hybrid")
    assert {each.agent for each in second} == {"native"} and second[0].parent == "1.2"
    third = chosen(pulled(PLAN.arms_of("native")[0], 2.5, round_=2, onto=found), PLAN, "hybrid")
    assert [(each.agent, each.parent, each.drafts) for each in third] == [("recipes", None, 4)]


def test_adaptive_asks_more_often_who_brought_more():
    found = Archive()
    for round_, (arm, ratio) in enumerate([(PLAIN, 1.0), (DATA, 1.8), (LIBRARY, 1.0)], 1):
        found = pulled(arm, ratio, round_=round_, onto=found)

    assert chosen(found, replace(MODEL_ONLY, parallel=1), "adaptive")[0].arm == DATA


def test_adaptive_prefers_the_cheaper_of_two_that_bring_as_much():
    found = pulled(PLAIN, 1.5, round_=1, seconds=600, onto=Archive())
    found = pulled(RECIPES, 1.5, 1.5, 1.5, 1.5, round_=2, seconds=1, onto=found)
    plan = Plan(("native", "recipes"), variants=(PLAIN,), parallel=4)

    assert chosen(found, plan, "adaptive")[0].arm == RECIPES


def test_adaptive_leaves_a_local_optimum_when_gains_stall():
    found = pulled(PLAIN, 1.3, round_=1, onto=Archive())
    found = pulled(PLAIN, 1.6, round_=2, onto=found)
    for round_ in (3, 4):
        found = pulled(PLAIN, 1.6, round_=round_, parent="2.1", onto=found)

    choices = chosen(found, MODEL_ONLY, "adaptive")

    assert {each.why for each in choices} == {"escape"} and all(each.parent != "2.1" for each in choices)


def test_adaptive_gives_up_when_leaving_did_not_help_either():
    found = pulled(PLAIN, 1.6, round_=1, onto=Archive())
    for round_ in (2, 3, 4, 5):
        found = pulled(DATA, 1.0, round_=round_, onto=found)

    assert choose(found, replace(MODEL_ONLY, strategy="adaptive"), Spent()) == Stop("stalled")


def test_the_same_past_always_gives_the_same_choice():
    found = pulled(PLAIN, 1.3, 1.2, round_=1, onto=Archive())

    for strategy in ("sequential", "parallel", "hybrid", "adaptive"):
        assert chosen(found, MODEL_ONLY, strategy) == chosen(found, MODEL_ONLY, strategy)
