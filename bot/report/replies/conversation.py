"""Answers to what people say: what was understood, who may ask, what is known. No line begins with a command."""

import difflib
from collections.abc import Sequence
from dataclasses import replace

from bot.agents.contract import Attempt
from bot.report import evidence, quote, tables, units
from bot.report.facts import Change, Iteration, Lesson, Story
from evaluation.scorecard import Scorecard


def published(story: Story, merge_request: str) -> str:
    """The end of a run that opened a merge request, told where it was asked for."""
    card = story.published.scorecard
    gain = f"**{units.gain(card.speedup)} faster**" if card and card.speedup else "faster"
    return f"{quote.code(story.target)} can be {gain}: {merge_request} has the change, the measurements and the reasons."


def hotspots(ranked: Sequence[tuple[str, float]]) -> str:
    """No target was named: where the time goes, by its share. The first is the one that is tried."""
    numbered = enumerate(ranked, 1)
    rows = [(str(number), quote.code(name), units.percent(share) if share else "–") for number, (name, share) in numbered]
    shown = tables.table(["#", "function", "share of the time"], rows, right=(0, 2))
    return f"This is where the time goes. I start with the first; name another one to have that instead.\n\n{shown}"


def no_permission(name: str) -> str:
    """The person may read but not write here."""
    who = quote.inline(name, 80)
    return f"Sorry, {who}: only people with the role Developer or above in this project can have me work in it."


def too_many_runs(most: int) -> str:
    """The cap on runs here within an hour."""
    return f"I have started {most} runs here within an hour, which is the most I may. Please ask again later."


def already_running(target: str, run: str, where: str) -> str:
    """The same is being worked on."""
    about = quote.code(target) if target else "this"
    return f"I am already working on {about} (run {quote.code(run, 80)}); the result will stand in {where}."


def no_run_here() -> str:
    """Cancel, status, retry, compare or explain, and there was no run."""
    return "There is no run here yet. `/optimize path/to/file.py::function` starts one."


def nothing_to_steer() -> str:
    """A rule for a merge request that is not ours."""
    return "That is meant for a merge request that I opened, and this is none. `/optimize path/to/file.py::function` starts one."


def cancelling(active: int) -> str:
    """The answer to cancel."""
    if not active:
        return "Nothing is running here, so there is nothing to stop."
    return "Stopping. Nothing more is pushed." if active == 1 else f"Stopping {active} runs. Nothing more is pushed."


def mistake(text: str, advice: str) -> str:
    """A command that cannot be meant as written."""
    return f"I did not understand {quote.code(text)}. {advice}"


def needs_model(text: str) -> str:
    """Free text, and there is no model that could understand it."""
    why = "I can't understand free text without a language model, and none is set up here"
    return f"{why}, so I did nothing about {quote.code(text)}.\n\n{_GRAMMAR}"


def unclear(text: str) -> str:
    """A remark that could be read in several ways, or in none."""
    return f"I am not sure what to do about {quote.code(text)}. Could you say it in other words?\n\n{_GRAMMAR}"


def answer(told: str, now: Iteration) -> str:
    """A reviewer's question, answered by a model from what is known; what was measured stands below it, whatever it says."""
    card = now.scorecard
    measured = f"What was measured: {evidence.result(card, card.target.rpartition('::')[2])}" if card else ""
    return f"{quote.passage(told)}\n\n{measured}".strip()


def torn(words: Sequence[str]) -> str:
    """Reviewers ask for the opposite of each other at the same time."""
    return (
        f"Reviewers want {evidence.names(words, most=8)} both used and avoided, so I do neither. "
        "Please agree, and tell me with `/optimize avoid …` or `/optimize prefer …`."
    )


def lessons(known: Sequence[Lesson]) -> str:
    """What reviewers of the project asked for, as all later runs are told."""
    if not known:
        return "I have no lessons for this project yet. Reviews of my changes make some, and so does `/optimize avoid …`."
    rows = [(str(each.number), _lesson(each), quote.inline(each.source, 20), str(each.times)) for each in known[-60:]]
    shown = tables.table(["#", "lesson", "first said in", "times said"], rows, right=(0, 3))
    change = "`/optimize forget 3` deletes one, `/optimize reword 3 …` says it in other words."
    return f"This is what all my runs in this project follow.\n\n{shown}\n\n{change}"


def forgotten(lesson: Lesson) -> str:
    """A lesson was deleted."""
    return f"Forgotten: {_lesson(lesson)}. My next runs in this project don't follow it any more."


def reworded(lesson: Lesson, text: str) -> str:
    """A lesson was put into other words."""
    now = _lesson(replace(lesson, text=text))
    return f"Lesson {lesson.number} was “{_lesson(lesson)}” and is now “{now}”."


def no_such_lesson(number: int) -> str:
    """Forget or reword, with a number that no lesson has."""
    return f"There is no lesson {number} in this project. `/optimize lessons` shows the numbers."


