from hypothesis import given
from hypothesis import strategies as st

from bot.selection.archive import Archive, Entry
from bot.selection.policy import FINALISTS, Choice, Plan, choose, contenders, finalists, spent
from evaluation.scorecard import Outcome

PLAN = Plan(agents=("recipes", "native"), rounds=3, parallel=4)


def entry(
    n: int, *, agent: str = "recipes", round_: int = 1, outcome: Outcome = Outcome.INCONCLUSIVE, ratio: float | None = 1.5
) -> Entry:
    return Entry(f"c{n}", agent, round_, outcome, ratio)


def test_the_first_round_goes_to_the_first_agent_from_the_base():
    assert choose(Archive(), PLAN, spent_s=0) == Choice(1, "recipes", 4)


def test_agents_take_turns_and_a_model_goes_on_from_the_best():
    archive = Archive().add(entry(1, ratio=1.2)).add(entry(2, ratio=1.9))

    assert choose(archive, PLAN, spent_s=0) == Choice(2, "native", 4, parent="c2")


def test_parallel_rounds_all_start_from_the_base():
    archive = Archive().add(entry(1))

    choice = choose(archive, Plan(("recipes", "native"), "parallel"), spent_s=0)

    assert choice is not None and choice.parent is None


def test_a_sequential_search_asks_for_one_draft_at_a_time():
    choice = choose(Archive(), Plan(("recipes",), "sequential"), spent_s=0)

    assert choice is not None and choice.drafts == 1


def test_the_search_ends_when_rounds_time_or_ideas_are_used_up():
    busy = Archive().add(entry(1, round_=3))

    assert choose(busy, PLAN, spent_s=0) is None
    assert choose(Archive(), PLAN, spent_s=901) is None
    assert choose(Archive().exhaust("recipes").exhaust("native"), PLAN, spent_s=0) is None


def test_an_agent_whose_last_round_brought_nothing_better_is_not_asked_again():
    plan = Plan(("recipes",), rounds=5)
    archive = Archive().add(entry(1, round_=1, ratio=2.0)).add(entry(2, round_=2, ratio=1.4))

    assert choose(archive, plan, spent_s=0) is None


def test_finalists_are_the_fastest_that_nothing_speaks_against():
    archive = Archive()
    for n, (outcome, ratio) in enumerate([(Outcome.REJECTED, 9.0), (Outcome.INCONCLUSIVE, 1.01), (Outcome.INCONCLUSIVE, 2.0)]):
        archive = archive.add(entry(n, outcome=outcome, ratio=ratio))

    assert [each.candidate for each in finalists(archive, PLAN)] == ["c2"]


def test_recipes_that_gave_fewer_than_asked_have_nothing_more_while_a_model_may():
    assert spent(Choice(1, "recipes", 4), 3) and spent(Choice(1, "native", 4), 0)
    assert not spent(Choice(1, "recipes", 4), 4) and not spent(Choice(1, "native", 4), 1)


def test_what_reviewers_prefer_is_confirmed_before_what_is_merely_faster():
    archive = Archive().add(entry(1, ratio=3.0)).add(Entry("c2", "recipes", 1, Outcome.INCONCLUSIVE, 2.0, ("join",)))

    chosen = finalists(archive, Plan(("recipes",), prefer=frozenset({"join"})))

    assert [each.candidate for each in chosen] == ["c2", "c1"]


@given(st.lists(st.tuples(st.sampled_from(Outcome), st.none() | st.floats(0.1, 50)), max_size=12))
def test_no_rejected_or_unmeasured_candidate_is_ever_confirmed(judged):
    archive = Archive()
    for n, (outcome, ratio) in enumerate(judged):
        archive = archive.add(entry(n, outcome=outcome, ratio=ratio))

    chosen = finalists(archive, PLAN)

    assert len(chosen) <= FINALISTS
    assert all(each.outcome is not Outcome.REJECTED and each.ratio and each.ratio > 1.03 for each in chosen)
    assert [each.ratio for each in chosen] == sorted((each.ratio for each in chosen), reverse=True)


def test_those_that_a_first_look_cannot_tell_apart_have_to_race():
    ranked = [entry(1, ratio=1.6), entry(2, ratio=1.57), entry(3, ratio=1.3)]

    assert [each.candidate for each in contenders(ranked, PLAN)] == ["c1", "c2"]


def test_nobody_races_for_a_few_per_cent_of_plenty():
    assert len(contenders([entry(1, ratio=8.0), entry(2, ratio=7.9)], PLAN)) == 1


def test_nobody_races_against_what_reviewers_prefer():
    liked = Entry("c1", "recipes", 1, Outcome.INCONCLUSIVE, 1.5, ("join",))

    assert contenders([liked, entry(2, ratio=1.5)], Plan(("recipes",), prefer=frozenset({"join"}))) == [liked]
