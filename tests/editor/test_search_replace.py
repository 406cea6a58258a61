"""Search and replace: found exactly, but for invisible differences, or but for indentation; otherwise refused with advice."""

from itertools import takewhile

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.editor.applier import Refused, apply
from bot.editor.edits import FileEdit, Replace, digest

lines = st.lists(st.sampled_from(["a = 1", "b = [2]", "    c = a", "", "# note", "d = 'é'", "  x"]), min_size=1, max_size=8)


def edited(content, *requests):
    """The new content, or the codes of the refusals."""
    answer = apply(requests, {"notes.txt": content}.get)
    if isinstance(answer, Refused):
        return [refusal.code for refusal in answer.refusals]
    (edit,) = answer
    assert edit.before_hash == digest(content)
    return edit.new_content


def replace(old, new, count=1):
    return Replace("notes.txt", old, new, count)


def refused(content, *requests):
    answer = apply(requests, {"notes.txt": content}.get)
    assert isinstance(answer, Refused)
    return str(answer)


def alike(one, other):
    """How many elements two lists have in common at their start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def test_a_unique_quote_is_replaced_exactly():
    assert edited(b"one two\nthree\n", replace("two\nthr", "2\n3")) == b"one 2\n3ee\n"


def test_windows_line_ends_are_matched_and_kept():
    assert edited(b"one\r\ntwo\r\nthree\r\n", replace("one\ntwo", "1\n2")) == b"1\r\n2\r\nthree\r\n"


def test_lines_that_were_not_touched_keep_their_own_line_ends():
    assert edited(b"one\ntwo\r\nthree\r\nfour\n", replace("two", "2\nand")) == b"one\n2\nand\r\nthree\r\nfour\n"


def test_trailing_blanks_and_typographic_quotes_do_not_hinder():
    assert edited(b'say("hi")   \nend\n', replace("say(“hi”)\nend", "done")) == b"done\n"


def test_a_byte_order_mark_stays():
    assert edited(b"\xef\xbb\xbfone\n", replace("one", "two")) == b"\xef\xbb\xbftwo\n"


def test_a_uniform_shift_of_indentation_is_carried_over():
    content = b"class A:\n    def f(self):\n        if x:\n            y()\n"

    assert edited(content, replace("if x:\n    y()\n", "while x:\n\n    z()\n")) == (
        b"class A:\n    def f(self):\n        while x:\n\n            z()\n"
    )


def test_too_much_indentation_is_taken_back():
    assert edited(b"if x:\n    y()\n", replace("    if x:\n        y()\n", "    if z:\n        y()\n")) == b"if z:\n    y()\n"


def test_indentation_that_differs_from_line_to_line_is_refused():
    assert edited(b"    if x:\n        y()\n", replace("if x:\n  y()\n", "pass\n")) == ["no-match"]


def test_two_places_are_refused_with_their_lines():
    message = refused(b"x = 1\ny = 2\nx = 1\n", replace("x = 1", "x = 3"))

    assert "lines 1, 3" in message and "expected_count to 2" in message


def test_overlapping_places_are_ambiguous_too():
    assert edited(b"aaa", replace("aa", "b")) == ["many-matches"]


def test_as_many_places_as_expected_are_all_replaced():
    assert edited(b"x = 1\ny = 2\nx = 1\n", replace("x = 1", "x = 3", 2)) == b"x = 3\ny = 2\nx = 3\n"


def test_fewer_places_than_expected_change_nothing():
    assert edited(b"x = 1\n", replace("x = 1", "x = 3", 2)) == ["no-match"]


def test_normalised_matches_are_never_taken_in_bulk():
    assert edited(b"x = 1 \ny\nx = 1 \ny\n", replace("x = 1\ny", "z")) == ["many-matches"]


def test_one_wrong_token_is_refused_and_the_nearest_place_is_shown():
    content = "\n".join(f"line {number}" for number in range(1, 60)).encode()

    message = refused(content, replace("line 30\nline 31\nline 3Z\nline 33", "gone"))

    assert "   30 | line 30" in message and "   32 | line 32" in message and "line 10" not in message


def test_likeness_alone_never_edits():
    assert edited(b"total = total + value\n", replace("total = total - value", "x")) == ["no-match"]


def test_a_change_that_was_made_already_is_told():
    assert "already" in refused(b"x = 2\n", replace("x = 1", "x = 2"))


@pytest.mark.parametrize("old", [" ", "\n\n", "\t"])
def test_white_space_alone_is_no_quote(old):
    assert edited(b"a\n\n\tb \n", replace(old, "x")) == ["no-match"]


def test_an_edit_that_changes_nothing_is_refused():
    assert edited(b"x\n", replace("x", "x")) == ["unchanged"]


def test_what_is_no_text_is_refused():
    assert edited(b"\xff\xfe\x00x", replace("x", "y")) == ["encoding"]


def test_an_empty_quote_creates_a_file_and_only_that():
    created = apply([Replace("new.py", "", "x = 1\n")], {}.get)

    assert created == (FileEdit("new.py", None, b"x = 1\n"),)
    assert edited(b"x\n", replace("", "y")) == ["exists"]


def test_a_missing_file_is_not_edited():
    answer = apply([Replace("gone.py", "x", "y")], {}.get)

    assert isinstance(answer, Refused) and answer.refusals[0].code == "missing"


@given(before=lines, after=lines, new=st.sampled_from(["q = 9", "q = 9\nr = 8", "  q"]), old=st.sampled_from(["%%", "%%\n%%"]))
@settings(max_examples=50, deadline=None)
def test_an_edit_and_its_inverse_cancel(before, after, new, old):
    content = "\n".join([*before, old, *after]).encode()

    there = edited(content, replace(old, new))

    assert isinstance(there, bytes)
    back = edited(there, replace(new, old))
    assume(isinstance(back, bytes))  # `new` may stand elsewhere too
    assert back == content


@given(text=lines, quote=lines, new=lines, ending=st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=50, deadline=None)
def test_lines_outside_the_quote_survive_any_edit(text, quote, new, ending):
    content = ending.join(text).encode()

    after = edited(content, replace("\n".join(quote), "\n".join(new)))

    if isinstance(after, bytes):
        now = after.decode().split(ending)
        assert alike(text, now) + alike(text[::-1], now[::-1]) >= len(text) - len(quote)


def test_a_quote_that_stands_everywhere_is_refused_without_counting_on():
    assert "1000 or more places" in refused(b"a" * 1_000_000, replace("a" * 500, "b"))


@pytest.mark.parametrize("encoding", ["latin-1", "iso-8859-15", "cp1252"])
def test_a_declared_encoding_is_kept(encoding):
    before = f"# -*- coding: {encoding} -*-\nNAME = 'Jos\u00e9'\nx = 1\n".encode(encoding)

    after = edited(before, replace("x = 1", "x = '\u00fc'"))

    assert after == before.replace(b"x = 1", "x = '\u00fc'".encode(encoding))


def test_a_letter_that_the_encoding_lacks_is_refused():
    before = "# coding: latin-1\nNAME = 'Jos\u00e9'\nx = 1\n".encode("latin-1")

    assert edited(before, replace("x = 1", "x = '\u0142'")) == ["encoding"]


@pytest.mark.parametrize("declared", ["rot13", "utf-7", "idna", "unicode_escape", "undefined", "no-such-thing", "utf-16"])
def test_other_declarations_are_not_followed(declared):
    assert edited(f"# coding: {declared}\nx = 1 # ".encode() + b"\xe9\n", replace("x = 1", "x = 2")) == ["encoding"]
