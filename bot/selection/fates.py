"""What became of each candidate, and why: derived from the archive once a search has ended. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.selection.archive import Archive, Entry
from bot.selection.plan import Plan
from bot.selection.policy import FINALISTS, finalists
from evaluation.scorecard import Outcome

Kind = Literal["won", "rejected", "unmeasured", "slow", "behind", "spared", "unconfirmed"]


@dataclass(frozen=True, slots=True)
class Fate:
    """One candidate's: from whom it came, why it was asked for, how it ended, with the figures that decided."""

    candidate: str
    parent: str | None
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)


def fates(archive: Archive, plan: Plan, confirmed: Sequence[str], winner: str | None) -> list[Fate]:
    """Of all candidates, in the order they were judged. `confirmed`: those that were measured again, in order."""
    ranked = archive.promising(plan.claim)
    return [_fate(entry, archive, plan, ranked, confirmed, winner) for entry in archive.entries]


def _fate(
    entry: Entry, archive: Archive, plan: Plan, ranked: Sequence[Entry], confirmed: Sequence[str], winner: str | None
) -> Fate:
    kind = _kind(entry, plan, archive, confirmed, winner)
    asked = next((pull.choice for pull in archive.pulls if entry in archive.found(pull)), None)
    data = {
        "lane": entry.lane,
        "asked": asked.why if asked else "",
        "hint": asked.arm.hint if asked else "",
        "edit": asked.arm.edit if asked else "",
        "ratio": entry.ratio,
        "rank": 1 + ranked.index(entry) if entry in ranked else None,
        "of": len(ranked),
        "finalists": FINALISTS,
        "ahead": _ahead(kind, confirmed, winner),
        "codes": list(entry.codes),
    }
    return Fate(entry.candidate, entry.parent, kind, data)


def _kind(entry: Entry, plan: Plan, archive: Archive, confirmed: Sequence[str], winner: str | None) -> Kind:
    if entry.candidate == winner:
        return "won"
    if entry.outcome is Outcome.REJECTED:
        return "rejected"
    if entry.ratio is None:
        return "unmeasured"
    if entry.gain <= 1 + plan.claim:
        return "slow"
    if entry.candidate in confirmed:
        return "unconfirmed"
    return "spared" if entry in finalists(archive, plan) else "behind"


def _ahead(kind: Kind, confirmed: Sequence[str], winner: str | None) -> str | None:
    """Who stands before it: the winner, or whoever was confirmed last."""
    if kind in ("spared", "behind"):
        return winner or (confirmed[-1] if confirmed else None)
    return None
