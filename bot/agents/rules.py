"""What every change of an agent that edits a tree has to keep, whether it was submitted or only seen on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from bot.agents.avoided import avoided
from bot.agents.contract import Attempt, Task
from bot.agents.novelty import repeated
from bot.editor.document import Document
from bot.editor.unasked import Stripped, strip

Files = Mapping[str, bytes | None]
WITHOUT_DRAFT = ("refused", "aborted")  # endings of which nothing is kept


@dataclass(frozen=True, slots=True)
class Rules:
    """One task's. `before` is always the tree as the agent found it, `changed` what it made of some files."""

    avoid: Sequence[str] = ()  # words of reviewers that no change may use
    tried: Sequence[Attempt] = ()  # that nothing is proposed twice
    parent: Files = field(default_factory=dict)  # what the tree had from the start, against the base
    tidy: bool = True  # take out layout, comments and hints that were changed beside the code

    @classmethod
    def of(cls, task: Task) -> Self:
        """Where reviewers remarked something, they may have asked for a comment or a hint."""
        return cls(task.lessons.avoid, task.tried, task.parent, tidy=not task.lessons.remarks)

    def asked_for(self, before: Files, changed: Files) -> Files:
        """The change without what nobody asked for."""
        kept = {path: self.tidied(before.get(path), content)[0] for path, content in changed.items()}
        return {path: content for path, content in kept.items() if path not in before or content != before[path]}

    def tidied(self, before: bytes | None, after: bytes | None) -> tuple[bytes | None, Stripped]:
        """A file's new content without what was not asked for, and what that was."""
        old, new = (Document.decode(content or b"") for content in (before, after))
        if not self.tidy or before is None or after is None or old is None or new is None:
            return after, Stripped("")
        found = strip(old.text, new.text)
        return (new.encode(found.text) if found.unasked else after), found

    def objection(self, before: Files, changed: Files) -> str | None:
        """What speaks against the changes at first sight: what reviewers asked for, or that they were there before."""
        return avoided(before, changed, self.avoid) or repeated(before, changed, self.tried, self.parent)
