"""The model's hands: each tool on the tree, and nothing else of the machine."""

import difflib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.agents.native import calls
from bot.agents.native.avoided import avoided
from bot.agents.native.changes import Snapshot, changes
from bot.agents.native.commands import Commands
from bot.agents.native.foreign import fenced, shortened
from bot.agents.native.observation import Observation, Submission
from bot.editor.applier import LARGEST, Refused
from bot.editor.document import Document
from bot.editor.edits import FileEdit, Replace
from bot.editor.nearest import numbered
from bot.editor.tree import Tree
from sandbox.spec import SandboxError

_LISTED = 200
_SHOWN = 40_000  # characters of one view
_DIFF = 20_000

Evaluate = Callable[[Mapping[str, bytes | None]], str]


@dataclass(frozen=True, slots=True)
class Workbench:
    """One attempt's tree and what may be done with it. Without a sandbox there is no `run`, without a judge no `evaluate`."""

    tree: Tree
    before: Snapshot
    commands: Commands | None = None
    evaluate: Evaluate | None = None
    avoid: tuple[str, ...] = ()  # words of reviewers that no change may use
    originals: dict[str, bytes | None] = field(default_factory=dict)  # of the files that were edited

    @property
    def offered(self) -> list[str]:
        """Names of the tools that work here."""
        missing = {"run": self.commands is None, "evaluate": self.evaluate is None}
        return [name for name in calls.TOOLS if not missing.get(name)]

    def changes(self) -> Mapping[str, bytes | None]:
        """What differs from the base by now."""
        return changes(self.tree, self.before)

    def objection(self, changed: Mapping[str, bytes | None]) -> str | None:
        """What reviewers would hold against the changes at first sight."""
        return avoided(self.originals, changed, self.avoid)

    def use(self, call: calls.Call, seconds: float) -> Observation:
        """Do what the model asked for; nothing takes longer than `seconds`."""
        match call:
            case calls.View():
                return self._view(call)
            case calls.Edit():
                return self._edit(call)
            case calls.Run() if self.commands:
                return self.commands.run(self.tree.root, call.command, min(call.seconds, max(1.0, seconds)))
            case calls.Evaluate() if self.evaluate:
                return self._evaluate(self.evaluate)
            case calls.Submit():
                return self._submit(call)
        return Observation("this tool does not work here", failed=True)

    def _view(self, call: calls.View) -> Observation:
        place = self.tree.root if call.path == "." else self.tree.find(call.path)
        if place is not None and place.is_dir():
            return self._list(place)
        content = self.tree.read(call.path)
        if content is None:
            return Observation(f"there is no file `{call.path}`; view a folder to see what there is", failed=True)
        text = content.decode("utf-8", "replace")
        total = text.count("\n") + (not text.endswith("\n"))
        if call.start > total:
            return Observation(f"{call.path} has only {total} lines", failed=True)
        last = min(total, call.start + call.lines - 1)
        shown = fenced(shortened(numbered(text, call.start, last), _SHOWN), "repository")
        cut = f" (of a larger file: only its first {LARGEST} bytes are read)" if len(content) > LARGEST else ""
        return Observation(f"{call.path}, lines {call.start} to {last} of {total}{cut}\n{shown}")

    def _list(self, folder: Path) -> Observation:
        names = (f"{each.name}/" if each.is_dir() else each.name for each in sorted(folder.iterdir()) if each.name != ".git")
        shown = list(itertools.islice(names, _LISTED + 1))
        more = "\n[... more entries are left out ...]" if len(shown) > _LISTED else ""
        return Observation(fenced("\n".join(shown[:_LISTED]), "repository") + more)

    def _edit(self, call: calls.Edit) -> Observation:
        before = self.tree.read(call.path)
        answer = self.tree.edit([Replace(call.path, call.old, call.new, call.expected_count)])
        if isinstance(answer, Refused):
            return Observation(f"Nothing was changed.\n{fenced(str(answer), 'editor')}", failed=True)
        self.originals.setdefault(call.path, before)
        return Observation(f"{call.path} was changed.", diff="".join(_diff(each, before) for each in answer))

    def _evaluate(self, evaluate: Evaluate) -> Observation:
        changed = self.changes()
        if not changed:
            return Observation("nothing is changed yet, so there is nothing to evaluate", failed=True)
        try:
            return Observation(fenced(shortened(evaluate(changed)), "judge"))
        except SandboxError as error:
            return Observation(f"the judge could not look at it: {error}", failed=True)

    def _submit(self, call: calls.Submit) -> Observation:
        changed = self.changes()
        if objection := self.objection(changed):
            return Observation(f"{objection}; do without it", failed=True)
        if not changed:
            return Observation(
                "nothing is changed, so there is nothing to submit; if no change helps, just say so and end", failed=True
            )
        return Observation("submitted", submission=Submission(" ".join(call.title.split()), call.rationale.strip()))


def _diff(edit: FileEdit, before: bytes | None) -> str:
    old, new = (Document.decode(content or b"") for content in (before, edit.new_content))
    if old is None or new is None:
        return f"{edit.path}: not text\n"
    lines = difflib.unified_diff(
        old.text.splitlines(keepends=True), new.text.splitlines(keepends=True), f"a/{edit.path}", f"b/{edit.path}"
    )
    return shortened("".join(line if line.endswith("\n") else f"{line}\n" for line in lines), _DIFF)
