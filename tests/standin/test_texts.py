"""The pure parts: quick actions, diffs, Rails' parameters, remote times."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from pilot.gitlab.diffs import FileDiff, pair
from pilot.gitlab.moments import hook_time, iso
from pilot.gitlab.quick_actions import extract
from pilot.gitlab.wire import Request, UploadedFile, fields, nest

DIFF = "@@ -1,3 +1,3 @@\n same\n-old\n+new\n last\n"
FILE = FileDiff("a.py", "a.py", "100644", "100644", "M", DIFF)


def names(text: str) -> list[str]:
    return [action.name for action in extract(text).actions]


def test_known_commands_are_cut_out_and_others_stay() -> None:
    found = extract('/optimize a.py\n/label ~perf ~"needs review"\nplease\n/CLOSE')

    assert found.text == "/optimize a.py\nplease"
    assert [action.name for action in found.actions] == ["label", "close"]
    assert found.actions[0].labels() == ["perf", "needs review"]


def test_commands_inside_fences_quotes_and_lines_are_text() -> None:
    assert names("```\n/close\n```") == []
    assert names(">>>\n/close\n>>>") == []
    assert names("> /close\n- /close\nsee /close") == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="/abcl ose\n`>", max_size=60))
def test_what_is_left_holds_no_command(text: str) -> None:
    found = extract(text)

    assert not found.actions or names(found.text) == [] or "```" in text or ">>>" in text


def test_lines_of_a_diff_are_numbered_on_both_sides() -> None:
    assert [(line.kind, line.old, line.new) for line in FILE.lines()] == [
        ("@", None, None),
        (" ", 1, 1),
        ("-", 2, None),
        ("+", None, 2),
        (" ", 3, 3),
    ]


def test_only_lines_of_the_diff_have_a_code() -> None:
    assert (FILE.line_code(None, 2) or "").endswith("_3_2")
    assert (FILE.line_code(3, 3) or "").endswith("_3_3")
    assert FILE.line_code(None, 3) is None
    assert FILE.line_code(2, 2) is None


def test_names_come_from_the_raw_listing_and_text_from_the_patch() -> None:
    raw = ":100644 100644 aaa bbb R090\0old name\0new name\0:000000 100644 000 ccc A\0b.bin\0"
    patch = (
        "diff --git a/old name b/new name\nsimilarity index 90%\n--- a/old name\n+++ b/new name\n@@ -1 +1 @@\n-a\n+b\n"
        "diff --git a/b.bin b/b.bin\nnew file mode 100644\nBinary files /dev/null and b/b.bin differ\n"
    )

    renamed, added = pair(raw, patch)

    assert (renamed.old_path, renamed.new_path, renamed.status, renamed.text) == (
        "old name",
        "new name",
        "R",
        "@@ -1 +1 @@\n-a\n+b\n",
    )
    assert (added.new_path, added.status, added.text) == ("b.bin", "A", "")


def test_brackets_nest() -> None:
    pairs = [("labels[]", "a"), ("labels[]", "b"), ("position[line_range][start]", "1"), ("body", "x")]

    assert nest(pairs) == {"labels": ["a", "b"], "position": {"line_range": {"start": "1"}}, "body": "x"}


def test_a_multipart_form_holds_files() -> None:
    head = b'Content-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png'
    body = b"--B\r\n" + head + b"\r\n\r\n\x89\r\n\xff\r\n--B--\r\n"
    request = Request("POST", "/", "x=1", {"content-type": "multipart/form-data; boundary=B"}, body, "127.0.0.1")

    assert fields(request) == {"x": "1", "file": UploadedFile("a.png", "image/png", b"\x89\r\n\xff")}


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=60),
    st.sampled_from(["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=B"]),
)
def test_a_body_of_garbage_is_no_parameters_and_no_crash(body: bytes, kind: str) -> None:
    assert isinstance(fields(Request("POST", "/", "", {"content-type": kind}, body, "")), dict)


def test_times_are_written_in_gitlabs_two_ways() -> None:
    moment = datetime(2026, 11, 5, 7, 8, 9, 12345, tzinfo=UTC)

    assert (iso(moment), hook_time(moment)) == ("2026-11-05T07:08:09.012Z", "2026-11-05 07:08:09 UTC")
