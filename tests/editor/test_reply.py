"""A reply with several edits: located in the text as it was, applied all together or not at all."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editor.applier import Refused, apply
from bot.editor.edits import Replace, Symbol, Whole

FILES = {"a.py": b"x = 1\ny = 2\n", "b.py": b"def f():\n    return 1\n"}


def contents(answer):
    return {edit.path: edit.new_content for edit in answer}


def codes(answer):
    assert isinstance(answer, Refused)
    return [refusal.code for refusal in answer.refusals]


def test_edits_of_several_files_are_all_made():
    answer = apply([Replace("a.py", "x = 1", "x = 3"), Symbol("b.py", "f", "def f():\n    return 2")], FILES.get)

    assert contents(answer) == {"a.py": b"x = 3\ny = 2\n", "b.py": b"def f():\n    return 2\n"}


def test_one_refusal_refuses_the_reply():
    answer = apply([Replace("a.py", "x = 1", "x = 3"), Replace("b.py", "return 7", "return 2")], FILES.get)

    assert codes(answer) == ["no-match"]


def test_every_refusal_is_reported():
    answer = apply([Replace("a.py", "nothing", ""), Replace("a.py", "nowhere", ""), Replace("c.py", "x", "y")], FILES.get)

    assert codes(answer) == ["no-match", "no-match", "missing"]


def test_an_edit_never_hits_what_another_edit_wrote():
    answer = apply([Replace("a.py", "x = 1", "y = 2"), Replace("a.py", "y = 2", "z = 3")], FILES.get)

    assert contents(answer) == {"a.py": b"y = 2\nz = 3\n"}


def test_overlapping_edits_are_refused():
    answer = apply([Replace("a.py", "x = 1\ny", "q"), Replace("a.py", "y = 2", "z")], FILES.get)

    assert codes(answer) == ["conflict"]


def test_a_whole_file_and_an_edit_of_it_are_refused():
    answer = apply([Whole("a.py", "x = 1\ny = 3\n"), Replace("a.py", "x", "z")], FILES.get)

    assert codes(answer) == ["conflict"]


def test_a_new_syntax_error_is_refused_and_shown():
    answer = apply([Replace("a.py", "y = 2", "y = (2")], FILES.get)

    assert codes(answer) == ["syntax"] and "    2 | y = (2" in str(answer)


def test_a_file_that_never_parsed_may_be_edited():
    answer = apply([Replace("old.py", "print 1", "print 2")], {"old.py": b"print 1\n"}.get)

    assert contents(answer) == {"old.py": b"print 2\n"}


def test_source_that_overwhelms_the_parser_is_a_syntax_error():
    answer = apply([Replace("a.py", "y = 2", "y = " + "-" * 200_000 + "1")], FILES.get)

    assert codes(answer) == ["syntax"]


def test_a_placeholder_is_no_code():
    answer = apply([Replace("b.py", "    return 1", "    # ... existing code ...\n    return 2")], FILES.get)

    assert codes(answer) == ["elision"]


def test_an_ordinary_comment_is_no_placeholder():
    answer = apply([Replace("b.py", "    return 1", "    # the remaining rows are sorted already\n    return 2")], FILES.get)

    assert not isinstance(answer, Refused)


pieces = st.sampled_from(["x = 1", "y = 2", "x", "= ", "nothing", "x = 1\ny = 2"])


@given(quotes=st.lists(st.tuples(pieces, pieces), min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_edits_come_out_the_same_in_any_order(quotes):
    requests = [Replace("a.txt", old, new) for old, new in quotes]
    files = {"a.txt": FILES["a.py"]}

    one, other = apply(requests, files.get), apply(requests[::-1], files.get)

    assert isinstance(one, Refused) == isinstance(other, Refused)
    assert isinstance(one, Refused) or one == other


def test_half_a_character_is_never_written():
    assert codes(apply([Replace("a.py", "y = 2", "y = '\ud800'")], FILES.get)) == ["encoding"]
    assert codes(apply([Whole("new.txt", "\udfff")], FILES.get)) == ["encoding"]
