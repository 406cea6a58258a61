"""From which candidates to go on: fast ones, and ones from which little was tried yet. Pure.

The fastest candidate may be a dead end. Each attempt from it that brought nothing lowers the hope that is set on it and on
candidates as fast as it, which are likely the same idea. The base is a candidate to go on from like all others.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.selection.archive import CLOSE, Archive, Entry

HOPE = 0.5  # the further gain (as log) expected of what nobody has tried to improve; chosen by simulation, docs/decisions/0005


@dataclass(frozen=True, slots=True)
class Idea:
    """A place to go on from: the fastest of the candidates that look alike, or the base."""

    candidate: str | None
    gain: float
    steps: tuple[float, ...] = ()  # what attempts from here brought beyond it, as log

    @property
    def promise(self) -> float:
        """How fast it is, as log, and how much further an attempt from it may get."""
        return math.log(self.gain) + (HOPE + sum(self.steps)) / (1 + len(self.steps))

    def once_more(self) -> "Idea":
        """As if another attempt from here had brought as little as they may."""
        return Idea(self.candidate, self.gain, (*self.steps, 0.0))


def ideas(archive: Archive, claim: float) -> list[Idea]:
    """The base, and what was found that is worth something, the fastest first; what looks alike only once."""
    groups: list[list[Entry]] = []
    for entry in archive.promising(claim):
        if groups and _alike(groups[-1][0].gain, entry.gain):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    found = [
        Idea(group[0].candidate, group[0].gain, _steps({entry.candidate for entry in group}, group[0].gain, archive))
        for group in groups
    ]
    return [*found, Idea(None, 1.0, _steps({None}, 1.0, archive))]


def pick(archive: Archive, claim: float, lanes: int) -> list[str | None]:
    """Where agents that work abreast should go on from: the most promising first, each attempt lowering the hope in it."""
    places, picked = ideas(archive, claim), []
    for _ in range(lanes):
        best = max(places, key=lambda idea: (idea.promise, -places.index(idea)))
        picked.append(best.candidate)
        places[places.index(best)] = best.once_more()
    return picked


def _steps(group: Collection[str | None], gain: float, archive: Archive) -> tuple[float, ...]:
    """What each attempt from these brought: nothing where it only found again what had been found before."""
    return tuple(
        0.0 if _known(child, archive.entries[:at]) else max(0.0, math.log(child.gain / gain))
        for at, child in enumerate(archive.entries)
        if child.parent in group
    )


def _known(child: Entry, earlier: Sequence[Entry]) -> bool:
    return any(_alike(child.gain, other.gain) for other in earlier)


def _alike(one: float, other: float) -> bool:
    return max(one, other) < min(one, other) * CLOSE
