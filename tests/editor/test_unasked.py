"""Changes beside those that were asked for: seen on the syntax tree, named, and put back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editor.shape import shape
from bot.editor.unasked import MOST_LINES, Stripped, strip

BEFORE = '''"""Words."""

import re

RULES = {'a': 1, 'b': 2}


def other(x, y):
    """Add."""
    return x+y


def hot(words):
    found = []
    for word in words:
        if word not in found:
            found.append(word)
    return found
'''
SLOW = """    found = []
    for word in words:
        if word not in found:
            found.append(word)
    return found
"""
FAST = "    return list(dict.fromkeys(words))\n"
WANTED = BEFORE.replace(SLOW, FAST)


def test_a_change_that_was_asked_for_stays():
    assert strip(BEFORE, WANTED) == Stripped(WANTED)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("RULES = {'a': 1, 'b': 2}", 'RULES = {\n    "a": 1,\n    "b": 2,\n}', "layout or comments (lines 5 to 8)"),
        ("    return x+y", "    return x + y", "layout or comments (line 10)"),
        ("import re\n", "import re  # for later\n", "layout or comments (line 3)"),
        ("def other(x, y):", "def other(x: int, y: int) -> int:", "type hints (line 8)"),
        ('    """Add."""', '    """Add two numbers and give their sum."""', "docstring (line 9)"),
        ('    """Add."""\n', "", "docstring (line 9)"),
        ("def hot(words):", "def hot(words: list[str]) -> list[str]:", "type hints (line 13)"),
    ],
)
def test_what_was_not_asked_for_is_named_and_put_back(old, new, told):
    found = strip(BEFORE, WANTED.replace(old, new))

    assert found.text == WANTED
    assert told in [str(each) for each in found.unasked]


def test_several_are_named_from_first_to_last():
    noisy = WANTED.replace("return x+y", "return x + y").replace("import re", "import  re")

    found = strip(BEFORE, noisy)

    assert found.text == WANTED and [each.first for each in found.unasked] == [3, 10]


def test_hints_that_running_code_reads_are_no_noise():
    before, after = "class A:\n    x = 1\n", "class A:\n    x: int = 1\n"

    assert strip(before, after) == Stripped(after)


@pytest.mark.parametrize("odd", ["def f(:\n", BEFORE])
def test_what_cannot_be_compared_stays_as_it_is(odd):
    assert strip(BEFORE, odd) == Stripped(odd)


def test_what_there_is_no_time_for_stays_as_it_is_and_is_said():
    noisy = WANTED.replace("return x+y", "return x + y").replace("import re", "import  re")
    half = strip(BEFORE, noisy, most=3 * len(BEFORE.split("\n")))

    assert half == Stripped(noisy.replace("x + y", "x+y"), half.unasked, unseen=True) and len(half.unasked) == 1
    for long in ("x = 1\n" * (MOST_LINES + 1), f"x = '{'x' * 100 * MOST_LINES}'\n"):
        assert strip(BEFORE, long).unseen and strip(long, BEFORE) == Stripped(BEFORE, unseen=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(BEFORE.split("\n")), max_size=12), st.lists(st.sampled_from(WANTED.split("\n")), max_size=12))
def test_what_is_left_means_the_same(one, other):
    before, after = "\n".join(one), "\n".join(other)

    stripped = strip(before, after).text

    assert stripped == after or shape(stripped) == shape(after)
