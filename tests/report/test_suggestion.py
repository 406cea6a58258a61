"""A suggestion replaces exactly the lines it names, or there is none."""

from hypothesis import given
from hypothesis import strategies as st

from bot.report.examples import FIRST
from bot.report.suggestion import MOST_LINES, render, suggestion

TEXTS = st.lists(st.sampled_from(["a", "b", "", "    c"]), min_size=1, max_size=12).map("\n".join)
BEFORE = "def f(x):\n    n = 0\n    for each in x:\n        n += each\n    return n\n"
AFTER = "def f(x):\n    return sum(x)\n"


def applied(before, found, line):
    """What GitLab makes of the file when somebody clicks."""
    lines = before.split("\n")
    return "\n".join([*lines[: line - 1 - found.above], *found.lines, *lines[line + found.below :]])


@given(TEXTS, TEXTS, st.integers(1, 12))
def test_applied_it_gives_the_new_file(before, after, line):
    found = suggestion(before, after, line)

    assert found is None or applied(before, found, line) == after
    assert (found is None) == (before == after or line > len(before.split("\n")))


def test_it_reaches_from_the_commented_line_to_the_change():
    found = suggestion(BEFORE, AFTER, 1)

    assert (found.above, found.below, found.lines) == (0, 4, ("def f(x):", "    return sum(x)"))


def test_what_is_far_away_or_long_is_none():
    far = "x = 1\n" * MOST_LINES

    assert suggestion(far + BEFORE, far + AFTER, 1) is None
    assert suggestion(BEFORE, far * 3, 2) is None


def test_lines_that_would_end_the_block_or_hide_something_are_never_suggested():
    assert suggestion(BEFORE, BEFORE.replace("n = 0", "n = 0  # ```"), 2) is None
    assert suggestion(BEFORE, BEFORE.replace("n = 0", "n = 0  # \u202e"), 2) is None
    assert suggestion(BEFORE, BEFORE.replace("n = 0", "n = 'glpat-0123456789abcdef'"), 2) is None


def test_the_answer_holds_the_result_the_lines_and_the_evidence():
    told = render(suggestion(BEFORE, AFTER, 3), FIRST, "f")

    assert "**`f` is 4.3× faster**" in told
    assert "```suggestion:-1+2\n    return sum(x)\n```" in told
    assert told.index("suggestion") < told.index("<details>")
