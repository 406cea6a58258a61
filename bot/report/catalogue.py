"""Everything the bot can say, with an example each: for owners who want to read it before they install the bot."""

from dataclasses import replace

from bot.report import iteration, merge_request, recheck, replies, status, suggestion
from bot.report.examples import ATTEMPTS, CHANGE, FIRST, FUTILE, RUN, SECOND, TARGET, differing, progress, scorecard, story
from bot.report.facts import Checked, Lesson, Stage
from evaluation.scorecard import Interval, Reason

_HEAD = """# What Hasten says

Every sentence the bot can write into a project, with an example. A test holds this page against the code;
`HASTEN_GOLDEN=write python -m pytest tests/report` writes it anew.
"""
_KEY = b"example key, not a secret"
_LOG = "Collecting numpy==9.9\nERROR: Could not find a version that satisfies the requirement numpy==9.9"
LESSON = Lesson(3, "avoid", "lexsort", "!34", 2)
WISH = Lesson(4, "remark", "No class inside of a function.", "!41", 1)
PUSHED = Checked("pushed", "dev", "1029384756afbecd0918273645fedcba01928374", "main", scorecard(Interval(4.2, 4.1, 4.3)))
MERGED = Checked("merged", "dev", "5647382910afbecd0918273645fedcba01928374", "main", scorecard(Interval(4.3, 4.2, 4.4)))
LOST = Checked("schedule", "", "abcdef2910afbecd0918273645fedcba01928374", "main", differing())
_NOISY = Reason("speed.control", "identical code differs from itself by 4 % on this machine")
_KEPT = Reason("guard.cache", "src/frames/sort.py: uses functools.lru_cache")
_FATES = ("won", "rejected", "unmeasured", "slow", "behind", "spared", "unconfirmed")
_SECOND_BEST = {"ratio": 1.31, "rank": 2, "of": 5, "finalists": 3, "ahead": "c", "asked": "escape"}
_COST = {"evaluations": 7, "seconds": 504.0, "calls": 12, "tokens": 31_400, "usd": 0.42}
_CLOSE = Interval(1.02, 0.99, 1.06)


def catalogue() -> list[tuple[str, str]]:
    """(name, example) of everything, in the order of a run."""
    return [*_conversation(), *_refusals(), *_status(), *_endings(), *_reports()]


def page() -> str:
    """`docs/sentences.md`."""
    entries = (f"## {name}\n\n`````markdown\n{example}\n`````\n" for name, example in catalogue())
    return "\n".join([_HEAD, *entries])


def _conversation() -> list[tuple[str, str]]:
    return [
        ("hotspots", replies.hotspots([(TARGET, 0.871), ("src/frames/io.py::read_rows", 0.052)])),
        ("no_permission", replies.no_permission("reporter")),
        ("too_many_runs", replies.too_many_runs(10)),
        ("already_running", replies.already_running(TARGET, RUN, "#12")),
        ("no_run_here", replies.no_run_here()),
        ("nothing_to_steer", replies.nothing_to_steer()),
        ("cancelling", replies.cancelling(1)),
        ("cancelling, nothing runs", replies.cancelling(0)),
        ("mistake", replies.mistake("canel", "Did you mean `/optimize cancel`?")),
        ("needs_model", replies.needs_model("could this be simpler?")),
        ("unclear", replies.unclear("hmm, the other one?")),
        ("answer", replies.answer("Because each word is looked up in a dictionary, once.", FIRST)),
        ("torn", replies.torn(["lexsort"])),
        ("lessons", replies.lessons([LESSON, WISH])),
        ("lessons, none yet", replies.lessons([])),
        ("forgotten", replies.forgotten(LESSON)),
        ("reworded", replies.reworded(WISH, "No classes inside of functions.")),
        ("no_such_lesson", replies.no_such_lesson(7)),
        ("unknown_rule", replies.unknown_rule("lexsrot", ["lexsort", "njit", "hoist"])),
        ("explain", replies.explain(ATTEMPTS[1], CHANGE)),
        ("explain, with the input that shows it", replies.explain(ATTEMPTS[1], card=differing())),
        ("explain, with what was noticed", replies.explain(ATTEMPTS[1], card=replace(scorecard(_CLOSE), guards=(_KEPT,)))),
        (
            "explain, why not this one",
            replies.explain(ATTEMPTS[1], CHANGE, fate=replies.fate("spared", _SECOND_BEST, {"c": 2}, "c")),
        ),
        *((f"fate, {kind}", replies.fate(kind, {**_SECOND_BEST, "asked": "kept"}, {"c": 2})) for kind in _FATES),
        ("unknown_candidate", replies.unknown_candidate("9", 4)),
        ("compare", replies.compare([FIRST, SECOND, FUTILE])),
        ("glance", replies.glance(scorecard(_CLOSE))),
        ("glance, where results differ", replies.glance(differing())),
        ("help_text", replies.help_text(bot="hasten")),
        ("published", replies.published(story(), "!34")),
    ]


