"""The list of reason codes is closed: what the code says is in the list, and the page is made from it."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from evaluation.channel import Loss
from evaluation.correctness.observer import Lost, answered
from evaluation.losses import FAILED, LOST, failed
from evaluation.reasons import CODES, family, render

ROOT = Path(__file__).parents[2]
FAMILIES = {family(code) for code in CODES}
NAMING = {"say", "differ", "inside", "Place"}  # calls whose arguments after the first name what differs
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
    said = {code for text in texts for code in LITERAL.findall(text)}
    named = {name for path in (ROOT / "evaluation" / "compare").glob("*.py") for name in names_of(ast.parse(path.read_text()))}

    assert set(CODES) <= said | {f"equivalence.{name}" for name in named}


def names_of(module: ast.Module) -> Iterator[str]:
    """What a comparison calls differences, without the family: what it says, what it gives places, and the values of its maps."""
    maps = [node.value for node in module.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Call)]
    given = [each.args[1:] for each in calls if getattr(each.func, "attr", getattr(each.func, "id", "")) in NAMING]
    for node in itertools.chain(*(each.values for each in maps), *given):
        yield from (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def test_every_code_has_one_sentence() -> None:
    assert all(text.endswith(".") and len(text) < 130 for text in CODES.values())
