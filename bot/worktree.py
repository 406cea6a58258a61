"""One agent's tree while it works on it: how it differs from the base by now, by the same rules as what it will submit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.agents.changes import Snapshot, changes, snapshot
from bot.agents.contract import Task
from bot.agents.rules import Rules
from bot.editor.scope import Scope
from bot.editor.tree import Tree

Changes = Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class Worktree:
    """An agent's tree beside the base that it came from."""

    tree: Tree
    base: Tree
    hashes: Snapshot  # of the base
    rules: Rules

    @classmethod
    def of(cls, task: Task, tree: Path, base: Path) -> Self:
        """A task's tree; what it had from the start is the task's parent."""
        scope = Scope(task.editable, task.fenced)
        return cls(Tree(tree, scope), Tree(base, scope), snapshot(Tree(base, scope)), Rules.of(task))

    def changes(self) -> Changes:
        """Against the base, less what nobody asked for."""
        changed = changes(self.tree, self.hashes)
        own = self._own(changed)
        dropped = own.keys() - (kept := self.rules.asked_for(self._before(own), own)).keys()
        found = {**changed, **kept, **{path: self._found(path) for path in dropped}}
        return {path: content for path, content in found.items() if content != self.base.read(path)}

    def objection(self, changed: Changes) -> str | None:
        """Why this state is no candidate."""
        own = self._own(changed)
        return self.rules.objection(self._before(own), own)

    def _own(self, changed: Changes) -> Changes:
        """What the agent itself did."""
        return {path: content for path, content in changed.items() if content != self._found(path)}

    def _before(self, paths: Changes) -> Changes:
        return {path: self._found(path) for path in paths}

    def _found(self, path: str) -> bytes | None:
        """A file as the agent found it."""
        parent = self.rules.parent
        return parent[path] if path in parent else self.base.read(path)
