"""When a tree is judged while an agent works on it."""

import pytest

from bot.selection.trigger import Trigger, Watch

EDIT, RUN, VIEW, STEP = ("tool_result", "edit"), ("tool_result", "run"), ("tool_result", "view"), ("step", "")


def judged(trigger, events):
    """Which trees were judged of (event, hash of the tree after it)."""
    watch = Watch(Trigger.parse(trigger), {"base"})
    return [tree for (kind, tool), tree in events if watch.due(kind, tool, lambda tree=tree: tree)]


def test_on_every_change_an_edit_by_a_shell_command_counts_too():
    assert judged("change", [(EDIT, "a"), (RUN, "b"), (("file_changed", ""), "c")]) == ["a", "b", "c"]


def test_the_same_tree_is_judged_once_also_when_it_comes_back():
    assert judged("change", [(EDIT, "a"), (RUN, "a"), (EDIT, "b"), (EDIT, "a"), (EDIT, "base")]) == ["a", "b"]


def test_looking_at_files_does_not_even_ask_for_the_hash():
    def never():
        raise AssertionError("nobody needs to know")

    watch = Watch(Trigger.parse("change"))

    assert not any(watch.due("tool_result", tool, never) for tool in ("view", "search", "profile", "evaluate", "submit"))
    assert not Watch(Trigger.parse("agent")).due("tool_result", "edit", never)


def test_every_three_steps_whatever_happens_within_them():
    events = [(STEP, "base"), (EDIT, "a"), (STEP, "a"), (EDIT, "b"), (STEP, "b"), (EDIT, "c"), (STEP, "c"), (EDIT, "d")]

    assert judged("every:3", events) == ["c"]


def test_only_the_agent_decides():
    assert judged("agent", [(EDIT, "a"), (STEP, "a"), (RUN, "b")]) == []


@pytest.mark.parametrize("text", ["", "every", "every:0", "every:x", "changes", "agent:1"])
def test_what_is_no_trigger_is_refused_with_advice(text):
    with pytest.raises(ValueError, match="every:3"):
        Trigger.parse(text)
