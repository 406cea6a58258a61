"""A last look's numbers: what is a reason, and the honest case close by that is none."""

import math
from dataclasses import replace

import pytest

from evaluation import figures
from evaluation.guard import scrutiny
from evaluation.guard.scrutiny import Look
from evaluation.scorecard import Reason

BEFORE = Look((0.01,), (1000.0,), ((990.0,),) * 4, (1000.0,), (1000.0,), (100.0,) * 5, 100, {"/tmp/log": "2"})
FASTER = replace(BEFORE, first=(500.0,), again=((490.0,),) * 4, here=(500.0,), elsewhere=(510.0,))


def codes(look):
    return {reason.code for reason in scrutiny.reasons(BEFORE, look)}


def test_a_faster_look_without_oddities_gives_no_reason():
    assert codes(FASTER) == set()
    assert scrutiny.notes(BEFORE, FASTER) == ()


@pytest.mark.parametrize(
    ("code", "odd", "close"),
    [
        ("guard.import", {"imports": (0.3, 0.2)}, {"imports": (0.3, 0.05)}),
        ("guard.growth", {"held_kib": (0, 500, 1000, 1500, 2000)}, {"held_kib": (0, 125, 250, 375, 500)}),
        ("guard.growth", {"held_kib": (0, 20000, 20000, 40000, 40000)}, {"held_kib": (0, 20000, 20000, 20000, 20000)}),
        ("guard.growth", {"held_kib": (0, 500, 1000, 900, 1400)}, {"held_kib": (0, 9000, 200, 20000, 300)}),
        ("guard.growth", {"again": ((500.0,), (900.0,))}, {"again": ((900.0,), (500.0,))}),
        ("guard.growth", {"again": ((900.0, 900.0, 950.0, 990.0),)}, {"again": ((500.0, 520.0, 950.0, 990.0),)}),
        ("guard.files", {"files": {"/tmp/known": "1", "/tmp/log": "2"}}, {"files": {"/tmp/log": "2"}}),
        ("guard.files", {"files": {}}, {"files": {"/tmp/log": "2"}}),
        ("guard.files", {"files": {"/tmp/log": "3"}}, {"files": {"/tmp/log": "2"}}),
        ("guard.fitted", {"elsewhere": (950.0,)}, {"elsewhere": (700.0,)}),
    ],
)
def test_an_oddity_is_named_and_what_is_close_to_it_is_not(code, odd, close):
    assert codes(replace(FASTER, **odd)) == {code}
    assert codes(replace(FASTER, **close)) == set()


def test_what_a_small_function_takes_a_compiler_is_told_and_no_reason():
    compiled = replace(FASTER, imports=(0.3, 0.1))

    assert codes(compiled) == set()
    assert [reason.code for reason in scrutiny.notes(BEFORE, compiled)] == ["guard.import"]


@pytest.mark.parametrize(("again", "odd"), [({"/tmp/log": "8"}, {"/tmp/log": "9"}), ({"/tmp/8/log": "2"}, {"/tmp/9/log": "2"})])
def test_a_file_that_the_pristine_code_does_not_leave_alike_twice_is_nobodys_fault(again, odd):
    found = scrutiny.reasons(BEFORE, replace(FASTER, files=odd), again=replace(BEFORE, files=again))

    assert found == ()


def test_a_file_more_is_seen_where_names_are_new_each_time():
    before, again = replace(BEFORE, files={"/tmp/a": "1"}), replace(BEFORE, files={"/tmp/b": "1"})

    (reason,) = scrutiny.reasons(before, replace(FASTER, files={"/tmp/c": "1", "/tmp/d": "1"}), again=again)

    assert (reason.code, reason.text) == ("guard.files", "leaves something else in '/tmp/*'")


@pytest.mark.parametrize(
    ("gain", "odd", "close"),
    [
        (2.0, {"timed": (970.0, 1000.0, 960.0)}, {"timed": (740.0, 745.0, 735.0)}),
        (2.0, {"timed": (500.0,) * 3, "around": (900.0,) * 3}, {"timed": (500.0,) * 3, "around": (400.0,) * 3}),
        (300.0, {"timed": (500.0,) * 3}, {"timed": (240.0,) * 3}),
        (1.3, {"timed": (970.0,) * 3}, {"timed": (930.0,) * 3}),
    ],
)
def test_a_gain_must_be_there_by_half_in_a_process_that_only_makes_calls(gain, odd, close):
    before = replace(BEFORE, timed=(1000.0,) * 3, around=(400.0,) * 3)

    def said(look):
        after = replace(FASTER, **look)
        if not scrutiny.doubtful(before, after, math.log(gain)):
            return []
        return [reason.code for reason in scrutiny.lacking([before], [after], math.log(gain))]

    assert said({"around": (400.0,) * 3, **odd}) == ["guard.drift"]
    assert said({"around": (400.0,) * 3, **close}) == []


def test_of_several_looks_at_a_side_the_fastest_counts():
    calm, moody = (replace(BEFORE, timed=(time,) * 3, around=(0.0,) * 3) for time in (1000.0, 1700.0))
    idle = replace(FASTER, timed=(990.0,) * 3, around=(0.0,) * 3)

    assert scrutiny.doubtful(moody, idle, math.log(3))
    assert scrutiny.lacking([moody], [idle], math.log(3)) == ()
    assert [reason.code for reason in scrutiny.lacking([moody, calm], [idle, idle], math.log(3))] == ["guard.drift"]
    assert (
        scrutiny.lacking([calm, calm], [replace(idle, timed=(900.0,) * 3), replace(idle, timed=(340.0,) * 3)], math.log(3)) == ()
    )


def test_without_a_measured_gain_none_is_missed():
    assert not scrutiny.doubtful(BEFORE, FASTER, math.nan)
    assert scrutiny.lacking([BEFORE], [FASTER], math.nan) == ()


def test_a_size_that_cannot_be_changed_accuses_nobody():
    assert codes(replace(FASTER, elsewhere=())) == set()
    assert math.isnan(scrutiny._gain((), ()))


def test_quick_answers_to_repeated_inputs_are_a_note_for_reviewers():
    (note,) = scrutiny.notes(BEFORE, replace(FASTER, again=((20.0,),)))

    assert note.code == "guard.cache"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("time.perf_counter", "guard.timer"),
        ("gc.disable", "guard.gc"),
        ("sys.settrace", "guard.startup"),
        ("atexit.register", "guard.exit"),
        ("random.Random.shuffle", "guard.identity"),
    ],
)
def test_what_is_replaced_is_named_by_its_kind_unless_the_pristine_code_replaces_it_too(name, code):
    assert [reason.code for reason in scrutiny.replaced([name], [])] == [code]
    assert scrutiny.replaced([name], [name]) == ()


def test_a_module_from_the_other_side_is_a_stranger_and_an_installed_one_is_not():
    own, installed = "/sides/candidate/m.py", "/usr/lib/python3/json/tool.py"

    assert scrutiny.strangers({"m": own, "json.tool": installed}, "/sides/candidate/") == ()
    assert scrutiny.strangers({"m": "/sides/baseline/m.py"}, "/sides/candidate/")[0].code == "guard.import-origin"


def test_a_first_call_that_takes_much_longer_is_told():
    assert figures.first_call([0.0, 0.1, 0.0], [0.3, 0.2, 9.0]) is None, "one slow process is the host's"
    assert figures.first_call([], []) is None
    told = figures.first_call([0.0, 0.1, 0.0], [2.31, 2.2, 9.0])
    assert told == Reason("speed.first-call", "2.3 s beyond later calls in each process, before 0.0 s")
