"""We find our own words again, and only our own."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report.marker import Marker, carries, find, section, section_text, stamp

KEY = b"one key"
MARK = Marker("merge-request", 7, "optimize-1", "a/b c")
PEOPLE = st.text(alphabet=st.sampled_from("ab \n<>!-#/*"), max_size=60)


def test_a_marker_is_found_again():
    assert find(f"Hello\n\n{stamp(MARK, KEY)}\n", KEY) == [MARK]


def test_a_marker_is_hidden_from_readers():
    assert stamp(MARK, KEY).startswith("<!--")
    assert stamp(MARK, KEY).endswith("-->")


def test_what_somebody_else_signed_is_not_ours():
    assert find(stamp(MARK, b"another key"), KEY) == []


def test_a_changed_marker_is_not_ours():
    forged = stamp(MARK, KEY).replace("/7/", "/8/")

    assert forged != stamp(MARK, KEY)
    assert find(forged, KEY) == []


def test_another_run_does_not_carry_this_marker():
    assert carries(stamp(MARK, KEY), MARK, KEY)
    assert not carries(stamp(Marker("merge-request", 7, "optimize-2", "a/b c"), KEY), MARK, KEY)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=20), st.integers(0, 2**40), st.text(max_size=20), st.text(max_size=20))
def test_any_fields_survive(kind, project, run, detail):
    marker = Marker(kind or "k", project, run, detail)

    assert find(f"x {stamp(marker, KEY)} y", KEY) == [marker]


@settings(max_examples=40, deadline=None)
@given(PEOPLE, PEOPLE)
def test_what_people_wrote_around_our_part_stays(before, after):
    ours = section("", MARK, "old", KEY).strip()

    rewritten = section(before + ours + after, MARK, "new", KEY)

    assert rewritten == before + section("", MARK, "new", KEY).strip() + after
    assert section_text(rewritten, MARK, KEY) == "new"


@settings(max_examples=40, deadline=None)
@given(PEOPLE, st.text(alphabet="ab\n|", max_size=30))
def test_writing_twice_changes_nothing(people, ours):
    once = section(people, MARK, ours, KEY)

    assert section(once, MARK, ours, KEY) == once


def test_our_part_is_appended_where_people_removed_it():
    assert section("Only people's words.", MARK, "new", KEY).startswith("Only people's words.\n\n<!--")
    assert section_text("Only people's words.", MARK, KEY) is None


def test_half_a_part_never_swallows_what_people_wrote_below():
    whole = section("above", MARK, "old", KEY)
    begin = next(line for line in whole.splitlines() if "section-begin" in line)
    broken = f"above\n{begin}\nbelow, by people"

    rewritten = section(section(broken, MARK, "new", KEY), MARK, "newer", KEY)

    assert "below, by people" in rewritten
    assert section_text(rewritten, MARK, KEY) == "newer"
    assert rewritten.count("section-begin") == 1


def test_two_parts_live_side_by_side():
    other = Marker("chart", 7, "optimize-1")
    text = section(section("", MARK, "one", KEY), other, "two", KEY)

    assert (section_text(text, MARK, KEY), section_text(text, other, KEY)) == ("one", "two")


def test_line_ends_of_another_kind_do_not_hide_our_part():
    text = section("above", MARK, "old", KEY).replace("\n", "\r\n")

    assert section_text(section(text, MARK, "new", KEY), MARK, KEY) == "new"
    assert section(text, MARK, "new", KEY).startswith("above\r\n")
