from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.selection.allowance import Allowance, Spent
from bot.selection.archive import Archive, Entry, Pull
from bot.selection.plan import Choice, Plan, Round, Stop
from bot.selection.policy import FINALISTS, choose, contenders, finalists
from evaluation.scorecard import Outcome
from tests.selection.worlds import MODEL_ONLY, PLAIN, PLAN, RECIPES, archive, entry, pulled

NOTHING = Spent()


def chosen(found: Archive, plan: Plan = PLAN, spent: Spent = NOTHING) -> tuple[Choice, ...]:
    answer = choose(found, plan, spent)
    assert isinstance(answer, Round), answer
    return answer.choices


def test_the_first_round_goes_to_the_first_agent_from_the_base():
    (only,) = chosen(Archive())

    assert (only.round, only.agent, only.drafts, only.parent) == (1, "recipes", 4, None)


def test_the_search_ends_when_rounds_time_or_ideas_are_used_up():
    busy = archive(*(entry(n, round_=n, ratio=1.0 + n / 10) for n in (1, 2, 3)))
    empty = Archive().record(Pull(Choice(1, RECIPES), 0)).record(Pull(Choice(2, PLAN.arms_of("native")[0]), 0))

    assert choose(busy, PLAN, NOTHING) == Stop("rounds")
    assert choose(Archive(), PLAN, Spent(seconds=901)) == Stop("time")
    assert choose(empty, PLAN, NOTHING) == Stop("ideas")


def test_a_search_that_brings_nothing_faster_any_more_is_settled():
    found = archive(entry(1, ratio=2.0), entry(2, round_=2, ratio=1.4), entry(3, round_=3, ratio=1.2))

    assert choose(found, Plan(("recipes",), rounds=9), NOTHING) == Stop("settled")


def test_each_part_of_a_models_budget_ends_its_part_of_the_search():
    used = {
        "calls": (Allowance(calls=10), Spent(calls=9)),
        "tokens": (Allowance(tokens=50_000), Spent(tokens=47_000)),
        "money": (Allowance(usd=1.0), Spent(known_usd=1.0)),
        "evaluations": (Allowance(evaluations=5), Spent(evaluations=5)),
    }
    for reason, (budget, spent) in used.items():
        plan = Plan(("native",), budget=budget)
        assert choose(Archive(), plan, spent) == Stop(reason)


def test_recipes_go_on_where_a_models_budget_is_used_up():
    plan = Plan(("native", "recipes"), budget=Allowance(usd=1.0))

    assert [each.agent for each in chosen(Archive(), plan, Spent(known_usd=1.0))] == ["recipes"]


def test_a_model_that_does_not_answer_is_not_asked_in_another_direction():
    plan = replace(MODEL_ONLY, agents=("native", "recipes"))
    found = Archive().record(Pull(Choice(1, PLAIN), 0, silent=True))

    assert [each.agent for each in chosen(found, plan)] == ["recipes"]


def test_money_of_unknown_amount_leaves_the_other_bounds():
    plan = Plan(("native",), budget=Allowance(usd=1.0, tokens=9000))

    assert chosen(Archive(), plan, Spent(unpriced=1))
    assert choose(Archive(), plan, Spent(unpriced=1, tokens=8999)) == Stop("tokens")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(8_000, 500_000), st.floats(0.01, 9), st.integers(2, 60), st.integers(1, 40))
def test_shares_never_add_up_to_more_than_is_left(lanes, tokens, usd, calls, looks):
    budget = Allowance(1800.0, tokens, usd, calls, looks)

    shares = [each.share for each in chosen(Archive(), Plan(("native",), "parallel", parallel=lanes, budget=budget))]

    assert sum(share.tokens for share in shares) <= tokens and sum(share.calls for share in shares) <= calls
    assert sum(share.usd for share in shares) <= usd * (1 + 1e-9) and sum(share.evaluations for share in shares) <= looks
    assert all(share.calls >= 1 and share.evaluations >= 1 for share in shares)


def test_fewer_agents_work_abreast_where_the_budget_does_not_feed_all():
    plan = Plan(("native",), "parallel", parallel=4, budget=Allowance(calls=9))

    assert len(chosen(Archive(), plan)) == 2, "half is held back for later rounds"
    assert len(chosen(Archive(), replace(plan, rounds=1))) == 4


