"""One invented run, told in full: what the catalogue and the golden files show."""

from bot.agents.contract import Attempt, Event
from bot.editor.forms import Form, Record
from bot.report import chart, merge_request
from bot.report.facts import Account, Change, Iteration, Picture, Progress, Stage, Story
from evaluation.scaling import Scaling, Trend
from evaluation.scorecard import Beyond, Cell, Equivalence, Interval, Memory, Mismatch, Mutants, Outcome, Reason, Scorecard, Tests
from evaluation.speed.trends import capacity

TARGET = "src/frames/sort.py::sort_frame"
RUN = "optimize-5d41402abc4b2a76"
_CELLS = (
    (1_000, 4, 0.00214, 0.000713, Interval(3.0, 2.91, 3.09), Memory(0.42, 0.45)),
    (1_000, 16, 0.00301, 0.00109, Interval(2.76, 2.69, 2.83), Memory(0.9, 0.94)),
    (10_000, 4, 0.0248, 0.00579, Interval(4.28, 4.21, 4.36), Memory(3.1, 3.2)),
    (10_000, 16, 0.0333, 0.00831, Interval(4.01, 3.93, 4.09), Memory(7.6, 7.7)),
    (100_000, 4, 0.301, 0.0532, Interval(5.66, 5.55, 5.77), Memory(31.2, 30.9)),
    (100_000, 16, 0.412, 0.0801, Interval(5.14, 5.02, 5.27), Memory(74.0, 73.1)),
)
_BROKEN = Mutants(made=14, killed=13, survived=("line 12: `0.0` became `1.0`",))
_BEYOND = (Beyond("arrow", "result: expected int64[pyarrow], got int64", "DataFrame 3x2"),)
ATTEMPTS = (
    Attempt("Sort once by all keys with numpy.lexsort", "a1", "accepted", ("at least 4.24× faster",), 4.31, ("lexsort",)),
    Attempt(
        "Compile the comparison with numba", "b2", "rejected", ("equivalence.order: rows with equal keys change places",), 6.02
    ),
    Attempt("Hoist the column lookups out of the loop", "c3", "rejected", ("at most 1.02×, wanted 1.03×",), 1.01),
    Attempt("Collect rows in a list, build the frame once", "d4", "inconclusive", ("between 0.99× and 1.06×",), 1.02),
)
TRACE = (
    Event("reasoning", "93 % of the time is in `list.sort` with a Python key function; a stable array sort does the same."),
    Event("tool_call", "view src/frames/sort.py"),
    Event("file_changed", "src/frames/sort.py"),
    Event("step", "4"),
    Event("message", "Keys are sorted from the last to the first, so ties keep their order as before."),
    Event("ended", "completed"),
)
EDITS: dict[tuple[str, Form], Record] = {("claude-opus-5-5", "search-replace"): Record(5, 4, 1, 1, {"no-match": 1})}
ACCOUNT = Account("settled", {"evaluations": 4, "seconds": 212.0, "calls": 9, "tokens": 48_210, "usd": 0.37})
PROFILE = """0.824 s under the profiler in 2 calls, sampled 164 times without it.
One call: rows=1000, features=4 take 0.00214 s, rows=100000, features=16 take 0.412 s: 193 times as long for 100 times the size.

A change to this function alone could save:
   93% (at most 14.29x for the whole): src/frames/sort.py:12 sort_frame, 2 calls

The lines it is spent on, with the libraries they call:
   71% src/frames/sort.py:31
   22% src/frames/sort.py:27"""
CHANGE = Change(
    title="Sort once by all keys with numpy.lexsort",
    rationale=(
        "The loop built a Python tuple per row and compared tuples. Now each key becomes one array, descending keys are negated "
        "ranks, missing values get a rank of their own, and `numpy.lexsort` sorts all keys in one stable pass.\n\n"
        "- ties keep their order\n- missing values stay last"
    ),
    agent="recipes",
    ingredients=("lexsort",),
    files=("src/frames/sort.py",),
)


def differing() -> Scorecard:
    """The evidence against a version that is fast and wrong."""
    snippet = (
        "import pandas as pd\nfrom frames.sort import sort_frame\n\n"
        "sort_frame(pd.DataFrame({'key': [0, 0], 'at': [0, 1]}), by=['key'])"
    )
    told = "result: the same labels in another order"
    return Scorecard(
        target=TARGET,
        outcome=Outcome.REJECTED,
        reasons=(Reason("equivalence.order", told),),
        equivalence=Equivalence(
            "numeric",
            inputs=340,
            compared=12,
            mismatches=(
                Mismatch("equivalence.order", told, snippet, runnable=True),
                Mismatch("equivalence.value", "result[0]: expected 1, got 2", "3 rows of 1000 columns"),
            ),
        ),
    )


