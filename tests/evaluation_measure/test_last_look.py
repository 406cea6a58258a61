"""A last look's numbers: what is a reason, and the honest case close by that is none."""

from dataclasses import replace

import pytest

from evaluation import figures
from evaluation.guard.last_look import figures as found
from evaluation.guard.last_look.figures import Held, Look
from evaluation.guard.last_look.replaced import replaced, strangers
from evaluation.scorecard import Reason

BEFORE = Look(
    (0.01,), (1000.0,), ((990.0,),) * 4, held=Held((100.0,) * 5, 100), new=Held((100.0,) * 7, 100), files={"/tmp/log": "2"}
)
FASTER = replace(BEFORE, first=(500.0,), again=((490.0,),) * 4)


def codes(look):
    return {reason.code for reason in found.reasons(BEFORE, look)}


def test_a_faster_look_without_oddities_gives_no_reason():
    assert codes(FASTER) == set()
    assert found.notes(BEFORE, FASTER) == ()


@pytest.mark.parametrize(
    ("code", "odd", "close"),
    [
        ("guard.import", {"imports": (0.3, 0.2)}, {"imports": (0.3, 0.05)}),
        ("guard.growth", {"held": Held((0, 500, 1000, 1500, 2000), 100)}, {"held": Held((0, 125, 250, 375, 500), 100)}),
        (
            "guard.growth",
            {"held": Held((0, 20000, 20000, 40000, 40000), 100)},
            {"held": Held((0, 20000, 20000, 20000, 20000), 100)},
        ),
        ("guard.growth", {"held": Held((0, 500, 1000, 900, 1400), 100)}, {"held": Held((0, 9000, 200, 20000, 300), 100)}),
        (
            "guard.growth",
            {"new": Held((0, 9000, 9500, 10000, 10000, 10600, 11000), 100)},
            {"new": Held((0, 9000, 9500, 9500, 10000, 10000, 11000), 100)},
        ),
        ("guard.growth", {"again": ((500.0,), (900.0,))}, {"again": ((900.0,), (500.0,))}),
        ("guard.growth", {"again": ((900.0, 900.0, 950.0, 990.0),)}, {"again": ((500.0, 520.0, 950.0, 990.0),)}),
        ("guard.files", {"files": {"/tmp/known": "1", "/tmp/log": "2"}}, {"files": {"/tmp/log": "2"}}),
        ("guard.files", {"files": {}}, {"files": {"/tmp/log": "2"}}),
        ("guard.files", {"files": {"/tmp/log": "3"}}, {"files": {"/tmp/log": "2"}}),
    ],
)
def test_an_oddity_is_named_and_what_is_close_to_it_is_not(code, odd, close):
    assert codes(replace(FASTER, **odd)) == {code}
    assert codes(replace(FASTER, **close)) == set()


def test_what_a_small_function_takes_a_compiler_is_told_and_no_reason():
    compiled = replace(FASTER, imports=(0.3, 0.1))

    assert codes(compiled) == set()
    assert [reason.code for reason in found.notes(BEFORE, compiled)] == ["guard.import"]


@pytest.mark.parametrize(("again", "odd"), [({"/tmp/log": "8"}, {"/tmp/log": "9"}), ({"/tmp/8/log": "2"}, {"/tmp/9/log": "2"})])
def test_a_file_that_the_pristine_code_does_not_leave_alike_twice_is_nobodys_fault(again, odd):
    odd_ones = found.reasons(BEFORE, replace(FASTER, files=odd), again=replace(BEFORE, files=again))

    assert odd_ones == ()


def test_a_file_more_is_seen_where_names_are_new_each_time():
    before, again = replace(BEFORE, files={"/tmp/a": "1"}), replace(BEFORE, files={"/tmp/b": "1"})

    (reason,) = found.reasons(before, replace(FASTER, files={"/tmp/c": "1", "/tmp/d": "1"}), again=again)

    assert (reason.code, reason.text) == ("guard.files", "leaves something else in '/tmp/*'")


def test_quick_answers_to_repeated_inputs_are_a_note_for_reviewers():
    (note,) = found.notes(BEFORE, replace(FASTER, again=((20.0,),)))

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
    assert [reason.code for reason in replaced([name], [])] == [code]
    assert replaced([name], [name]) == ()


def test_a_module_from_the_other_side_is_a_stranger_and_an_installed_one_is_not():
    own, installed = "/sides/candidate/m.py", "/usr/lib/python3/json/tool.py"

    assert strangers({"m": own, "json.tool": installed}, "/sides/candidate/") == ()
    assert strangers({"m": "/sides/baseline/m.py"}, "/sides/candidate/")[0].code == "guard.import-origin"


def test_a_first_call_that_takes_much_longer_is_told():
    assert figures.first_call([0.0, 0.1, 0.0], [0.3, 0.2, 9.0]) is None, "one slow process is the host's"
    assert figures.first_call([], []) is None
    told = figures.first_call([0.0, 0.1, 0.0], [2.31, 2.2, 9.0])
    assert told == Reason("speed.first-call", "2.3 s beyond later calls in each process, before 0.0 s")