def test_money_that_is_known_to_be_spent_counts_beside_calls_without_a_price():
    assert choose(Archive(), Plan(("native",), budget=Allowance(usd=1.0)), Spent(known_usd=1.0, unpriced=1)) == Stop("money")


def test_a_model_whose_share_covers_no_call_is_not_said_to_have_no_ideas():
    found = Archive().record(Pull(Choice(1, RECIPES), 0)).record(Pull(Choice(2, PLAN.arms_of("native")[0]), 0, short="money"))

    assert choose(found, PLAN, Spent(known_usd=0.9)) == Stop("money")


def test_every_strategy_ends_by_itself_where_nothing_helps():
    for strategy in ("sequential", "parallel", "hybrid", "adaptive"):
        plan = Plan(("native",), strategy, rounds=50, parallel=2, variants=MODEL_ONLY.variants)
        found, rounds = Archive(), 0
        while isinstance(answer := choose(found, plan, NOTHING), Round) and rounds < 60:
            rounds += 1
            for choice in answer.choices:
                found = found.add(Entry(choice.name, "native", choice.round, Outcome.INCONCLUSIVE, 1.0, lane=choice.lane))
                found = found.record(Pull(choice, 1))
        assert rounds <= 50


def test_a_round_that_brought_no_candidate_does_not_count_as_one():
    found = pulled(PLAIN, round_=1, onto=Archive())

    assert found.fruitful == 0 and [each.round for each in chosen(found, MODEL_ONLY)] == [2, 2]


def test_finalists_are_the_fastest_that_nothing_speaks_against():
    seen = [(Outcome.REJECTED, 9.0), (Outcome.INCONCLUSIVE, 1.01), (Outcome.INCONCLUSIVE, 2.0)]
    found = archive(*(entry(n, outcome=outcome, ratio=ratio) for n, (outcome, ratio) in enumerate(seen)))

    assert [each.candidate for each in finalists(found, PLAN)] == ["c2"]


def test_recipes_that_gave_fewer_than_asked_have_nothing_more_while_a_model_may():
    assert RECIPES in Archive().record(Pull(Choice(1, RECIPES, 4), 3)).exhausted
    assert RECIPES not in Archive().record(Pull(Choice(1, RECIPES, 4), 4)).exhausted
    assert PLAIN in Archive().record(Pull(Choice(1, PLAIN), 0)).exhausted
    assert PLAIN not in Archive().record(Pull(Choice(1, PLAIN), 1)).exhausted


def test_what_reviewers_prefer_is_confirmed_before_what_is_merely_faster():
    found = archive(entry(1, ratio=3.0), Entry("c2", "recipes", 1, Outcome.INCONCLUSIVE, 2.0, ("join",)))

    ranked = finalists(found, Plan(("recipes",), prefer=frozenset({"join"})))

    assert [each.candidate for each in ranked] == ["c2", "c1"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Outcome), st.none() | st.floats(0.1, 50)), max_size=12))
def test_no_rejected_or_unmeasured_candidate_is_ever_confirmed(judged):
    found = archive(*(entry(n, outcome=outcome, ratio=ratio) for n, (outcome, ratio) in enumerate(judged)))

    ranked = finalists(found, PLAN)

    assert len(ranked) <= FINALISTS
    assert all(each.outcome is not Outcome.REJECTED and each.ratio and each.ratio > 1.03 for each in ranked)
    assert [each.ratio for each in ranked] == sorted((each.ratio for each in ranked), reverse=True)


def test_those_that_a_first_look_cannot_tell_apart_have_to_race():
    ranked = [entry(1, ratio=1.6), entry(2, ratio=1.57), entry(3, ratio=1.3)]

    assert [each.candidate for each in contenders(ranked, PLAN)] == ["c1", "c2"]


def test_nobody_races_for_a_few_per_cent_of_plenty():
    assert len(contenders([entry(1, ratio=8.0), entry(2, ratio=7.9)], PLAN)) == 1


def test_nobody_races_against_what_reviewers_prefer():
    liked = Entry("c1", "recipes", 1, Outcome.INCONCLUSIVE, 1.5, ("join",))

    assert contenders([liked, entry(2, ratio=1.5)], Plan(("recipes",), prefer=frozenset({"join"}))) == [liked]
