"""The native agent against a scripted model, through the real SDK: what it proposes, and how it ends."""

from tests.messages_server import thinking, tool
from tests.native.bench import NEW, OLD, RATIONALE, SLOW, stage


def test_an_edit_and_a_submission_become_a_draft(tmp_path):
    script = [
        thinking("a set would do", tool("view", path="src/pairs.py")),
        tool("edit", path="src/pairs.py", old=OLD, new=NEW),
        tool("submit", title="Look up members in a set", rationale=RATIONALE),
    ]
    with stage(tmp_path, script) as scene:
        ended = scene.propose()

    (draft,) = ended.drafts
    assert ended.reason == "completed"
    assert draft.title == "Look up members in a set" and draft.rationale == RATIONALE
    assert draft.files == {"src/pairs.py": SLOW.replace(OLD, NEW).encode()}
    assert [event.text for event in scene.kinds("reasoning")] == ["a set would do"]
