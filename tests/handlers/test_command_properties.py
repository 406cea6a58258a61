"""Whatever people paste: reading it never raises, and never finds an order in a quote or in code."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.commands import Mistake, Optimize, canonical, mentioned, praises, read

SCRAPS = st.sampled_from(
    [
        *(
            "/optimize ",
            "@hasten ",
            "optimize ",
            "retry",
            "avoid ",
            "forget 3",
            "reword 3 ",
            "src/a.py::f ",
            "--rows ",
            "--budget ",
            "20m/$5",
            "::",
            ".py",
        ),
        *("```", "~~~", "`", "``", ">>>", "> ", "- ", "    ", "\t", "# ", "===", "---", "|", "*", "**", "_", "~~", "\\", "\\\n"),
        *("<!--", "-->", "<details>", "</details>", "<pre>", "</pre>", "<a", "&amp;", "[a](", ")", "](", "![", "/", '"'),
        *("On x wrote:", "-- ", "From: a", "Sent: b", "a", "é", "\0", "\u2028", "\ud7ff"),
    ]
)
NOTES = st.lists(SCRAPS | st.just("\n") | st.just("\n") | st.just("\n/optimize x") | st.text(max_size=4), max_size=25).map(
    "".join
)
PLAIN = st.lists(
    SCRAPS.filter(lambda scrap: "`" not in scrap and "~" not in scrap) | st.text("ab /:.-\n", max_size=9), max_size=12
).map("".join)


def never_raises(note: str) -> None:
    for meaning in read(note, bot="hasten"):
        assert canonical(meaning) if not isinstance(meaning, Mistake) else meaning.advice
    assert all("::" in target for target in mentioned(note)) and praises(note) in (True, False)


def never_fires_from_code(inner: str) -> None:
    lines = inner.replace("\r", "\n").split("\n")

    assert read("```\n" + "\n".join([*lines, "/optimize x"]) + "\n```", bot="hasten") == []
    assert read("\n".join("> " + line for line in [*lines, "", "/optimize x"]), bot="hasten") == []
    assert read("\n".join("    " + line for line in ["code", *lines, "/optimize x"]), bot="hasten") == []


@settings(max_examples=60, deadline=None)
@given(NOTES)
def test_reading_never_raises(note):
    never_raises(note)


@settings(max_examples=60, deadline=None)
@given(PLAIN)
def test_no_order_comes_from_code_or_quotes(inner):
    never_fires_from_code(inner)


@settings(max_examples=60, deadline=None)
@given(NOTES)
def test_an_order_stands_at_the_start_of_a_line_or_is_none(note):
    said = any(line.lower().startswith(("/opt", "@hasten")) for line in note.replace("\r", "\n").split("\n"))

    assert said or not [found for found in read(note, bot="hasten") if isinstance(found, Optimize)]


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(NOTES)
def test_reading_never_raises_in_ten_thousand_notes(note):
    never_raises(note)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(PLAIN)
def test_no_order_comes_from_code_or_quotes_in_ten_thousand_notes(inner):
    never_fires_from_code(inner)
