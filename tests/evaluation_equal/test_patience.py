"""Who is waited for, and for how long, while results are compared."""

from evaluation.correctness import patience
from evaluation.correctness.patience import Patience


def asked(reference_s: float, candidate_s: float, inputs: int = 200) -> tuple[Patience, int, str | None]:
    """As many inputs as a side is waited for; half of them are ordinary. With how many changed ones were compared."""
    found, changed = Patience(), 0
    for at in range(inputs):
        origin = "edge" if at >= inputs // 2 else "generator"
        if found.enough(origin):
            continue
        found.answered(reference_s)
        found.candidate_s += candidate_s
        changed += origin == "edge"
        if found.complaint() is not None:
            break
    return found, changed, found.complaint()


def test_a_candidate_that_takes_its_time_is_not_compared_on_fewer_inputs_but_rejected():
    found, _, complaint = asked(0.002, 18.0)

    assert complaint == "7 small inputs took 126 s, and 0 s before the change"
    assert found.for_candidate(0.002) > 18.0  # no single answer was late


def test_a_candidate_that_compiles_for_some_kinds_of_inputs_is_compared_on_all():
    found, _, complaint = asked(0.002, 0.5)

    assert complaint is None and found.compared == 200


def test_a_slow_function_is_compared_on_fewer_inputs_of_both_kinds():
    found, changed, complaint = asked(3.0, 4.0)

    assert complaint is None
    assert found.compared < 50 and changed > 10
    assert found.thin(200) is None
    assert found.reference_s < patience.ENOUGH_S + 6.0


def test_a_very_slow_function_is_compared_on_a_few_inputs_all_the_same():
    found, _, _ = asked(100.0, 100.0)

    assert found.compared == patience.LEAST_COMPARED


def test_few_comparisons_that_nobody_was_slow_for_say_nothing():
    few = Patience(compared=7, reference_s=0.1)

    assert few.thin(200) == "the reference gave an answer on 7 of 200 inputs only"
    assert few.thin(20) is None


def test_inputs_without_an_answer_stop_those_of_their_origin_only():
    found = Patience(compared=7)
    found.lost["captured"] = patience.LOSSES

    assert found.enough("captured")
    assert not found.enough("generator") and not found.enough("edge")
