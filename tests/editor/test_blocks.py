"""Edits as text blocks, in both vocabularies."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editor.blocks import read_blocks
from bot.editor.edits import Replace
from bot.editor.refusal import Refusal


def test_both_vocabularies_are_read():
    text = (
        "I change two places.\n\nsrc/a.py\n<<<<<<< ORIGINAL\nx = 1\n=======\nx = 2\ny = 3\n>>>>>>> UPDATED\n\n"
        "`src/b.py`\n```python\n<<<<<<< SEARCH\nz\n=======\n>>>>>>> REPLACE\n```\nDone.\n"
    )

    assert read_blocks(text) == [Replace("src/a.py", "x = 1\n", "x = 2\ny = 3\n"), Replace("src/b.py", "z\n", "")]


def test_blocks_that_follow_each_other_share_the_path():
    text = "a.py\n<<<<<<< SEARCH\n1\n=======\n2\n>>>>>>> REPLACE\n<<<<<<< SEARCH\n3\n=======\n4\n>>>>>>> REPLACE\n"

    assert read_blocks(text) == [Replace("a.py", "1\n", "2\n"), Replace("a.py", "3\n", "4\n")]


def test_a_default_path_serves_blocks_without_one():
    assert read_blocks("<<<<<<< SEARCH\n1\n=======\n2\n>>>>>>> REPLACE", "a.py") == [Replace("a.py", "1\n", "2\n")]


def test_windows_line_ends_do_not_matter():
    assert read_blocks("a.py\r\n<<<<<<< SEARCH\r\n1\r\n=======\r\n2\r\n>>>>>>> REPLACE\r\n") == [Replace("a.py", "1\n", "2\n")]


def test_talk_without_blocks_is_no_edit():
    assert read_blocks("Nothing to do.\n=======\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< SEARCH\n1\n=======\n2\n>>>>>>> REPLACE",  # no path
        "a.py\n<<<<<<< SEARCH\n1\n=======\n2\n",  # cut off
        "a.py\n<<<<<<< SEARCH\n1\n>>>>>>> REPLACE\n",  # no middle
        "a.py\n<<<<<<< SEARCH\n1\n=======\n2\n>>>>>>> UPDATED\n",  # two vocabularies in one
        "a.py\n<<<<<<< SEARCH\n1\n<<<<<<< SEARCH\n=======\n2\n>>>>>>> REPLACE\n",  # one within the other
        "a.py\n<<<<<<< SEARCH\n1\n=======\n2\n=======\n3\n>>>>>>> REPLACE\n",  # where does the new text begin?
        "a.py\n>>>>>>> REPLACE\n",
    ],
)
def test_a_malformed_block_refuses_the_text(text):
    answer = read_blocks(text)

    assert isinstance(answer, Refusal) and answer.code == "blocks"


marks = st.sampled_from(["a.py", "<<<<<<< SEARCH", "<<<<<<< ORIGINAL", "=======", ">>>>>>> REPLACE", ">>>>>>> UPDATED", "x", ""])


@given(st.lists(marks, max_size=14))
@settings(max_examples=80, deadline=None)
def test_no_mark_ever_ends_up_in_a_file(lines):
    answer = read_blocks("\n".join(lines))

    edits = [] if isinstance(answer, Refusal) else answer
    assert not any("<<<<" in part or ">>>>" in part for edit in edits for part in (edit.old, edit.new))
