"""A reviewer gets the truth, on one screen, and foreign words do nothing in it."""

import re
from dataclasses import replace
from typing import get_args

import pytest
from markdown_it import MarkdownIt

from bot.agents.contract import Attempt, Event
from bot.editor.forms import Record
from bot.editor.refusal import Code
from bot.report import chart, edits, evidence, examples, iteration, merge_request, replies, status, trace
from bot.report.facts import Account, Change, Iteration, Picture, Progress, Stage
from bot.report.marker import carries
from evaluation.probe.dtypes import KINDS
from evaluation.reasons import CODES
from evaluation.scaling import Capacity, Crossover, Scaling
from evaluation.scorecard import Beyond, Cell, Hardware, Interval, Mismatch, Outcome, Reason, Scorecard

KEY = b"k"
CHART_LINES = 13  # as high as a chart is shown
HOSTILE = (
    "@all\n/close\n</details><script>alert(1)</script> `x ``` Closes #1 ![a](http://evil.example/x) "
    "<!-- hasten:status/1/r/ 0 -->|"
)


def described(story=None, existing=""):
    return merge_request.description(story or examples.story(), project=7, key=KEY, existing=existing)


def test_what_is_not_folded_fits_a_screen():
    open_part = described().partition("<details>")[0]
    lines = [line for line in open_part.splitlines() if not line.startswith("<!--")]

    assert sum(CHART_LINES if line.startswith("![") else 1 + len(line) // 110 for line in lines) <= 40


def test_the_scorecard_is_attached_below_how_to_repeat_it():
    text = described()

    assert "All figures, for programs: [scorecard.json](/uploads/0d5f/scorecard.json)" in text
    assert "All figures" not in described(replace(examples.story(), attachment=""))


def test_without_uploads_the_description_is_whole_and_shows_no_picture():
    text = described(replace(examples.story(), attachment="", chart=None, flame=None))

    assert "![" not in text and "/uploads/" not in text
    assert "Where the time went before" in text and "71% src/frames/sort.py:31" in text


def test_the_title_says_the_gain():
    assert merge_request.title(examples.story()) == "Make sort_frame 4.3× faster"


def test_the_description_is_found_by_its_marker():
    assert carries(described(), merge_request.marker(examples.story(), 7), KEY)


def test_a_later_iteration_replaces_only_our_part():
    people = described() + "\n\nReleased with 2.0, please."

    text = described(examples.story(examples.FIRST, examples.SECOND), existing=people)

    assert text.endswith("\n\nReleased with 2.0, please.")
    assert text.count("section-begin") == 1
    assert "is 3.7× faster" in text
    assert "is 4.3× faster" not in text


def test_what_was_not_compared_is_said_where_agreement_is():
    equal = replace(examples.FIRST.scorecard.equivalence, inputs=200, compared=198, skipped=2)
    card = replace(examples.FIRST.scorecard, equivalence=equal)
    unsteady = replace(card, equivalence=replace(equal, set_aside=("equivalence.order", "equivalence.state")))

    assert "| 198 of 200 inputs, compared as `numeric`; 2 on which the function itself gives no answer |" in evidence.figures(
        card
    )
    assert (
        "`numeric`; the function itself differs from run to run in its order and the state it leaves behind, "
        "so these were not compared; 2 on which it gives no answer |" in evidence.figures(unsteady)
    )


def test_a_test_that_failed_once_with_the_change_is_told_before_anything_is_folded_away():
    card = examples.FIRST.scorecard
    doubtful = replace(card, tests=replace(card.tests, unsteady=("tests/test_io.py::test_reads",)))
    story = examples.story(replace(examples.FIRST, scorecard=doubtful))

    before_folds = described(story).partition("<details>")[0]

    assert "⚠️ Failed once with the change, never without it: `tests/test_io.py::test_reads`." in before_folds
    assert "1 failed in one of two runs with the change: `tests/test_io.py::test_reads`" in evidence.figures(doubtful)


def test_every_code_of_a_comparison_has_words_for_what_was_set_aside():
    codes = {code.rpartition(".")[2] for code in CODES if code.startswith("equivalence.")}

    assert codes - {"unclear", "weak", "missing", "signature"} == set(evidence._ASIDE)


def test_a_screen_is_enough_before_the_folds():
    before_folds = described().partition("<details>")[0]

    assert len(before_folds.splitlines()) <= 30
    assert len(before_folds) <= 2_500


def test_recipes_that_do_not_fit_share_a_line_of_the_trace():
    unfit = [Event("reasoning", f"`r{n}` does not fit: no loop.", {"recipe": f"r{n}", "fits": False}) for n in range(60)]
    fits = Event("reasoning", "`hoist` fits.", {"recipe": "hoist", "fits": True})

    shown = trace.lines([Event("started", "Looking."), *unfit, fits]).splitlines()

    assert len(shown) == 3 and shown[1].startswith("- *sets aside:* `r0`, `r1`, ") and "20 more: they do not fit" in shown[1]
    assert shown[2] == "- *thinks:* `hoist` fits."


def test_what_came_of_edits_is_told_by_model_and_form():
    assert edits.lines({("m", "symbol"): Record(6, 4, 1, 2, {"syntax": 2})}) == (
        "- *Edits by* `m`, whole functions: 4 of 6 applied, 1 of them after 2 more turns. Refused: code that does not parse (2×)."
    )
    assert set(edits.REFUSED) == set(get_args(Code))


def test_searches_count_their_own_seconds_and_all_else_since_the_run_began():
    first, second = {"seconds": 100.0, "evaluations": 3, "calls": 2}, {"seconds": 20.0, "evaluations": 5, "calls": 4}

    assert Account.of([("ideas", first), ("settled", second)]) == Account("settled", {**second, "seconds": 120.0})
    assert Account.of([]) is None


def test_each_fold_is_open_to_markdown():
    text = described(examples.story(examples.FIRST, examples.SECOND))

    assert text.count("</summary>\n\n") == text.count("<details>") == text.count("\n\n</details>") == 6


def test_a_size_that_got_slower_is_shown_as_such():
    cells = (Cell({"rows": 10}, 0.01, 0.02, Interval(0.5, 0.48, 0.52)), Cell({"rows": 20}, 0.01, 0.01, Interval(1.0, 0.98, 1.02)))
    card = replace(examples.scorecard(Interval(2, 1.9, 2.1)), cells=cells)

    text = described(examples.story(replace(examples.FIRST, scorecard=card)))

    assert "| slower |" in text
    assert "| no difference |" in text
    assert "⚠️ Slower at rows 10" in text.partition("<details>")[0]


def test_kinds_of_columns_that_nobody_has_are_named_in_the_evidence():
    card = examples.scorecard(Interval(2, 1.9, 2.1))

    for kind in KINDS:
        found = replace(card, equivalence=replace(card.equivalence, beyond=(Beyond(kind, "result: expected 1, got 2", ""),)))
        assert "which your inputs never contain" in evidence.figures(found)
        assert "other columns" not in evidence.figures(found)
    none = replace(card, equivalence=replace(card.equivalence, beyond=()))
    assert "never contain" not in evidence.figures(none)


def test_a_slower_first_call_is_said_before_the_folds():
    card = examples.scorecard(Interval(2, 1.9, 2.1))
    slow = replace(
        card, reasons=(*card.reasons, Reason("speed.first-call", "2.3 s beyond later calls in each process, before 0.0 s"))
    )

    text = described(examples.story(replace(examples.FIRST, scorecard=slow))).partition("<details>")[0]

    assert "Slower to start: 2\\.3 s beyond later calls in each process" in text


def test_an_input_with_several_differences_is_one_input():
    two = tuple(Mismatch("equivalence.value", f"result[{at}]: expected 1, got 2", "f([1, 2])") for at in range(2))
    card = examples.scorecard(Interval(2, 1.9, 2.1))
    differing = replace(card, equivalence=replace(card.equivalence, compared=10, mismatches=two, differing=1))
    older = replace(differing, equivalence=replace(differing.equivalence, differing=0))

    assert "9 of 340 inputs" in evidence.figures(differing)
    assert "9 of 340 inputs" in evidence.figures(older)


def test_figures_from_another_machine_than_the_target_carry_its_name_where_the_project_wants_that():
    found = Hardware("mismatch", ("the CPU has no avx512f",), "relabel", "prod-c7a")
    card = replace(examples.scorecard(Interval(2, 1.9, 2.1)), hardware=found)

    labelled = described(examples.story(replace(examples.FIRST, scorecard=card))).partition("<details>")[0]
    warned = replace(card, hardware=replace(found, on_mismatch="warn"))
    plain = described(examples.story(replace(examples.FIRST, scorecard=warned))).partition("<details>")[0]

    assert "the project's target is prod-c7a** (the CPU has no avx512f)" in labelled
    assert "the project's target is" not in plain
    assert "Measured on hardware that is not what the project asks for" in plain


def test_rows_and_features_are_told_apart_where_both_were_measured():
    card = examples.scorecard(Interval(2, 1.9, 2.1))
    rows = replace(card.scaling[0], growth={"baseline": ("n log n",), "candidate": ("n",)})
    wide = Capacity(0.4, 16, 61, extrapolated=True, at_least=False)
    features = Scaling("features", {"rows": 1000}, 4, 16, None, Crossover(6.0, 4, 8, True), wide, {})

    text = evidence.figures(replace(card, scaling=(rows, features)))

    assert "over rows: n log n → n |" in text
    assert "faster from about 6 features on (slower at 4, faster at 8) (at rows 1 000)" in text
    assert "(at features 16); in 400 ms 16 features before, about 61 after" in text


def test_a_candidate_that_needs_more_memory_says_so_before_the_folds():
    card = examples.scorecard(Interval(2, 1.9, 2.1))
    card = replace(card, reasons=(*card.reasons, Reason("memory.more", "140.0 instead of 74.0 MiB at rows=100000")))

    text = described(examples.story(replace(examples.FIRST, scorecard=card)))

    assert "⚠️ Needs more memory: 140" in text.partition("<details>")[0]


def test_what_was_noticed_and_is_no_reason_stands_in_the_evidence():
    kept = Reason("guard.cache", "src/a.py: uses functools.lru_cache")
    card = examples.scorecard(Interval(2, 1.9, 2.1))

    text = evidence.figures(replace(card, guards=(kept,)))
    without = evidence.figures(replace(card, guards=(kept,), reasons=(kept,)))

    assert "| Also noticed | src/a.py: uses functools.lru_cache; what is kept between calls counts for nothing here" in text
    assert "Also noticed" not in without


def test_what_was_allocated_stands_beside_the_peak_where_it_is_known():
    card = examples.scorecard(Interval(2, 1.9, 2.1))
    last = replace(
        card.cells[-1], memory_mib=replace(card.cells[-1].memory_mib, baseline_allocated=80.0, candidate_allocated=40.5)
    )

    text = described(examples.story(replace(examples.FIRST, scorecard=replace(card, cells=(*card.cells[:-1], last)))))

    assert "| Peak allocated | 80.0 → 40.5 MiB (memray, at rows" in text
    assert "Peak allocated" not in described()


def test_closing_the_issue_is_a_setting():
    assert "Related to #12" in described()
    assert "Closes #12" in described(replace(examples.story(), closes=True))
    assert "Closes" not in described(replace(examples.story(), closes=True, reference="!5"))


def test_what_equality_overlooks_is_printed():
    assert "the project lets differ: `row-order`" in described(replace(examples.story(), relaxations=("row-order",)))


def test_a_control_that_differs_is_not_hidden():
    card = replace(examples.scorecard(Interval(2, 1.9, 2.1)), control=Interval(1.05, 1.02, 1.08))

    text = described(examples.story(replace(examples.FIRST, scorecard=card)))

    assert "differs, so nothing here may be claimed" in text
    assert "⚠️ Identical code differed from itself" in text.partition("<details>")[0]


def test_other_hardware_than_asked_for_is_said_first():
    card = replace(examples.scorecard(Interval(2, 1.9, 2.1)), hardware=Hardware("partial", ("avx512 is missing",)))

    text = described(examples.story(replace(examples.FIRST, scorecard=card)))

    assert "only partly what the project asks for" in text.partition("<details>")[0]
    assert "(avx512 is missing)" in text


def test_a_clean_result_has_no_warning():
    assert "⚠️" not in described()


def test_a_run_without_a_commit_has_no_merge_request():
    with pytest.raises(LookupError, match="nothing on its branch"):
        described(examples.story(examples.FUTILE))


def test_the_command_to_repeat_it_is_complete():
    text = described()

    assert "hasten evaluate . --target src/frames/sort.py::sort_frame \\\n    --candidate change.patch" in text
    assert "--sandbox bubblewrap --seed 20250101" in text
    assert examples.story().base in text


def test_a_scorecard_without_anything_optional_still_reads():
    card = Scorecard("src/a.py::f", Outcome.ACCEPTED, (), speedup=Interval(2, 1.9, 2.1))

    text = described(examples.story(Iteration(0, scorecard=card, commit="abc")))

    assert "**`f` is" not in text  # the name is the target's, not the scorecard's
    assert "Nothing was there to check its results with." in text


def test_an_unpublished_iteration_leaves_the_headline_alone():
    text = described(examples.story(examples.FIRST, examples.FUTILE))

    assert "is 4.3× faster" in text
    assert "avoid numpy | nothing proven | –" in text


def hostile_texts() -> dict[str, str]:
    attempt = Attempt(HOSTILE, "d", "rejected", (HOSTILE,), 1.0)
    change = Change(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,))
    first = Iteration(0, HOSTILE, HOSTILE, change, replace(examples.FIRST.scorecard, machine=HOSTILE), HOSTILE, (attempt,))
    second = replace(first, number=1)
    story = replace(
        examples.story(first, second),
        requester=HOSTILE,
        branch=HOSTILE,
        run=HOSTILE,
        attempts=(attempt,),
        trace=(Event("message", HOSTILE),),
        edits={(HOSTILE, "symbol"): Record(1, 0, refusals={HOSTILE: 1})},
        profile=HOSTILE,
        chart=Picture(chart.alt(HOSTILE, examples.FIRST.scorecard.cells), "/uploads/0a/chart.png"),
    )
    return {
        "description": described(story),
        "commit": merge_request.commit_text(HOSTILE, HOSTILE, HOSTILE, None, HOSTILE),
        "iteration": iteration.reply(first, second),
        "nothing": iteration.nothing(first, second),
        "status": status.render(Progress(HOSTILE, Stage.SEARCHING, 1, HOSTILE, HOSTILE, 1, 2, Interval(2, 1, 3), HOSTILE)),
        "mistake": replies.mistake(HOSTILE, "Sorry."),
        "explain": replies.explain(attempt, change),
        "log": replies.environment_does_not_build(HOSTILE),
        "config": replies.bad_project_file(ValueError(HOSTILE)),
        "nothing proven": replies.nothing_proven(HOSTILE, [attempt]),
        "needs model": replies.needs_model(HOSTILE),
    }


@pytest.mark.parametrize("name", hostile_texts())
def test_hostile_words_do_nothing_anywhere(name):
    text = hostile_texts()[name]
    parser = MarkdownIt("commonmark").enable("table")
    html = parser.render(text)
    prose = [child.content for token in parser.parse(text) for child in token.children or [] if child.type == "text"]

    assert "<script>" not in html
    assert all(source.startswith("/uploads/") for source in re.findall(r"<img\b.*?src=\"([^\"]*)", html))
    assert 'href="http' not in html
    assert html.count("<details>") == html.count("</details>")
    assert not any("@all" in part or "Closes #1" in part for part in prose)
    assert not any(line.startswith("/") for line in text.splitlines())
