"""Whether a candidate gives the same at sizes that nobody measures, some of them far beyond the largest: untimed."""

from collections.abc import Sequence
from pathlib import Path

from evaluation.compare.observation import raised
from evaluation.compare.plain import Value
from evaluation.correctness.observer import Lost, Observer, Unloadable
from evaluation.guard.last_look.answers import SECONDS, Answer
from evaluation.guard.last_look.differences import Comparing
from evaluation.scorecard import Reason
from evaluation.speed.referee import Launcher

LIMITS = frozenset({"sandbox.timeout", "sandbox.memory"})  # that a call may need more of than there is


def beyond(launcher: Launcher, candidate: Path, asked: Sequence[Answer], comparing: Comparing
           ) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:  # fmt: skip
    """(a reason where a result differs, notes where the candidate has none). Raises InputsFailed where a check fails.

    That it needs more time or memory there than there is makes no result wrong: whoever reviews it should know.
    """
    differing: list[str] = []
    silent: list[str] = []
    try:
        with Observer(launcher, candidate) as side:
            for each in asked:
                told = side.observe(each.input.pickle, seconds=SECONDS)
                if beyond_its_means(told):
                    silent.append(f"for {each.input.description} it gives no answer, where the code before does")
                else:
                    found = comparing.call(each.input, each.input.pickle, each.told, told)
                    differing += [text for _, text in found]
    except Unloadable as error:  # it was loaded often enough before
        silent.append(f"it can't be loaded once more: {error}")
    return _one("guard.drift", differing), _one("guard.fitted", silent)


def beyond_its_means(told: Value | Lost) -> bool:
    """Whether a call ended for want of time or memory, which says nothing about results."""
    if isinstance(told, Lost):
        return told.code in LIMITS
    return (raised(told) or "").rpartition(".")[2] == "MemoryError"


def _one(code: str, texts: Sequence[str]) -> tuple[Reason, ...]:
    return tuple(Reason(code, text) for text in texts[:1])
