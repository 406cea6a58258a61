"""The list of reason codes is closed: what the code says is in the list, and the page is made from it."""

import re
from pathlib import Path

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


def test_every_code_of_the_list_is_said_somewhere() -> None:
    files = [path for room in ("evaluation", "bot") for path in (ROOT / room).rglob("*.py") if path.name != "reasons.py"]
    texts = [path.read_text() for path in files]
    kinds = {name for text in texts for name in re.findall(r'"([a-z]+)"', text)}  # what a comparison names, without its family
    said = {code for text in texts for code in LITERAL.findall(text)} | {f"equivalence.{name}" for name in kinds}

    assert set(CODES) <= said


def test_every_code_has_one_sentence() -> None:
    assert all(text.endswith(".") and len(text) < 130 for text in CODES.values())
