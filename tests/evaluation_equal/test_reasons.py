"""The list of reason codes is closed: what the code says is in the list, and the page is made from it."""

import re
from pathlib import Path
from typing import get_args

from evaluation.channel import Loss
from evaluation.correctness.observer import Lost, answered
from evaluation.losses import FAILED, LOST, failed
from evaluation.reasons import CODES, family, render

ROOT = Path(__file__).parents[2]
FAMILIES = {family(code) for code in CODES}
LITERAL = re.compile(rf'"((?:{"|".join(sorted(FAMILIES))})\.[a-z][a-z-]+)"')


def test_the_page_is_what_the_list_says() -> None:
    assert (ROOT / "docs" / "reasons.md").read_text() == render()


def test_every_code_that_the_judge_can_say_is_in_the_list() -> None:
    said = {code for path in (ROOT / "evaluation").rglob("*.py") for code in LITERAL.findall(path.read_text())}

    assert said <= set(CODES)
    assert len(said) > 30


def test_whatever_a_process_fails_at_has_a_code_of_the_list() -> None:
    said = re.compile(r'Failed\(\s*"([^"]+)"')
    probe = ROOT / "evaluation" / "probe"
    words = {word for name in ("worker", "loading") for word in said.findall((probe / f"{name}.py").read_text())}

    assert words == set(FAILED) and "input" in words
    assert {*map(failed, (*words, "made up", 3)), *(code for code, _ in LOST.values())} <= set(CODES)
    assert set(LOST) == set(get_args(Loss))
    rebuilt = answered({"failed": "input", "text": "an input cannot be rebuilt"}, ())
    assert isinstance(rebuilt, Lost) and rebuilt.code == "equivalence.exception"


def test_every_code_of_the_list_is_said_somewhere() -> None:
    files = [path for room in ("evaluation", "bot") for path in (ROOT / room).rglob("*.py") if path.name != "reasons.py"]
    texts = [path.read_text() for path in files]
    kinds = {name for text in texts for name in re.findall(r'"([a-z]+)"', text)}  # what a comparison names, without its family
    said = {code for text in texts for code in LITERAL.findall(text)} | {f"equivalence.{name}" for name in kinds}

    assert set(CODES) <= said


def test_every_code_has_one_sentence() -> None:
    assert all(text.endswith(".") and len(text) < 130 for text in CODES.values())