def _refusals() -> list[tuple[str, str]]:
    return [
        ("no_such_function", replies.no_such_function("src/frames/sort.py::sort_fram", [TARGET])),
        ("no_such_file", replies.no_such_file("frames/sort.py", ["src/frames/sort.py"])),
        (
            "bad_target",
            replies.bad_target("src/../x.py::f", "`src/../x.py::f` leaves the project; write it relative to its root"),
        ),
        ("not_committed", replies.not_committed([".hasten.yml"])),
        ("not_python", replies.not_python("src/sort.c")),
        ("no_function_here", replies.no_function_here("src/frames/sort.py", 12)),
        ("nothing_touched", replies.nothing_touched()),
        ("no_such_agent", replies.no_such_agent("natve", ["recipes", "native"])),
        ("no_sizes", replies.no_sizes(TARGET, ["rows"], [])),
        ("no_sizes, other sizes", replies.no_sizes(TARGET, ["rows", "features"], ["words", "length"])),
        ("nothing_to_optimize", replies.nothing_to_optimize()),
        ("cannot_judge", replies.cannot_judge(ValueError("the tests take longer than 10 minutes"))),
        ("environment_does_not_build", replies.environment_does_not_build(_LOG)),
        (
            "bad_project_file",
            replies.bad_project_file(ValueError(".hasten.yml, line 3: `tets` is not known. Did you mean `tests`?")),
        ),
        ("empty_repository", replies.empty_repository()),
        ("gitlab_refused", replies.gitlab_refused("403 Forbidden")),
        ("confidential", replies.confidential()),
    ]


def _status() -> list[tuple[str, str]]:
    stages = [stage for stage in Stage if stage not in (Stage.DONE, Stage.FAILED)]
    ended = replace(progress(Stage.DONE), praise=2, blame=1, ending="merged")
    shown = [(f"status: {stage}", progress(stage)) for stage in stages] + [("status: done, and what people made of it", ended)]
    return [(name, status.render(each)) for name, each in shown]


def _endings() -> list[tuple[str, str]]:
    return [
        ("nothing_proven", replies.nothing_proven(TARGET, ATTEMPTS[1:])),
        (
            "nothing_proven, with what it cost",
            replies.nothing_proven(TARGET, ATTEMPTS[1:], replies.search_ended("settled", _COST)),
        ),
        ("search_ended", replies.search_ended("ideas", {"evaluations": 1, "seconds": 44.0})),
        ("search_ended, at an unknown price", replies.search_ended("calls", {**_COST, "usd": None})),
        ("search_ended, without a candidate", replies.search_ended("money", {**_COST, "evaluations": 0})),
        ("search_ended, at a price known in part", replies.search_ended("time", {**_COST, "usd": None, "known_usd": 0.3})),
        ("nothing_proven, nothing applies", replies.nothing_proven(TARGET, (), replies.search_ended("ideas", {"seconds": 9.0}))),
        ("nothing_found", replies.nothing_found(TARGET, ATTEMPTS[2:], replies.search_ended("settled", _COST))),
        ("interrupted", replies.interrupted(ATTEMPTS[2:])),
        ("interrupted, early", replies.interrupted(())),
        ("permission_lost", replies.permission_lost("dev")),
        ("closed_meanwhile", replies.closed_meanwhile("merged")),
        ("branch_moved", replies.branch_moved("hasten/sort-frame-2abc4b2a")),
        ("branch_gone", replies.branch_gone("hasten/sort-frame-2abc4b2a")),
        ("push_refused", replies.push_refused("remote: GitLab: You are not allowed to push code to protected branches")),
        ("fork", replies.fork("patch-1")),
        ("internal_error", replies.internal_error(RUN)),
    ]


def _reports() -> list[tuple[str, str]]:
    second = story(FIRST, SECOND)
    return [
        ("merge_request.title", merge_request.title(story())),
        ("merge_request.description", merge_request.description(second, project=1, key=_KEY)),
        ("merge_request.commit_text", merge_request.commit_text(TARGET, CHANGE.title, CHANGE.rationale, FIRST.scorecard, RUN)),
        *(
            (f"recheck.checked, {outcome}", recheck.checked(checked))
            for outcome, checked in (("pushed", PUSHED), ("merged", MERGED), ("schedule", LOST))
        ),
        ("suggestion.render", suggestion.render(suggestion.Suggestion(1, 2, ("    return sum(numbers)",)), FIRST, "sort_frame")),
        ("recheck.not_measured", recheck.not_measured("merged", recheck.moved_on())),
        ("iteration.reply", iteration.reply(FIRST, SECOND)),
        ("iteration.unchanged", iteration.unchanged(SECOND)),
        ("iteration.nothing", iteration.nothing(FIRST, FUTILE)),
        ("iteration.upon", iteration.upon(LOST.sha, LOST.card)),
    ]