def scorecard(speedup: Interval, factor: float = 1.0) -> Scorecard:
    """The evidence for one version; `factor` makes it faster or slower than the first one."""
    return Scorecard(
        target=TARGET,
        outcome=Outcome.ACCEPTED,
        reasons=(Reason("speed.gain", f"at least {speedup.low:.2f}× faster"),),
        tests=Tests(passed=23, flaky=("tests/test_io.py::test_reads_a_slow_pipe",)),
        equivalence=Equivalence("numeric", inputs=340, compared=340, mutants=_BROKEN, beyond=_BEYOND),
        speedup=speedup,
        cells=tuple(
            Cell({"rows": rows, "features": features}, before, after / factor, _scaled(gain, factor), memory)
            for rows, features, before, after, gain, memory in _CELLS
        ),
        scores={"weighted": speedup, "auc": _scaled(Interval(5.02, 4.9, 5.14), factor), "custom": None},
        growth={"baseline": ["n log n"], "candidate": ["n", "n log n"]},
        scaling=(_scaling(factor),),
        control=Interval(1.0, 0.99, 1.01),
        clock="cpu",
        cpu_over_wall=0.99,
        processes=6,
        machine="x86_64, 2 cores, Linux 6.1, Python 3.12.4",
        sandbox="bubblewrap",
        seed=20_250_101,
        seconds=31.4,
    )


def _scaling(factor: float) -> Scaling:
    wide = [cell for cell in _CELLS if cell[1] == 16]
    rows = [cell[0] for cell in wide]
    fits = capacity(rows, [cell[2] for cell in wide], [cell[3] / factor for cell in wide])
    return Scaling("rows", {"features": 16}, rows[0], rows[-1], Trend(0.135, 0.128, 0.142, 0.988), None, fits)


def _scaled(value: Interval, factor: float) -> Interval:
    return Interval(value.ratio * factor, value.low * factor, value.high * factor, value.level)


FIRST = Iteration(0, "", "", CHANGE, scorecard(Interval(4.31, 4.24, 4.38)), "9f8e7d6c5b4a39281706f5e4d3c2b1a098765432", ATTEMPTS)
SECOND = Iteration(
    number=1,
    asked="Please no lexsort here, nobody on the team can read it.",
    rule="avoid lexsort",
    change=Change(
        "Sort by each key in turn, stably",
        "A stable `argsort` per key, from the last key to the first.",
        "recipes",
        CHANGE.files,
        ("argsort",),
    ),
    scorecard=scorecard(Interval(3.71, 3.65, 3.77), 0.86),
    commit="1029384756afbecd0918273645fedcba01928374",
    attempts=(
        Attempt("Sort by each key in turn, stably", "e5", "accepted", ("at least 3.65× faster",), 3.71, ("argsort",)),
        ATTEMPTS[2],
    ),
)
FUTILE = Iteration(1, SECOND.asked, "avoid numpy", None, None, None, ATTEMPTS[2:])


def story(*iterations: Iteration) -> Story:
    """The run as its merge request tells it."""
    told = iterations or (FIRST,)
    cells = told[-1].scorecard.cells if told[-1].scorecard else ()
    return Story(
        run=RUN,
        target=TARGET,
        requester="dev",
        reference="#12",
        base="0123456789abcdef0123456789abcdef01234567",
        branch="hasten/sort-frame-2abc4b2a",
        version="0.1.0",
        iterations=told,
        trace=TRACE,
        edits=EDITS,
        account=ACCOUNT,
        profile=PROFILE,
        attempts=ATTEMPTS,
        attachment="[scorecard.json](/uploads/0d5f/scorecard.json)",
        chart=Picture(chart.alt("sort_frame", cells), "/uploads/5ca1/chart.png") if cells else None,
        flame=Picture(merge_request.FLAME, "/uploads/f1a3/flame.png", "/uploads/f1a4/flame.svg"),
    )


def progress(stage: Stage) -> Progress:
    """The run on its way."""
    waiting = stage is Stage.QUEUED
    found = stage in (Stage.SEARCHING, Stage.CONFIRMING)
    return Progress(
        run=RUN,
        stage=stage,
        elapsed_s=3 if waiting else 95,
        target=TARGET,
        doing="" if waiting else "Judging the third candidate.",
        judged=2 if found else 0,
        planned=8,
        best=Interval(4.28, 4.1, 4.45) if found else None,
        best_title=CHANGE.title if found else "",
        minutes=20,
        usd_used=0.37,
    )