def unknown_rule(word: str, known: Sequence[str]) -> str:
    """Avoid or prefer, with a word that no agent here understands."""
    near = difflib.get_close_matches(word, known, n=1)
    hint = f" Did you mean {quote.code(near[0])}?" if near else ""
    return f"Without a language model I know no rule {quote.code(word)}.{hint} I know {evidence.names(sorted(known), most=40)}."


def glance(card: Scorecard) -> str:
    """The judge's quick look, for an agent that asks in the middle of its work. No claim is ever made from it."""
    speed = units.interval(card.speedup) if card.speedup else "not measured"
    because = "\n".join(f"- {quote.inline(reason.text, 400)}" for reason in card.reasons[:8])
    differs = evidence.differences(card)
    said = "\n".join(part for part in (f"{card.outcome} (quick look), speed-up {speed}", because) if part)
    return f"{said}\n\n{differs}" if differs else said


def explain(attempt: Attempt, change: Change | None = None, card: Scorecard | None = None, fate: str = "") -> str:
    """Why a candidate ended as it did; `fate` says it in the words of `replies.fate`."""
    speed = f", {units.ratio(attempt.ratio)}" if attempt.ratio else ""
    because = "\n".join(f"- {quote.inline(reason, 300)}" for reason in attempt.reasons[:8]) or "- no reason was recorded"
    differs = evidence.differences(card, most=1) if card else ""
    shown = f"\n\nWhere results differ:\n\n{differs}" if differs else ""
    noticed = evidence.noticed(card) if card else ""
    also = f"\n\nAlso noticed: {noticed}." if noticed else ""
    why = f"\n\n{quote.passage(change.rationale)}" if change else ""
    compared = f"\n\n{fate}" if fate else ""
    return f"**{quote.inline(attempt.title)}**: {attempt.outcome}{speed}.\n\n{because}{also}{compared}{shown}{why}"


def unknown_candidate(name: str, known: int) -> str:
    """Explain, with a number that does not exist."""
    there_are = f"They are numbered from 1 to {known}." if known else "None was judged yet."
    return f"There is no candidate {quote.code(name, 80)}. {there_are}"


def compare(iterations: Sequence[Iteration]) -> str:
    """The versions of a run next to each other."""
    rows = [(str(each.number + 1), _asked(each), _speed(each.scorecard), _where(each)) for each in iterations]
    return tables.table(["version", "asked for", "against the base", ""], rows, right=(0,))


def help_text(word: str = "optimize", *, bot: str = "") -> str:
    """What can be asked."""
    rows = [(quote.code(f"/{word} {form}"), told) for form, told in _FORMS]
    shown = tables.table(["command", "what it does"], rows)
    alias = f"; {quote.code(f'@{bot} {word} …')} does the same" if bot else ""
    return f"Write one of these at the start of a line{alias}.\n\n{shown}\n\n{_OPTIONS}"


_FORMS = (
    ("src/a.py::function", "makes this function faster and opens a merge request, if the gain is proven"),
    ("src/a.py", "finds the slowest function in this file first"),
    ("", "finds the slowest code first; in a merge request what it touches, in its diff the function at that line"),
    ("status", "says how far I am"),
    ("cancel", "stops the run"),
    ("retry", "does the last run again"),
    ("explain 3", "says why candidate 3 won or lost; without a number, why the winner won"),
    ("compare", "shows all versions next to each other"),
    ("lessons", "shows what reviewers of this project have asked for"),
    ("forget 3", "deletes lesson 3"),
    ("reword 3 …", "says lesson 3 in other words"),
    ("avoid numba", "asks for a version without it, now and in later runs"),
    ("prefer numpy", "asks for a version with it, now and in later runs"),
    ("help", "shows this"),
)
_OPTIONS = (
    "Options: `--rows 1000,100k`, `--features 4,16`, `--budget 20m/$5`, `--strategy sequential`, `parallel`, `hybrid` or "
    "`adaptive`, `--agent recipes`, `--hardware avx2`, `--claim 5%`."
)
_GRAMMAR = (
    "What I do understand: `/optimize avoid …`, `/optimize prefer …`, `/optimize retry`, `/optimize explain`, "
    "`/optimize compare`, `/optimize cancel`, and `/optimize path/to/file.py::function`."
)


def _lesson(lesson: Lesson) -> str:
    return quote.inline(lesson.text, 200) if lesson.verb == "remark" else f"{lesson.verb} {quote.code(lesson.text)}"


def _asked(iteration: Iteration) -> str:
    return quote.inline(iteration.rule or iteration.asked, 80) or "the first version"


def _speed(card: Scorecard | None) -> str:
    return units.interval(card.speedup) if card and card.speedup else "not measured"


def _where(iteration: Iteration) -> str:
    return f"on the branch ({quote.code(iteration.commit[:8])})" if iteration.commit else "not pushed"
