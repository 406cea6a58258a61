"""Issues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pilot.gitlab.noteables import Noteable


@dataclass(eq=False, slots=True)
class Issue(Noteable):
    """A work item of type issue; a confidential one is for its author and for Reporters and above."""

    kind: ClassVar[str] = "Issue"
    url_part: ClassVar[str] = "issues"
    mark: ClassVar[str] = "#"
