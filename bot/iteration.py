"""What the steps of one iteration hand on to each other: names and digests that find everything again after a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.agents.contract import Lessons


@dataclass(frozen=True, slots=True)
class Iteration:
    """One pass of a run that ends in evidence, as a storable value."""

    project: str  # names the mirror, the environments and the workspaces
    run: str  # the run's id: that of its first iteration
    id: str  # its workflow's id
    sha: str  # the base: what every candidate is measured against
    target: str  # "" until localization has chosen one
    config: str = ""  # blob: the text of .hasten.yml; "" where there is none
    baseline: str = ""  # blob: what the judge found at the base
    profile: str = ""  # where the time goes, as text
    lessons: Lessons = Lessons()
    options: Mapping[str, Any] = field(default_factory=dict)  # what the command asked for
    among: tuple[str, ...] = ()  # where no target is named: the functions that it is about; all of them where this is empty
    ranked: tuple[tuple[str, float], ...] = ()  # what localization found: functions with their share of the time
    hint: str = ""  # what is slow, in a person's words (untrusted)
    start: str = ""  # commit that agents begin with where people have rewritten our lines; "": the base
