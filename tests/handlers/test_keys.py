"""The same thing has the same key, another thing another."""

import json
from pathlib import Path
from typing import Any

from handlers.commands import read
from handlers.events import parse
from handlers.keys import command_key, event_key

SAMPLES = Path(__file__).parent / "samples"


def key(name: str, **changes: Any) -> str | None:
    body = json.loads((SAMPLES / f"{name}.json").read_text())
    body["object_attributes"] |= changes
    return event_key(parse({}, json.dumps(body).encode()))


def command(text: str) -> Any:
    (only,) = read(text, bot="hasten")
    return only


def test_two_hooks_telling_the_same_share_a_key():
    assert key("note_issue") == key("note_issue", updated_at="2015-05-17T17:06:40Z")


def test_an_edit_is_another_event():
    assert key("note_issue") != key("note_issue", action="update", updated_at="2015-05-17 18:00:00 UTC")


def test_two_changes_within_one_second_are_two_events():
    assert key("note_issue", note="/optimize a") != key("note_issue", note="/optimize b")
    assert key("merge_request", oldrev="a") != key("merge_request", oldrev="b")


def test_kinds_with_the_same_id_do_not_collide():
    assert key("issue", id=99, updated_at=None) != key("merge_request", id=99, updated_at=None)


def test_an_emoji_and_its_removal_are_two_events():
    assert key("emoji_award_note_on_issue") != key("emoji_award_note_on_issue", action="revoke")


def test_what_we_ignore_needs_no_key():
    assert key("pipeline") is None


def test_a_command_keeps_its_key_however_it_is_spelt():
    one, same = command("/optimize src/a.py::f --rows 1k"), command("@hasten OPTIMIZE `src/a.py::f`  --rows=1000")

    assert command_key(1, "note", 7, one) == command_key(1, "note", 7, same)


def test_another_place_or_command_has_another_key():
    asked = command("/optimize src/a.py::f")
    keys = {
        command_key(1, "note", 7, asked),
        command_key(2, "note", 7, asked),
        command_key(1, "issue", 7, asked),
        command_key(1, "note", 8, asked),
        command_key(1, "note", 7, command("/optimize src/a.py::g")),
        command_key(1, "note", 7, command("/optimize retry")),
    }

    assert len(keys) == 6
